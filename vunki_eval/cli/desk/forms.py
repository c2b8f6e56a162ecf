"""Write what ``vunki-eval questionnaire`` is asked for: forms, invitations and cards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from vunki_eval.errors import M_, MN_, Problem, UsageError
from vunki_eval.project.project import Project
from vunki_eval.publish.files import make_folder, write_whole
from vunki_eval.questionnaire import load_xlsform, write_questionnaires
from vunki_eval.questionnaire.invitations import Invitations, has_tokens, invite, table_path, with_tokens
from vunki_eval.questionnaire.printed import code_cards

CARDS = "code-cards"


@dataclass(frozen=True, slots=True)
class FormOptions:
    """The options of the command ``questionnaire``."""

    to: str = ""
    waves: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tokens: int = 0
    participants: Path | None = None
    links: tuple[str, ...] = ()
    table: Path | None = None
    code_card: bool = False
    output: Path | None = None
    workbook: Path | None = None
    event: str = ""


def write_forms(project: Project, options: FormOptions) -> Iterator[str]:
    """Write what the options ask for, and yield lines that say where it is and what comes next.

    Raises
    ------
    UsageError
        If the options ask for nothing, or for something that is unknown or cannot be written.
    """
    inviting = bool(options.tokens or options.participants or options.links)
    if not (options.to or inviting or options.code_card):
        hint = M_("Name a form (--to pdf), codes (--tokens 80) or cards (--code-card).")
        raise UsageError(Problem("", 0, "", M_("There is nothing to write."), hint, "VE-826"))
    if options.workbook is not None:
        project = replace(project, instrument=load_xlsform(options.workbook))
    folder = options.output or project.root / "questionnaires"
    invitations = _invited(project, options) if inviting or has_tokens(project.instrument) else None
    with_codes = project
    if inviting:
        with_codes = replace(project, instrument=with_tokens(project.instrument))
    if options.to:
        selection = {"waves": options.waves, "languages": options.languages}
        for path in write_questionnaires(with_codes, options.to, folder, **selection, event=options.event):
            yield str(path)
        if with_codes.instrument.roster is not None and not options.event and options.to != "toml":
            yield M_("The roster is left out: name the event whose list of codes it should use (--event).")
    if options.code_card:
        yield from _cards(with_codes, invitations, folder, options.languages)
    if inviting and invitations is not None:
        path = table_path(project, options.table)
        yield MN_(
            "{path}  ({n} code; private: it says whose code is whose)",
            "{path}  ({n} codes; private: it says whose code is whose)",
            len(invitations.rows),
            path=path,
        )
    if with_codes.instrument != project.instrument:
        [proposed] = write_questionnaires(with_codes, "toml", folder)
        yield str(proposed)
        yield M_(
            "Next: replace surveys/instrument.toml with this {file}, so that answers are\n"
            "linked by the invitation codes.",
            file=proposed.name,
        )


def _invited(project: Project, options: FormOptions) -> Invitations | None:
    """Give out codes, or read those that were given out; None when there are none yet."""
    path = table_path(project, options.table)
    if not (options.tokens or options.participants) and not path.exists():
        if options.links or options.code_card:
            hint = M_("Give out codes first: --tokens 80, or --participants list.csv.")
            raise UsageError(Problem("", 0, "", M_("No codes have been given out yet."), hint, "VE-827"))
        return None
    links = {wave: address for wave, _, address in (text.partition("=") for text in options.links)}
    return invite(path, options.tokens, options.participants, links, project.instrument.wave_keys)


def _cards(
    project: Project, invitations: Invitations | None, folder: Path, languages: tuple[str, ...]
) -> Iterator[str]:
    instrument = project.instrument
    if invitations is None and not any(i.role == "link" for i in instrument.items):
        problem = M_("The questionnaire does not ask for a code.")
        raise UsageError(Problem("", 0, "--code-card", problem, M_("Give out codes: --tokens 80."), "VE-827"))
    private = invitations is not None
    for language in languages or instrument.languages:
        path = folder / f"{CARDS}.{language}.pdf"
        pdf = code_cards(instrument, invitations.codes if invitations else (), language)
        make_folder(folder)
        write_whole(path, pdf, private=private)
        yield str(path)
