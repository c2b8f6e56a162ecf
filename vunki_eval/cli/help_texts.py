"""Shape the help: verbs in the order of the work, whole sentences, names a person understands."""

from typing import Any

from typer.core import TyperGroup

from vunki_eval.errors import VERBS, as_called

METAVARS = {
    "event": "ID", "language": "LANGUAGE", "formats": "FORMAT", "file_format": "FORMAT", "project": "FOLDER",
    "output": "FOLDER", "wave": "WAVE", "to": "FORM", "link": "WAVE=ADDRESS", "start": "DAY", "end": "DAY",
    "jobs": "N", "tokens": "N", "people": "N", "port": "N", "every": "SECONDS", "response": "SHARE",
    "linking": "SHARE", "participants": "FILE", "table": "FILE", "workbook": "FILE", "figure": "FILE",
    "cluster": "ADDRESS", "through": "ADDRESS", "title": "TEXT", "applicant": "TEXT", "funder": "TEXT",
    "construct": "NAME", "engine": "NAME",
}  # fmt: skip


class Verbs(TyperGroup):
    """The program's verbs."""

    def list_commands(self, ctx: Any) -> list[str]:
        """List the verbs in the order in which they are needed."""
        return sorted(self.commands, key=VERBS.index)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a verb whose options say what they expect (a folder, a day, a number), its example as it is called."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            command.help = as_called(command.help or "")
        for option in getattr(command, "params", ()):
            if option.param_type_name == "option" and option.metavar is None and not getattr(option, "is_flag", False):
                option.metavar = METAVARS.get(option.name or "", "VALUE")
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the verbs with the whole first sentence of each."""
        verbs = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.get_short_help_str(limit=400)) for name, verb in verbs])
