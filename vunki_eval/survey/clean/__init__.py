"""Clean an export: code its cells as answers, log every change beyond plain label coding, drop nothing silently."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import pandas as pd

from vunki_eval.errors import InputError, Problem
from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.project.project import Event
from vunki_eval.project.pseudonyms import pseudonym
from vunki_eval.project.tokens import is_token, normal_token, shown_token
from vunki_eval.readers.column_mapping import ColumnMapping, Match
from vunki_eval.readers.table import RawTable
from vunki_eval.readers.wording import normalise_element, tidy
from vunki_eval.survey.clean import response_checks
from vunki_eval.survey.clean.cells import (
    Answer,
    code_column,
    coder,
    fault_message,
    numeric,
    shown,
    split_answers,
    ticked,
    values,
)
from vunki_eval.survey.clean.times import Times, parse_times

__all__ = ["LOG", "Cleaned", "clean_table", "code_elements"]

Rulings = dict[tuple[str, int], str]
LOG = ("file", "sheet", "row", "column", "rule", "before", "after")
Entry = tuple[int, str, str, str, str]  # row, column, rule; before and after of a closed answer


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The coded answers of one file.

    Attributes
    ----------
    responses : DataFrame
        One row per response of the file: ``wave``, ``file``, ``sheet``, ``row``, ``submitted``, then the items as in
        `vunki_eval.survey.study.Study`.
    codes : DataFrame
        Hashed elements of the linking code (None = blank), same index.
    reasons : Series
        Why a row is not usable (``consent``, ``empty``, ``test_row``, ``excluded``, ``late``) or "".
    nonresponse : DataFrame
        ``response`` (index label), ``item``, ``code``.
    log : DataFrame
        ``file``, ``sheet``, ``row``, ``column``, ``rule``, and, for closed answers and times, ``before`` and ``after``;
        a response's changes in the order in which they were made.
    findings : tuple of Problem
    questions : tuple of (kind, row, noticed, item)
        Rows that a person may rule on; an edit names the item.
    minutes : Series
        How long each response took (NaN where it is not known).
    """

    responses: pd.DataFrame
    codes: pd.DataFrame
    reasons: pd.Series
    nonresponse: pd.DataFrame
    log: pd.DataFrame
    findings: tuple[Problem, ...]
    questions: tuple[tuple[str, int, str, str], ...] = ()
    minutes: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))


def code_elements(instrument: Instrument) -> tuple[str, ...]:
    """List the items that make up the linking code, in order."""
    return instrument.link or tuple(i.code for i in instrument.items if i.role == "link")


def clean_table(
    table: RawTable,
    mapping: ColumnMapping,
    instrument: Instrument,
    *,
    wave: str,
    event: Event,
    key: bytes,
    decimal: str = "",
    rulings: Rulings | None = None,
) -> Cleaned:
    """Code the answers of one file.

    Parameters
    ----------
    table : RawTable
    mapping : Mapping
        Which column answers which item.
    instrument : Instrument
    wave : str
    event : Event
        For its dates.
    key : bytes
        Turns elements of the linking code into pseudonyms.
    decimal : str
        Declared decimal mark; "" when none is declared.
    rulings : mapping of (kind, row) to ruling, optional
        Decisions of kind ``exclude`` and ``late`` on rows of this file; a row with a ruling is not noted again.

    Raises
    ------
    InputError
        Listing every cell that cannot be coded, and rows that are totals.
    """
    response_checks.refuse_totals(table)
    work = _Work(table, instrument, [], [], [])
    data, answered = _answers(work, mapping, wave, decimal)
    codes, respelled, mistyped_tokens = _codes(work, mapping, key)
    if work.problems:
        raise InputError(sorted(work.problems))
    submitted, started = (_times(work, role) for role in ("submitted", "started"))
    place = {"wave": wave, "file": table.file, "sheet": table.sheet, "row": table.lines, "submitted": submitted.values}
    responses = pd.DataFrame(place | {c: pd.Series(v, dtype=v.dtype) for c, v in data.items()})
    exceeding = _at_most(work, responses, wave)
    reasons = response_checks.reasons_to_drop(table, responses, answered, instrument)
    for (kind, row), ruling in (rulings or {}).items():
        if ruling == "drop":
            reasons[responses["row"] == row] = "late" if kind == "late" else "excluded"
    for row, reason in zip(table.lines, reasons, strict=True):
        if reason:
            rule = "excluded_by_decision" if reason in ("excluded", "late") else f"excluded_{reason}"
            work.log.append((row, "", rule, "", ""))
    usable = reasons == ""
    usable_responses = responses if usable.all() else responses[usable]
    noticed = {
        "at_most": exceeding,
        "spelling": respelled,
        "token": mistyped_tokens,
        "trial": response_checks.trial_rows(table, _text_places(mapping, instrument), usable),
        "straight": response_checks.straight_rows(usable_responses, instrument, wave),
        "time": response_checks.out_of_time(usable_responses, instrument, event),
        "fast": response_checks.too_fast(usable_responses, started.values[usable], answered[usable]),
        **_time_notes(table, submitted, usable),
    }
    log = pd.DataFrame([(table.file, table.sheet, *e) for e in sorted(work.log, key=itemgetter(0))], columns=list(LOG))
    nonresponse = pd.DataFrame(work.nonresponse, columns=["response", "item", "code"])
    ruled = rulings or {}
    findings = (*table.findings, *mapping.findings, *response_checks.notes(table.file, noticed, ruled))
    edits = [("edit", row, "at_most", item) for row, item, rule, *_ in work.log if rule == "at_most"]
    questions = (*response_checks.open_rows(noticed, ruled), *edits)
    minutes = (submitted.values - started.values).dt.total_seconds() / 60
    return Cleaned(responses, codes, reasons, nonresponse, log, findings, questions, minutes.where(minutes >= 0))


@dataclass(frozen=True, slots=True)
class _Work:
    """Collect log entries, problems and user-missing answers while a file is cleaned."""

    table: RawTable
    instrument: Instrument
    log: list[Entry]
    problems: list[Problem]
    nonresponse: list[tuple[int, str, int]]


def _answers(work: _Work, mapping: ColumnMapping, wave: str, decimal: str) -> tuple[dict[str, np.ndarray], pd.Series]:
    """Code the items of the wave except those of the linking code; count the answers of each row."""
    table, instrument = work.table, work.instrument
    elements = code_elements(instrument)
    answered = np.zeros(len(table))
    data: dict[str, np.ndarray] = {}
    for item in instrument.in_wave(wave):
        matches = [m for m in mapping.matches if m.item == item.code]
        if item.code in elements or item.role == "link" or item.kind == "timestamp":
            continue
        columns, has_answer = (
            _multiple(work, item, matches) if item.kind == "multiple" else _single(work, item, matches, decimal)
        )
        data |= columns
        if item.role not in ("consent", "meta"):
            answered += has_answer
    return data, pd.Series(answered)


def _single(
    work: _Work, item: Item, matches: Sequence[Match], decimal: str
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    as_numbers = numeric(item, work.instrument)
    if not matches:
        empty = np.full(len(work.table), np.nan) if as_numbers else np.full(len(work.table), None, dtype=object)
        return {item.code: empty}, np.zeros(len(work.table))
    code = coder(item, work.instrument, decimal=decimal, blanks=work.table.blanks)
    cells, answers = _coded(work, item, matches[0], code)
    column = values(cells, answers, as_numbers=as_numbers)
    is_answered = {cell: a.value is not None or a.missing is not None for cell, a in answers.items()}
    return {item.code: column}, np.array([is_answered[cell] for cell in cells], dtype=bool)


def _multiple(work: _Work, item: Item, matches: Sequence[Match]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Make one 0/1/NaN column per option, from ticked columns or from joined answers."""
    response_set = work.instrument.response_set(item)
    options = [str(v) for v in response_set.values] if response_set else []
    size = len(work.table)
    block = np.full((size, len(options)), np.nan)
    missing = np.zeros(size, dtype=bool)
    for match in matches:
        if match.option is None:
            code = split_answers(item, work.instrument, blanks=work.table.blanks)
            cells, answers = _coded(work, item, match, code)
            for row, cell in enumerate(cells):
                if (value := answers[cell].value) is not None:
                    block[row] = [float(o in str(value).split("\n")) for o in options]
                missing[row] |= answers[cell].missing is not None
        else:
            code = ticked(item, match.option, work.instrument, blanks=work.table.blanks)
            cells, answers = _coded(work, item, match, code)
            block[:, options.index(str(match.option))] = values(cells, answers, as_numbers=True)
            missing |= np.fromiter((answers[c].missing is not None for c in cells), bool, size)
    any_ticked = (block == 1).any(axis=1)
    block[any_ticked] = np.nan_to_num(block[any_ticked])
    block[missing & ~any_ticked] = np.nan
    is_answered = ~np.isnan(block).all(axis=1) | missing
    return {f"{item.code}.{o}": block[:, j] for j, o in enumerate(options)}, is_answered


def _coded(
    work: _Work, item: Item, match: Match, code: Callable[[str], Answer]
) -> tuple[Sequence[str], dict[str, Answer]]:
    """Code a column; collect its log entries, faults and missing codes."""
    cells = work.table.cells[match.column]
    answers = code_column(cells, code)
    noteworthy = {cell: a for cell, a in answers.items() if a.rule or a.fault or a.missing is not None}
    for row, cell in enumerate(cells) if noteworthy else ():
        if cell not in noteworthy:
            continue
        answer, line = noteworthy[cell], work.table.lines[row]
        if answer.rule:
            work.log.append((line, item.code, answer.rule, cell, shown(answer)))
        if answer.fault:
            message = fault_message(answer, item, work.instrument)
            work.problems.append(Problem(work.table.file, line, item.code, *message))
        if answer.missing is not None:
            work.nonresponse.append((row, item.code, answer.missing))
    return cells, answers


def _codes(work: _Work, mapping: ColumnMapping, key: bytes) -> tuple[pd.DataFrame, list[int], list[int]]:
    """Hash the elements of the linking code; list rows with an unusual spelling and rows with a mistyped token."""
    table, instrument = work.table, work.instrument
    respelled: list[int] = []
    mistyped: list[int] = []
    data = {}
    for index, element in enumerate(code_elements(instrument)):
        column = np.full(len(table), None, dtype=object)
        for match in (m for m in mapping.matches if m.item == element):
            cells = table.cells[match.column]
            plain = plain_elements(cells, element, instrument, blanks=table.blanks)
            token = instrument.item(element).kind == "token"
            if token:
                mistyped += [n for n, c in zip(table.lines, cells, strict=True) if plain[c] and not is_token(c)]
            hashed = {c: pseudonym(key, index, text) for c, text in plain.items()}
            column[:] = [hashed[c] for c in cells]
            odd = {c for c, text in plain.items() if text and not _as_printed(c, text, token=token)}
            for line in [n for n, c in zip(table.lines, cells, strict=True) if c in odd]:
                work.log.append((line, element, "code_spelling", "", ""))
                respelled.append(line)
        data[element] = pd.Series(column, dtype=object)
    return pd.DataFrame(data, index=range(len(table))), respelled, mistyped


def _as_printed(cell: str, element: str, *, token: bool) -> bool:
    """Tell whether an element of a code was written in the form that the questionnaire asks for."""
    return element == cell or tidy(cell) == shown_token(element) if token else element in (cell, tidy(cell).zfill(2))


def plain_elements(
    cells: Sequence[str], element: str, instrument: Instrument, *, blanks: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Normalise the cells of a code element; blank and user-missing cells become ""."""
    plain = {c: normalise_element(c) for c in set(cells)}
    if instrument.item(element).kind == "token":
        plain = {c: text and normal_token(c) for c, text in plain.items()}
    if instrument.missing(element):
        labels = coder(instrument.item(element), instrument, blanks=blanks)
        plain |= {c: "" for c in plain if labels(c).missing is not None}
    return plain


def _at_most(work: _Work, responses: pd.DataFrame, wave: str) -> list[int]:
    """Blank answers that exceed the total they are part of (NW4 <= NW3 must hold), and list their rows."""
    rows: list[int] = []
    for item in work.instrument.in_wave(wave):
        if item.at_most is None or not {item.code, item.at_most} <= set(responses):
            continue
        over = responses[item.code] > responses[item.at_most]
        for row, value in responses.loc[over, ["row", item.code]].itertuples(index=False, name=None):
            work.log.append((int(row), item.code, "at_most", shown(Answer(value)), ""))
            rows.append(int(row))
        responses.loc[over, item.code] = np.nan
    return rows


def _times(work: _Work, role: str) -> Times:
    """Read the times of a role; log every time that cannot be read."""
    cells = work.table.meta(role) or [""] * len(work.table)
    times = parse_times(cells)
    for place in times.unread:
        work.log.append((work.table.lines[place], role, "time_unread", cells[place], ""))
    return times


def _time_notes(table: RawTable, submitted: Times, usable: pd.Series) -> dict[str, list[int]]:
    """Note rows with odd times; a response without a time is unfinished if others of the file have one."""
    cells = table.meta("submitted") or []
    blank = [
        line for line, cell, is_usable in zip(table.lines, cells, usable, strict=False) if is_usable and not tidy(cell)
    ]
    return {
        "unread_time": [] if submitted.unclear else [table.lines[place] for place in submitted.unread],
        "unclear_time": table.lines[:1] if submitted.unclear else [],
        "unfinished": blank if any(map(tidy, cells)) else [],
    }


def _text_places(mapping: ColumnMapping, instrument: Instrument) -> list[int]:
    kinds = {i.code: i.kind for i in instrument.items}
    return [m.column for m in mapping.matches if kinds[m.item] in ("text", "link", "token")]
