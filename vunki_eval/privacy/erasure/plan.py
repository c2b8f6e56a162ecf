"""Plan an erasure: what it would remove, and what it cannot reach."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vunki_eval.errors import M_, Problem, UsageError, VunkiError
from vunki_eval.privacy.erasure.invited import invited_lines
from vunki_eval.privacy.erasure.journal import finish
from vunki_eval.privacy.erasure.person import (
    ExportWithCodes,
    ResponseRow,
    lists_beside,
    one_person,
    read_codes,
    read_lists,
    same_code,
    similar_codes,
    typed_code,
    typed_twice,
)
from vunki_eval.project.file_names import composed
from vunki_eval.project.project import Event, Project
from vunki_eval.project.unfinished import UNDER_WAY
from vunki_eval.publish.store import open_store
from vunki_eval.survey.decisions import Decision, read_decisions
from vunki_eval.survey.study import load_study


@dataclass(frozen=True, slots=True)
class Erasure:
    """A person's responses.

    Attributes
    ----------
    places : tuple of ResponseRow
        The responses, with how each was found (``code``, ``link``, ``row``).
    similar : tuple of ResponseRow
        Responses that may be theirs, for a person to decide; they are left alone.
    problems : tuple of Problem
        What could not be searched.
    reads : tuple of ReadExport
        The exports with rows to remove.
    lists : tuple of str
        Participant lists of the events searched. They hold names but no codes, so a person's line must be named.
    invited : tuple of int
        Lines of the table of invitations that have the person's code.
    finished : bool
        Whether an erasure that had been interrupted was brought to its end first.
    """

    places: tuple[ResponseRow, ...]
    similar: tuple[ResponseRow, ...]
    problems: tuple[Problem, ...]
    reads: tuple[ExportWithCodes, ...]
    lists: tuple[str, ...] = ()
    invited: tuple[int, ...] = ()
    finished: bool = False

    def rows(self, read: ExportWithCodes) -> set[int]:
        """Return the physical rows of an export to remove."""
        return typed_twice(read, {p.row for p in self.places if (p.event, p.file) == (read.event, read.file)})


def plan_erasure(project: Project, code: str = "", *, events: Sequence[str] = (), rows: Sequence[str] = ()) -> Erasure:
    """Find the responses of a person.

    Parameters
    ----------
    project : Project
    code : str
        The elements of the code in their order, as the person types them.
    events : sequence of str
        Events to search; all when empty.
    rows : sequence of str
        Responses, or lines of a list of participants, named by ``file:row`` (``surveys/2020-antsla/post.csv:17``),
        instead of a code.

    Raises
    ------
    UsageError
        If the code is not valid, a row does not exist, or several people of a wave share the code.
    """
    if (project.surveys / UNDER_WAY).exists():
        with open_store(project.reports):
            finish(project.surveys)
        rest = Erasure((), (), (), ()) if not (code or rows) else plan_erasure(project, code, events=events, rows=rows)
        return replace(rest, finished=True)
    searched = [project.event(e) for e in events] or list(project.events)
    reads, problems = read_codes(project, searched)
    if rows:
        listed, unread = read_lists(project, searched)
        places = [_named(row, [*reads, *listed]) for row in rows]
        invited, unread_table = invited_lines(project, (), reads, places)
        plan = _planned(places, [], [*problems, *unread, *unread_table], [*reads, *listed])
        return replace(plan, invited=invited)
    wanted = typed_code(code, project.instrument)
    places = [p for read in reads for p in same_code(read, wanted)]
    similar = [p for read in reads for p in similar_codes(read, wanted)]
    _refuse_shared(project, reads, places)
    linked, unlinked = _linked(project, searched, places)
    invited, unread_table = invited_lines(project, wanted, reads, [*places, *linked])
    plan = _planned([*places, *linked], similar, [*problems, *unlinked, *unread_table], reads)
    lists = tuple(f"surveys/{e.id}/{name}" for e in searched for name in lists_beside(project, e))
    return replace(plan, lists=lists, invited=invited)


def _planned(
    places: list[ResponseRow], similar: list[ResponseRow], problems: list[Problem], reads: list[ExportWithCodes]
) -> Erasure:
    unique = {(p.event, p.file, p.row): p for p in reversed(places)}
    undecided = [p for p in similar if (p.event, p.file, p.row) not in unique]
    touched = {(e, f) for e, f, _ in unique}
    return Erasure(
        tuple(sorted(unique.values())), tuple(sorted(undecided)), tuple(problems),
        tuple(r for r in reads if (r.event, r.file) in touched),
    )  # fmt: skip


def _named(text: str, reads: list[ExportWithCodes]) -> ResponseRow:
    file, _, row = composed(text).rpartition(":")
    for read in reads:
        fits = read.table.file == file or read.table.file.endswith(f"/{file}")
        if file and fits and row.isdecimal() and int(row) in read.table.lines:
            return ResponseRow(read.event, read.file, int(row), "row" if read.wave else "list")
    problem = M_("There is no response in that file and row.")
    hint = M_("Write it as messages do: surveys/<event>/post.csv:17.")
    raise UsageError(Problem(file, 0, "--row", problem, hint, "VE-722"))


def _refuse_shared(project: Project, reads: list[ExportWithCodes], places: list[ResponseRow]) -> None:
    """Refuse to guess when several rows of a wave have the code and no decision says that they are one person's."""
    by_wave: dict[tuple[str, str], list[ResponseRow]] = defaultdict(list)
    waves = {(r.event, r.file): r.wave for r in reads}
    for place in places:
        by_wave[place.event, waves[place.event, place.file]].append(place)
    for (event, _), sharing in by_wave.items():
        decisions: tuple[Decision, ...] = ()
        if len(sharing) > 1:
            decisions = read_decisions(project.surveys / event, f"surveys/{event}")
        files = {p.file for p in sharing}
        if len(sharing) > 1 and not all(
            one_person({p.row for p in sharing if p.file == f}, f, decisions) for f in files
        ):
            listed = ", ".join(p.shown for p in sharing)
            problem = M_(
                "Several responses of one wave have this code; they may belong to two people: {listed}.", listed=listed
            )
            hint = M_("Ask what they answered, then name each row to erase with --row FILE:ROW instead of the code.")
            raise UsageError(Problem("", 0, "CODE", problem, hint, "VE-723"))


def _linked(
    project: Project, events: list[Event], places: list[ResponseRow]
) -> tuple[list[ResponseRow], list[Problem]]:
    """Follow the links to responses of the person whose code has a slip, or which a decision says are theirs."""
    linked: list[ResponseRow] = []
    problems: list[Problem] = []
    for event in (e for e in events if any(p.event == e.id for p in places)):
        try:
            responses = load_study(project, event.id, absent_ok=True).responses
        except VunkiError as error:
            problem = M_("Links between waves could not be followed here.")
            first = error.problems[0]
            problems.append(Problem(f"surveys/{event.id}", 0, "", problem, first.message(), "VE-724", "look"))
            continue
        here = {(p.file, p.row) for p in places if p.event == event.id}
        named = [(file.removeprefix(f"surveys/{event.id}/"), int(row)) for file, row in
                 zip(responses["file"], responses["row"], strict=True)]  # fmt: skip
        people = {r for r, place in zip(responses["respondent"], named, strict=True) if place in here}
        linked += _theirs(event.id, zip(responses["respondent"], named, strict=True), people)
    return linked, problems


def _theirs(event: str, rows: Iterator[tuple[str, tuple[str, int]]], people: set[str]) -> Iterator[ResponseRow]:
    for respondent, (file, row) in rows:
        if respondent in people:
            yield ResponseRow(event, file, row, "link")
