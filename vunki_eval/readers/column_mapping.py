"""Match the columns of an export with items: by the evaluator's mapping file, by item code, by wording.

Near matches are proposed to the evaluator, never taken.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import M_, ConfigError, InputError, Problem, joined
from vunki_eval.project.file_names import composed, on_disk
from vunki_eval.project.instrument import Instrument, Item, Value
from vunki_eval.readers.files.delimited import split_rows
from vunki_eval.readers.files.encoding import decode
from vunki_eval.readers.files.opening import read_bytes
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.wording import header_key, label_key, short, tidy

NEAR = 0.75
Options = dict[str, tuple[tuple[str, Value], ...]]
Targets = tuple[tuple[str, Value | None], ...]
_FREE_TEXT = {"other", "muu", "comment", "kommentaar", "text", "tekst"}


@dataclass(frozen=True, slots=True)
class Match:
    """A column that answers an item (or one option of an item with several answers).

    ``how`` is ``mapping``, ``code`` or ``wording``.
    """

    column: int
    item: str
    option: Value | None
    how: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column that looks like an item; a person decides whether it is."""

    header: str
    item: str
    likeness: float


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The matches of a file, the columns that are left, and what a person should look at.

    ``missing`` lists items of the wave that have no column, ``elsewhere`` items of other waves that have one.
    """

    matches: tuple[Match, ...]
    unmatched: tuple[int, ...]
    missing: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    findings: tuple[Problem, ...]
    elsewhere: tuple[str, ...] = ()


def map_columns(table: RawTable, instrument: Instrument, wave: str, *, beside: Path | None = None) -> ColumnMapping:
    """Match the columns of a file with the items of its wave; refuse the file if items are missing.

    Parameters
    ----------
    table : RawTable
    instrument : Instrument
    wave : str
        Key of the wave the file belongs to.
    beside : Path, optional
        Path of the export; a file ``<stem>.mapping.csv`` beside it takes precedence.

    Raises
    ------
    InputError
        If an item of the wave has no column or two, or no column matches at all.
    ConfigError
        If the mapping file names headers or items that do not exist.
    """
    mapping = find_columns(table, instrument, wave, beside=beside)
    if mapping.missing and (garbled := [f for f in table.findings if f.code == "VE-320"]):
        raise InputError(garbled)  # garbled letters explain why columns do not match
    if mapping.missing and (other := _other_wave(mapping, instrument, wave)):
        problem = M_(
            "The columns are those of the wave {other}; {n} items of {wave} are missing.",
            other=repr(other),
            n=len(mapping.missing),
            wave=repr(wave),
        )
        hint = M_("Are two waves swapped in surveys/project.toml, or is it the wrong file?")
        raise InputError(Problem(table.file, table.header_line, "", problem, hint, "VE-707"))
    if problems := [*_missing_items(mapping, table), *_ambiguous(mapping.matches, table)]:
        raise InputError(problems)
    return mapping


def find_columns(table: RawTable, instrument: Instrument, wave: str, *, beside: Path | None = None) -> ColumnMapping:
    """Match columns as `map_columns` does, but list missing items instead of refusing the file."""
    mapped = read_mapping(beside, table, instrument) if beside is not None else {}
    index = _index(instrument, wave)
    matches, unmatched = [], []
    for place, column in enumerate(table.columns):
        if place in mapped:
            matches += [Match(place, *target, "mapping") for target in mapped[place]]
        elif target_and_how := _match(column, index, instrument):
            matches.append(Match(place, *target_and_how))
        elif not column.role:
            unmatched.append(place)
    here = {i.code for i in instrument.in_wave(wave)}
    elsewhere = [m for m in matches if m.item not in here]
    matches = _without_joined([m for m in matches if m.item in here])
    matched_items = {m.item for m in matches}
    needed = [i for i in instrument.in_wave(wave) if i.needed_in(wave)]
    missing = tuple(i.code for i in needed if i.code not in matched_items)
    proposals = tuple(_proposals(table, unmatched, instrument, wave, matched_items))
    findings = _findings(table, unmatched, elsewhere, proposals, bool(matches))
    others = tuple(m.item for m in elsewhere)
    return ColumnMapping(tuple(matches), tuple(unmatched), missing, proposals, tuple(findings), others)


def read_mapping(export: Path, table: RawTable, instrument: Instrument) -> dict[int, Targets]:
    """Read ``<stem>.mapping.csv`` beside an export: header, item and, where needed, option and sheet.

    A row without an item leaves its column out. A row with a sheet applies to that sheet of a workbook only.

    Raises
    ------
    ConfigError
        For a header, item or option that does not exist.
    """
    path = on_disk(export.with_name(f"{export.stem}.mapping.csv"))
    if not path.is_file():
        return {}
    file = composed(table.file.rpartition("/")[0] + "/" + path.name if "/" in table.file else path.name)
    rows, lines = split_rows(decode(read_bytes(path, file), file), file)
    if [tidy(c) for c in rows[0][:2]] != ["header", "item"]:
        problem = M_("The first row must be: header,item or header,item,option or header,item,option,sheet.")
        raise ConfigError(Problem(file, lines[0], "", problem, M_("Correct it."), "VE-334"))
    places = {tidy(column.code): place for place, column in enumerate(table.columns) if column.code}
    places |= {tidy(column.header): place for place, column in enumerate(table.columns)}
    mapped: dict[int, Targets] = {}
    problems = []
    for line, row in zip(lines[1:], rows[1:], strict=True):
        header, code, option, sheet = (tidy(c) for c in (*row, "", "")[:4])
        if sheet and sheet != tidy(table.sheet):
            continue
        item = next((i for i in instrument.items if i.code == code), None)
        if header not in places:
            hint = M_("Copy the header from the export (and name its sheet in a column sheet), or remove the row.")
            problems.append(Problem(file, line, "header", M_("The export has no such header."), hint, "VE-334"))
        elif code and item is None:
            problems.append(
                Problem(file, line, "item", M_("There is no such item."), M_("Correct the code."), "VE-334")
            )
        elif item is not None and option and _option(item, option, instrument) is None:
            problems.append(Problem(file, line, "option", M_("There is no such answer."), M_("Correct it."), "VE-334"))
        elif item is None:
            mapped[places[header]] = ()
        else:
            mapped[places[header]] = ((item.code, _option(item, option, instrument) if option else None),)
    if problems:
        raise ConfigError(problems)
    return mapped


@dataclass(frozen=True, slots=True)
class _Index:
    codes: dict[str, Item]
    wordings: dict[str, tuple[str, ...]]
    rows: dict[str, tuple[str, ...]]
    options: Options
    choices: Options


def _index(instrument: Instrument, wave: str) -> _Index:
    """Index items by code, by full wording, and by the row of a grid alone.

    Where an item of the wave and one of another wave share a key, the item of the wave wins.
    """
    codes: dict[str, Item] = {}
    wordings: dict[str, list[str]] = {}
    rows: dict[str, list[str]] = {}
    for in_wave in (True, False):
        new_wordings: dict[str, list[str]] = {}
        new_rows: dict[str, list[str]] = {}
        for item in (i for i in instrument.items if (wave in i.waves) is in_wave):
            codes.setdefault(item.code.casefold(), item)
            for key in {header_key(w) for w in (*map(item.wording, item.text), *item.also)} - {""}:
                new_wordings.setdefault(key, []).append(item.code)
            for key in {header_key(t) for t in item.text.values()} - {""}:
                new_rows.setdefault(key, []).append(item.code)
        for old, new in ((wordings, new_wordings), (rows, new_rows)):
            old.update({k: v for k, v in new.items() if k not in old})
    options, choices = _option_index(instrument, wave)
    return _Index(codes, _frozen(wordings), _frozen(rows), options, choices)


def _frozen(index: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(codes) for key, codes in index.items()}


def _option_index(instrument: Instrument, wave: str) -> tuple[Options, Options]:
    """Index the options of multiple-answer items of the wave: by question and label, and by label alone."""
    by_question: dict[str, set[tuple[str, Value]]] = {}
    by_label: dict[str, set[tuple[str, Value]]] = {}
    for item in instrument.in_wave(wave):
        response_set = instrument.response_set(item) if item.kind == "multiple" else None
        for option in response_set.options if response_set else ():
            for label in (*option.label.values(), *option.also):
                by_label.setdefault(label_key(label), set()).add((item.code, option.value))
                for wording in (*map(item.wording, item.text), *item.also):
                    by_question.setdefault(header_key(f"{wording} {label}"), set()).add((item.code, option.value))
    return {k: tuple(v) for k, v in by_question.items()}, {k: tuple(v) for k, v in by_label.items()}


def _match(column: SourceColumn, index: _Index, instrument: Instrument) -> tuple[str, Value | None, str] | None:
    """Match one column: by exact code, then by wording, then by a code with something behind it."""
    if column.choice:
        options = index.choices.get(label_key(column.header), ())
        return (*options[0], "wording") if len(options) == 1 else None
    bracketed = column.row and column.header.endswith("]")
    base = column.header[: column.header.rfind("[")].rstrip() if bracketed else column.header
    if not column.role:
        item = index.codes.get((column.code or base).casefold())
        several = item is not None and item.kind == "multiple"
        target: tuple[str, Value | None] | None = (item.code, None) if item else None
        if item and column.row:
            target = _with_option(item, column.row, instrument, strict=several)
        if target:
            return *target, "code"
        if item := index.codes.get(column.row.casefold()):
            return item.code, None, "code"
    for table in (index.wordings, index.rows):
        if len(codes := table.get(header_key(column.header), ())) == 1:
            return codes[0], None, "wording"
    if len(options := index.options.get(header_key(column.header), ())) == 1:
        return *options[0], "wording"
    if column.row and len(codes := index.wordings.get(header_key(base), ())) == 1:
        target = _with_option(index.codes[codes[0].casefold()], column.row, instrument, strict=True)
        return (*target, "wording") if target else None
    return None if column.role else _by_prefix(column, index, instrument) or _by_path(column, index, instrument)


def _by_prefix(column: SourceColumn, index: _Index, instrument: Instrument) -> tuple[str, Value | None, str] | None:
    """Match a code followed by an option or by free text: ``TS1. Question``, ``Q3 [option]``, ``Q3_option``."""
    name = column.code or column.header
    if prefix := re.match(r"([A-Za-z][A-Za-z0-9_]*?)(?=\W)", name):
        item = index.codes.get(prefix[1].casefold())
        if item is not None and item.code == prefix[1]:
            rest = column.row or name[prefix.end() :].strip(" .:-/()[]\t")
            strict = bool(column.row) and item.kind == "multiple"
            target = _with_option(item, rest, instrument, strict=strict)
            return (*target, "code") if target else None
    code, _, option = name.partition("_")
    item = index.codes.get(code.casefold())
    value = _option(item, option, instrument) if item is not None else None
    return (item.code, value, "code") if item is not None and value is not None else None


def _by_path(column: SourceColumn, index: _Index, instrument: Instrument) -> tuple[str, Value | None, str] | None:
    """Match an option that has a column of its own below its question (``group/ITEM/option``)."""
    parent, _, option = column.header.rpartition("/")
    item = index.codes.get(parent.rpartition("/")[2].casefold())
    value = _option(item, option, instrument) if item is not None else None
    return (item.code, value, "code") if item is not None and value is not None else None


def _with_option(
    item: Item, rest: str, instrument: Instrument, *, strict: bool = False
) -> tuple[str, Value | None] | None:
    """Find the option that the text in brackets or the rest of a header names; None for free text beside an answer."""
    option = _option(item, rest, instrument)
    if item.kind == "multiple":
        return (item.code, option) if option is not None or not strict else None
    return None if strict or label_key(rest) in _FREE_TEXT else (item.code, None)


def _option(item: Item, text: str, instrument: Instrument) -> Value | None:
    """Return the value of the option that a text names by value or label."""
    response_set = instrument.response_set(item)
    if item.kind != "multiple" or response_set is None:
        return None
    key = label_key(text)
    for option in response_set.options:
        if key in {label_key(t) for t in (str(option.value), *option.label.values(), *option.also)}:
            return option.value
    return None


def _without_joined(matches: list[Match]) -> list[Match]:
    """Drop the joined column of an item that also has a column for each option."""
    by_option = {m.item for m in matches if m.option is not None}
    return [m for m in matches if m.option is not None or m.item not in by_option]


def _other_wave(mapping: ColumnMapping, instrument: Instrument, wave: str) -> str:
    """Name another wave all of whose items have a column here; "" if there is none, or only one item is missing."""
    matched = {m.item for m in mapping.matches} | set(mapping.elsewhere)
    for other in instrument.wave_keys:
        needed = {i.code for i in instrument.in_wave(other) if i.needed_in(other)}
        if other != wave and needed <= matched and len(mapping.missing) > 1:
            return other
    return ""


def _missing_items(mapping: ColumnMapping, table: RawTable) -> Iterator[Problem]:
    if not mapping.matches:
        problem = M_("No column of this file matches an item of the instrument.")
        hint = M_("Is the first row the header, and is this the right file and wave?")
        yield Problem(table.file, table.header_line, "", problem, hint, "VE-333")
        return
    for code in mapping.missing:
        near = next((p for p in mapping.proposals if p.item == code), None)
        file = _proposal_path(table.file)
        hint = M_("Export it, or name its column in {file}, and put that beside the export.", file=file)
        if near:
            looks = M_("The column {header} looks like it.", header=repr(short(near.header)))
            hint = joined(" ", (hint, looks))
        yield Problem(table.file, table.header_line, code, M_("The item has no column in this file."), hint, "VE-331")


def _mapping_name(file: str) -> str:
    """Name the mapping file of an export, which the sheets of a workbook share."""
    return re.sub(r"\[[^\[\]]*\]$", "", file).rpartition("/")[2].rpartition(".")[0] + ".mapping.csv"


def _proposal_path(file: str) -> str:
    """Name the file in which `check` proposes a mapping for an export."""
    event = file.split("/")[1] if file.startswith("surveys/") else ""
    return f"checks/{event}/{_mapping_name(file)}" if event else _mapping_name(file)


def _ambiguous(matches: Iterable[Match], table: RawTable) -> Iterator[Problem]:
    seen: dict[tuple[str, Value | None], list[int]] = {}
    for match in matches:
        seen.setdefault((match.item, match.option), []).append(match.column)
    for (code, option), places in seen.items():
        if len(places) > 1:
            which = ", ".join(repr(short(table.columns[p].header)) for p in places)
            what = code if option is None else f"{code}.{option}"
            hint = M_(
                "Say in {file} which one to take; leave the item of the other blank.", file=_mapping_name(table.file)
            )
            yield Problem(
                table.file,
                table.header_line,
                what,
                M_("Several columns match the item: {which}.", which=which),
                hint,
                "VE-332",
            )


def _proposals(
    table: RawTable, unmatched: list[int], instrument: Instrument, wave: str, matched: set[str]
) -> Iterator[Proposal]:
    """Propose, for every column that is left, the most similar item that has no column yet."""
    wanted = {
        header_key(w): item.code
        for item in instrument.in_wave(wave)
        if item.code not in matched
        for w in (*map(item.wording, item.text), *item.also, *item.text.values())
    }
    for place in unmatched:
        key = header_key(table.columns[place].header)
        near = difflib.get_close_matches(key, wanted, n=1, cutoff=NEAR) if key else []
        if near:
            likeness = difflib.SequenceMatcher(None, key, near[0]).ratio()
            yield Proposal(table.columns[place].header, wanted[near[0]], round(likeness, 3))


def _findings(
    table: RawTable, unmatched: list[int], elsewhere: list[Match], proposals: tuple[Proposal, ...], has_header: bool
) -> Iterator[Problem]:
    """List columns that are not read. Without a header the file shows answers in its place: nothing is listed."""
    if not has_header:
        return
    near = {p.header: p.item for p in proposals}
    for place in unmatched:
        header = table.columns[place].header
        problem = M_("The column matches no item.")
        if header in near:
            problem = M_("The column matches no item, but looks like {item}.", item=near[header])
        hint = M_(
            "Complete {file}, which check proposes, and put it beside the export; a blank item leaves the column out.",
            file=_proposal_path(table.file),
        )
        yield Problem(
            table.file, table.header_line, short(header) or M_("column {n}", n=place + 1), problem, hint, "VE-330"
        )
    for match in elsewhere:
        problem = M_(
            "The column answers {item}, which the instrument does not ask in this wave; it is left out.",
            item=match.item,
        )
        header = short(table.columns[match.column].header)
        yield Problem(table.file, 0, header, problem, M_("Add the wave to the item, or remove the column."), "VE-335")
