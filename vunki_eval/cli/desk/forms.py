"""What ``vunki-eval questionnaire`` does: forms, invitations and cards, in one go."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from vunki_eval.errors import Problem, UsageError
from vunki_eval.project.project import Project
from vunki_eval.questionnaire import load_xlsform, write_questionnaires
from vunki_eval.questionnaire.invitations import Invitations, has_tokens, invite, table_path, with_tokens
from vunki_eval.questionnaire.printed import code_cards

CARDS = "code-cards"


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted; see the options of the command."""

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


def write_forms(project: Project, order: Order) -> Iterator[str]:
    """Write what is wanted, and say line by line where it lies and what comes next.

    Raises
    ------
    UsageError
        If nothing is wanted, or something that is unknown or cannot be written.
    """
    inviting = bool(order.tokens or order.participants or order.links)
    if not (order.to or inviting or order.code_card):
        hint = "Name a form (--to pdf), codes (--tokens 80) or cards (--code-card)."
        raise UsageError(Problem("", 0, "", "Nothing is to be written.", hint, "VE-826"))
    if order.workbook is not None:
        project = replace(project, instrument=load_xlsform(order.workbook))
    folder = order.output or project.root / "questionnaires"
    invitations = _invited(project, order) if inviting or has_tokens(project.instrument) else None
    asked = project
    if inviting:
        asked = replace(project, instrument=with_tokens(project.instrument))
    if order.to:
        chosen = {"waves": order.waves, "languages": order.languages}
        for path in write_questionnaires(asked, order.to, folder, **chosen, event=order.event):
            yield str(path)
        if asked.instrument.roster is not None and not order.event and order.to != "toml":
            yield "The roster is left out: name the event whose list of codes it takes (--event)."
    if order.code_card:
        yield from _cards(asked, invitations, folder, order.languages)
    if inviting and invitations is not None:
        path = table_path(project, order.table)
        yield f"{path}  ({len(invitations.rows)} codes; private: it says whose code is whose)"
    if asked.instrument != project.instrument:
        [proposed] = write_questionnaires(asked, "toml", folder)
        yield str(proposed)
        yield f"Next: put {proposed.name} from there in the place of surveys/instrument.toml, so that answers are"
        yield "linked by the codes of the invitations."


def _invited(project: Project, order: Order) -> Invitations | None:
    """Give out codes, or read those that were given out; None when there are none yet."""
    path = table_path(project, order.table)
    if not (order.tokens or order.participants) and not path.exists():
        if order.links or order.code_card:
            hint = "Give out codes first: --tokens 80, or --participants list.csv."
            raise UsageError(Problem("", 0, "", "No codes have been given out yet.", hint, "VE-827"))
        return None
    links = {wave: address for wave, _, address in (text.partition("=") for text in order.links)}
    return invite(path, order.tokens, order.participants, links, project.instrument.wave_keys)


def _cards(
    project: Project, invitations: Invitations | None, folder: Path, languages: tuple[str, ...]
) -> Iterator[str]:
    instrument = project.instrument
    if invitations is None and not any(i.role == "link" for i in instrument.items):
        problem = "The questionnaire asks for no code."
        raise UsageError(Problem("", 0, "--code-card", problem, "Give out codes: --tokens 80.", "VE-827"))
    private = invitations is not None
    for language in languages or instrument.languages:
        path = folder / f"{CARDS}.{language}.pdf"
        made = code_cards(instrument, invitations.codes if invitations else (), language)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.touch(mode=0o600 if private else 0o666)
            path.write_bytes(made)
        except OSError as error:
            problem = f"The folder cannot be written: {error.strerror}."
            raise UsageError(Problem(folder.name, 0, "", problem, "Name another with --output.", "VE-106")) from None
        yield str(path)
