"""Read lists of participants: how many registered and came, and the names to look for in free text.

Names and e-mail addresses are normalised and hashed with the project's key as soon as they are read, so that a person
on two lists counts once and nobody can be named. Only `listed_names` gives names, as stems for scanning. Cells that are
not needed (telephone, signature) are never looked at.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.project.file_names import on_disk
from vunki_eval.project.formalities import Area
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Event, Project, ReaderOptions, Sourced
from vunki_eval.project.pseudonyms import load_key
from vunki_eval.readers import open_source
from vunki_eval.readers.wording import header_key, label_key, listed, tidy
from vunki_eval.survey.scan import NOBODY, Names, known_names

INSIDE, OUTSIDE = "inside", "outside"
HEAD_ROWS = 15
LISTS = ("participants.csv", "participants.xlsx", "attendance.csv", "attendance.xlsx")
_NAMES = ("name", "first_name", "last_name")
HEADERS = {
    "name": ("name", "nimi", "full name", "täisnimi", "participant", "osaleja", "ees ja perekonnanimi"),
    "first_name": ("first name", "given name", "eesnimi"),
    "last_name": ("last name", "surname", "family name", "perekonnanimi", "perenimi"),
    "email": ("email", "e mail", "e post", "epost", "email address", "e mail address", "e posti aadress"),
    "registered": ("registered", "registreerus", "registreerunud", "registreeritud"),
    "attended": ("attended", "osales", "kohal", "present", "came"),
    "municipality": ("municipality", "omavalitsus", "vald", "vald linn", "vald või linn", "elukoht"),
    "excepted": ("former misso or orava", "endine misso või orava", "misso või orava", "misso orava"),
    "area": ("area", "in the area", "tegevuspiirkond", "partnerluskogu ala", "piirkond"),
}
_PLACES = {h: name for name, headers in HEADERS.items() for h in headers}
_YES = frozenset({"yes", "jah", "ja", "x", "1", "+", "✓", "✔", "true", "y", "j"})
_NO = frozenset({"", "no", "ei", "0", "-", "–", "false", "n", "e"})
_WHERE = {"inside": INSIDE, "sees": INSIDE, "seespool": INSIDE, "outside": OUTSIDE, "väljas": OUTSIDE,
          "väljaspool": OUTSIDE}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Participant:
    """One participant without their name: hashes, two marks, and whether they are from the area ("" = unknown)."""

    email: str
    name: str
    registered: bool | None
    attended: bool | None
    place: str

    def __repr__(self) -> str:
        """Say nothing: this is a person."""
        return "<Participant, not shown>"


@dataclass(frozen=True, slots=True)
class ParticipantList:
    """The participants of one event, every person once.

    Attributes
    ----------
    file : str
    people : tuple of Participant
    findings : tuple of Problem
        What a person should look at, by row, never by name.
    """

    file: str
    people: tuple[Participant, ...]
    findings: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        """Say how many, never who."""
        return f"<ParticipantList of {self.file}: {len(self.people)} people, not shown>"

    @property
    def registered(self) -> int | None:
        """How many registered; None if the list does not say."""
        return _count(p.registered for p in self.people)

    @property
    def attended(self) -> int | None:
        """How many came; None if the list does not say."""
        return _count(p.attended for p in self.people)

    def places(self) -> dict[str, int]:
        """Count those who came by place: inside the area, outside it, or "" where it is not known."""
        came = [p.place for p in self.people if p.attended]
        return {place: came.count(place) for place in (INSIDE, OUTSIDE, "")}


def read_participant_list(project: Project, event: Event) -> ParticipantList | None:
    """Read an event's list of participants; None if the event names none.

    Parameters
    ----------
    project : Project
    event : Event
        ``participants`` names a CSV or XLSX file in ``surveys/<event id>/``. The column of who came may be left
        out (then everybody on the list came), and so may the column of who registered.

    Raises
    ------
    InputError
        With every fault of the list by row and column, never by name.
    """
    if not event.participants:
        return None
    file = f"surveys/{event.id}/{event.participants}"
    path = on_disk(project.surveys / event.id / event.participants)
    if not path.is_file():
        problem = M_("The list of participants is missing.")
        raise InputError(Problem(file, 0, "", problem, M_("Put it there, or remove the entry participants."), "VE-740"))
    return _read_list(path, file, load_key(project), project.config.area, project.instrument)


def with_participant_list(event: Event, participants: ParticipantList | None) -> tuple[Event, tuple[Problem, ...]]:
    """Fill in the counts that the project file leaves open for an event; report where file and list disagree."""
    if participants is None:
        return event, ()
    findings, updates = list(participants.findings), {}
    for name in ("registered", "attended"):
        counted, entry = getattr(participants, name), getattr(event, name)
        if counted is None:
            continue
        if entry.value is None:
            updates[name] = Sourced(
                value=counted, source=entry.source or participants.file, date=entry.date, note=entry.note
            )
        elif entry.value != counted:
            problem = M_(
                "surveys/project.toml says {entry} for {key}; the list has {counted}.",
                entry=f"{entry.value:g}",
                key=name,
                counted=counted,
            )
            hint = M_("Correct one of them, or leave the entry out: the list is counted then.")
            findings.append(Problem(participants.file, 0, name, problem, hint, "VE-744"))
    return event.model_copy(update=updates), tuple(findings)


def listed_names(folder: Path, declared: str = "") -> Names:
    """Read the names on the lists beside an event's exports, for scanning free text; none without a list.

    Parameters
    ----------
    folder : Path
        The event's folder below ``surveys/``.
    named : str
        File name of the list declared in the project file, "" for none.

    Notes
    -----
    A list that cannot be read gives no names; `read_participant_list` is what reports its faults.
    """
    names: list[str] = []
    for path in (on_disk(folder / name) for name in dict.fromkeys((*LISTS, declared)) if name):
        if path.is_file():
            try:
                names += _written_names(path)
            except InputError:
                continue
    return known_names(names) if names else NOBODY


def header_row(rows: Sequence[Sequence[str]], file: str) -> int:
    """Find the header row of a list, counted from 0; there may be titles above it.

    Raises
    ------
    InputError
        If there is no header row.
    """
    return _columns(rows, file)[0]


def unique_people(lists: Iterable[ParticipantList]) -> int:
    """Count the different people who came to any of the events."""
    return len(_merged([p for participants in lists for p in participants.people if p.attended]))


def _count(marks: Iterable[bool | None]) -> int | None:
    all_marks = list(marks)
    return None if None in all_marks or not all_marks else sum(1 for m in all_marks if m)


# ------------------------------------------------------------------------------------------------ reading


def _read_list(path: Path, file: str, key: bytes, area: Area | None, instrument: Instrument) -> ParticipantList:
    source = open_source(path, file, ReaderOptions())
    header_place, columns = _columns(source.rows, file)
    labels = _labels(area, instrument)
    rows = [
        (line, {name: [row[j] for j in places] for name, places in columns.items()})
        for line, row in zip(source.lines[header_place + 1 :], source.rows[header_place + 1 :], strict=True)
    ]
    rows = [(line, cells) for line, cells in rows if _written(cells)]
    problems = _doubtful(rows, file)
    if not rows:
        problems.append(Problem(file, 0, "", M_("The list has no lines."), M_("Put the right list there."), "VE-743"))
    if problems:
        raise InputError(problems)
    people = [_participant(cells, key, area, labels) for _, cells in rows]
    merged = _merged(people)
    findings = [*_repeated(merged, [line for line, _ in rows], file), *_unplaced(rows, people, file)]
    return ParticipantList(file, tuple(_one_person([people[i] for i in group]) for group in merged), tuple(findings))


def _written_names(path: Path) -> list[str]:
    rows = open_source(path, path.name, ReaderOptions()).rows
    header_place, columns = _columns(rows, path.name)
    places = sorted(j for name in _NAMES for j in columns.get(name, ()))
    return [tidy(row[j]) for row in rows[header_place + 1 :] for j in places if row[j].strip()]


def _columns(rows: Sequence[Sequence[str]], file: str) -> tuple[int, dict[str, list[int]]]:
    """Find the header row (there may be titles above it) and the places of the columns."""
    for i, row in enumerate(rows[:HEAD_ROWS]):
        places: dict[str, list[int]] = {}
        for j, cell in enumerate(row):
            if (name := _column_of(header_key(cell))) is not None:
                places.setdefault(name, []).append(j)
        if places.keys() & {"name", "first_name", "last_name", "email"}:
            return i, places
    problem = M_("The list has no column of names or e-mail addresses.")
    raise InputError(
        Problem(file, 1, "", problem, M_("Give one column the header Nimi or E-post (Name, E-mail)."), "VE-741")
    )


def _column_of(key: str) -> str | None:
    """Tell which column a header names; attendance may have a column per day ("Osales 13.8.")."""
    if key in _PLACES:
        return _PLACES[key]
    days = HEADERS["attended"]
    return "attended" if any(key.startswith(f"{d} ") for d in days) else None


def _written(cells: dict[str, list[str]]) -> bool:
    return any(c.strip() for name in (*_NAMES, "email") for c in cells.get(name, ()))


def _doubtful(rows: Sequence[tuple[int, dict[str, list[str]]]], file: str) -> list[Problem]:
    """Find marks that are neither yes nor no."""
    return [
        Problem(file, line, name, M_("The mark is neither yes nor no."), M_("Write jah or ei (yes or no)."), "VE-742")
        for line, cells in rows
        for name in ("registered", "attended", "excepted")
        if any(c.strip().casefold() not in _YES | _NO for c in cells.get(name, ()))
    ]


def _participant(cells: dict[str, list[str]], key: bytes, area: Area | None, labels: dict[str, str]) -> Participant:
    """Turn a line into hashes and marks, so that its text is gone afterwards."""
    names = " ".join(c for name in _NAMES for c in cells.get(name, ()))
    address = "".join(cells.get("email", ())[:1]).strip().casefold()
    attended, registered = _mark(cells, "attended"), _mark(cells, "registered")
    return Participant(
        email=_hashed(key, "email", address) if "@" in address else "",
        name=_hashed(key, "name", " ".join(sorted(label_key(names).split()))),
        registered=True if registered is None and attended is not None else registered,
        attended=True if attended is None and registered is None else attended,
        place=_place(cells, area, labels),
    )


def _mark(cells: dict[str, list[str]], name: str) -> bool | None:
    marks = cells.get(name)
    return None if marks is None else any(m.strip().casefold() in _YES for m in marks)


def _hashed(key: bytes, kind: str, text: str) -> str:
    return hmac.new(key, f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest() if text else ""


def _labels(area: Area | None, instrument: Instrument) -> dict[str, str]:
    """Map every spelling of a municipality to its value in the questionnaire."""
    response_set = instrument.response_set(area.item) if area else None
    labels = {}
    for option in response_set.options if response_set else ():
        for spelling in (str(option.value), *option.label.values(), *option.also):
            labels[label_key(spelling)] = str(option.value)
    return labels


def _place(cells: dict[str, list[str]], area: Area | None, labels: dict[str, str]) -> str:
    """Tell whether a line's place is in the area: from the column of the area, else from the municipality."""
    where = label_key("".join(cells.get("area", ())[:1]))
    if area is None or where in _WHERE:
        return _WHERE.get(where, "")
    value = labels.get(label_key("".join(cells.get("municipality", ())[:1])), "")
    if not value:
        return ""
    if value not in area.inside:
        return OUTSIDE
    if area.except_item is None or value not in area.except_of:
        return INSIDE
    excepted = "".join(cells.get("excepted", ())[:1]).strip().casefold()
    return "" if not excepted else OUTSIDE if excepted in _YES else INSIDE


# ------------------------------------------------------------------------------------------------ people


def _merged(people: Sequence[Participant]) -> list[list[int]]:
    """Group the lines of each person: same address, or same name unless several addresses contradict it."""
    by_email: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for i, person in enumerate(people):
        if person.email:
            by_email.setdefault(person.email, []).append(i)
        if person.name:
            by_name.setdefault(person.name, []).append(i)
    home = list(range(len(people)))

    def root(i: int) -> int:
        while home[i] != i:
            i = home[i]
        return i

    for group in by_email.values():
        for i in group[1:]:
            home[root(i)] = root(group[0])
    for group in by_name.values():
        addressed = [i for i in group if people[i].email]
        for i in group:
            first = addressed[0] if addressed else group[0]
            if not people[i].email or len({people[k].email for k in addressed}) == 1:
                home[root(i)] = root(first)
    groups: dict[int, list[int]] = {}
    for i in range(len(people)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def _one_person(lines: Sequence[Participant]) -> Participant:
    """Merge the lines of one person."""
    first = lines[0]

    def either(marks: list[bool | None]) -> bool | None:
        return None if None in marks else any(marks)

    return Participant(
        email=next((p.email for p in lines if p.email), ""),
        name=first.name,
        registered=either([p.registered for p in lines]),
        attended=either([p.attended for p in lines]),
        place=next((p.place for p in lines if p.place), ""),
    )


def _repeated(merged: Sequence[Sequence[int]], lines: Sequence[int], file: str) -> list[Problem]:
    hint = M_("Nothing needs to be done if that is right.")
    places = [[lines[i] for i in group] for group in merged if len(group) > 1]
    return [
        Problem(
            file, p[0], "", M_("Rows {p} name one person, who counts once.", p=listed(p)), hint, "VE-745", level="note"
        )
        for p in places
    ]


def _unplaced(
    rows: Sequence[tuple[int, dict[str, list[str]]]], people: Sequence[Participant], file: str
) -> list[Problem]:
    """Report lines whose place could not be assigned to inside or outside the area."""
    unknown = [
        line
        for (line, cells), person in zip(rows, people, strict=True)
        if not person.place and any(c.strip() for name in ("municipality", "area") for c in cells.get(name, ()))
    ]
    if not unknown:
        return []
    problem = M_("It is not known whether the place is in the area (rows {unknown}).", unknown=listed(unknown))
    hint = M_(
        "Write the municipality as in the questionnaire, and yes or no for a part that does not belong to the area."
    )
    return [Problem(file, 0, "municipality", problem, hint, "VE-746", level="note")]
