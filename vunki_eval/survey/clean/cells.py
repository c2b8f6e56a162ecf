"""Answers as text to values: labels in any language of the instrument, numbers, missing codes.

A cell's text decides alone what becomes of it, so every different text of a column is looked at once.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from vunki_eval.project.instrument import Instrument, Item, Value
from vunki_eval.readers.cells import distinct, looked_up
from vunki_eval.readers.wording import label_key, number_text, tidy

FAULTS = {
    "label": ("The answer matches no label of the item.", "VE-340"),
    "range": ("The answer is outside {range}.", "VE-341"),
    "integer": ("The answer is no whole number.", "VE-342"),
    "number": ("The answer is no number.", "VE-340"),
    "date": ("The answer looks like a date that a spreadsheet made of it.", "VE-343"),
    "decimal": ("The mark in the number may part decimals or thousands.", "VE-346"),
}
_CURES = {
    "date": "Restore the answer from the tool's own export.",
    "decimal": 'Declare decimal = "," or decimal = "." for this wave in surveys/project.toml.',
}
_CURE = "Correct the cell, or add the label (also) or the missing code to the item in surveys/instrument.toml."
_MONTH = r"(?:jaan|jan|veebr|veeb|feb|märts|mär|mar|apr|mai|may|juuni|jun|juuli|jul|aug|sept|sep|okt|oct|nov|dets|dec)"
_DATE = re.compile(
    rf"\d{{1,2}}[.\-/ ]*{_MONTH}\w*\.?(?:[.\-/ ]*\d{{2,4}})?|{_MONTH}\w*[.\-/ ]+\d{{1,4}}"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d(?:[ T].*)?|\d{1,2}\.\d{1,2}\.",
    re.IGNORECASE,
)
_POWER = re.compile(r"-?\d(?:\.\d+)?[eE][+-]?\d{1,2}")
YES = {"1", "yes", "jah", "y", "true", "checked", "x", "on", "selected", "märgitud", "valitud", "tõene"}
NO = {"0", "no", "ei", "n", "false", "unchecked", "off", "not selected", "märkimata", "valimata", "väär"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cell means: a value, a missing code, or nothing; the rule that changed it; the fault that it has."""

    value: float | str | None = None
    missing: int | None = None
    rule: str = ""
    fault: str = ""


BLANK = Answer()
Coder = Callable[[str], Answer]


def coder(item: Item, instrument: Instrument, *, decimal: str = "", blanks: frozenset[str] = frozenset()) -> Coder:
    """Make the function that reads the cells of an item with one answer.

    Parameters
    ----------
    item : Item
        Of kind single, number or text.
    instrument : Instrument
    decimal : str
        Declared decimal mark; "" when none is declared.
    blanks : frozenset of str
        Words of the tool for "not shown".
    """
    labels, numbers = _labels(item, instrument)
    chosen = instrument.response_set(item)

    def code(cell: str) -> Answer:
        text = tidy(cell)
        if not text or text.casefold() in blanks:
            return BLANK
        if chosen is None and item.kind != "number":
            return Answer(cell.strip())
        number = number_text(text) or (_written_out(text) if item.kind == "number" else None)
        if number is None:
            found = labels.get(label_key(text))
            return found or Answer(fault=_fault(text, item))
        if (listed := numbers.get(number)) is not None:
            return listed if number == text else replace(listed, rule="number_spelling")
        return _number(text, number, item, numbers, decimal)

    return code


def shown(answer: Answer) -> str:
    """Write what a cell means, for the log."""
    return str(_plain(answer.value) if answer.missing is None else answer.missing) if answer != BLANK else ""


def code_column(cells: Sequence[str], code: Coder) -> dict[str, Answer]:
    """Read every different cell of a column once."""
    return {cell: code(cell) for cell in distinct(cells)}


def numeric(item: Item, instrument: Instrument) -> bool:
    """Tell whether an item's answers are numbers (counts and ordered answers)."""
    chosen = instrument.response_set(item)
    return item.kind == "number" or (item.kind == "single" and chosen is not None and chosen.ordered)


def values(cells: Sequence[str], answers: dict[str, Answer], *, as_numbers: bool) -> np.ndarray:
    """Values of a column: float with NaN, or objects with None."""
    if as_numbers:
        known = {cell: np.nan if a.value is None else float(a.value) for cell, a in answers.items()}
        return looked_up(cells, known, float)
    return looked_up(cells, {cell: a.value for cell, a in answers.items()}, object)


def split_answers(
    item: Item, instrument: Instrument, *, blanks: frozenset[str] = frozenset()
) -> Callable[[str], Answer]:
    """Make the function that reads joined answers; its values are option keys parted by a line feed."""
    labels, numbers = _labels(item, instrument)
    known = {**labels, **{label_key(k): v for k, v in numbers.items()}}

    def code(cell: str) -> Answer:
        text = tidy(cell)
        if not text or text.casefold() in blanks:
            return BLANK
        if (whole := known.get(label_key(text))) and whole.missing is not None:
            return whole
        found = _parts(re.split(r"[;,|\n]", cell), known) or _parts(text.split(), known)
        if not found or any(a.missing is not None for a in found):
            return Answer(fault="label")
        return Answer("\n".join(dict.fromkeys(str(_plain(a.value)) for a in found)))

    return code


def ticked(item: Item, option: Value, instrument: Instrument, *, blanks: frozenset[str] = frozenset()) -> Coder:
    """Make the function that reads one option's own column: 1, 0, or blank."""
    labels, numbers = _labels(item, instrument)

    def code(cell: str) -> Answer:
        text = tidy(cell)
        key = label_key(text)
        if not text or text.casefold() in blanks:
            return BLANK
        if key in YES:
            return Answer(1.0)
        if key in NO:
            return Answer(0.0)
        found = labels.get(key) or numbers.get(number_text(text) or "")
        if found and found.missing is not None:
            return found
        return Answer(1.0) if found and str(_plain(found.value)) == str(option) else Answer(fault="label")

    return code


def fault_words(answer: Answer, item: Item, instrument: Instrument) -> tuple[str, str, str]:
    """Problem, hint and code of a fault."""
    problem, code = FAULTS[answer.fault]
    return problem.format(range=_span(item, instrument)), _CURES.get(answer.fault, _CURE), code


def _labels(item: Item, instrument: Instrument) -> tuple[dict[str, Answer], dict[str, Answer]]:
    """Answers by label (also with the value before or behind it), and by numbers that are values or labels."""
    chosen = instrument.response_set(item)
    pairs: list[tuple[str, Answer]] = []
    for option in chosen.options if chosen else ():
        value = float(option.value) if numeric(item, instrument) else str(option.value)
        pairs += [(text, Answer(value)) for text in _spellings(option.value, (*option.label.values(), *option.also))]
    for gap in instrument.missing(item):
        answer = Answer(missing=gap.value)
        pairs += [(text, answer) for text in _spellings(gap.value, (*gap.label.values(), *gap.also))]
    labels: dict[str, set[Answer]] = {}
    numbers: dict[str, set[Answer]] = {}
    for text, answer in pairs:
        number = number_text(text)
        (labels if number is None else numbers).setdefault(number or label_key(text), set()).add(answer)
    return _certain(labels), _certain(numbers)


def _certain(found: dict[str, set[Answer]]) -> dict[str, Answer]:
    """Keep what means one answer; a label of two answers means none."""
    return {key: next(iter(answers)) for key, answers in found.items() if key and len(answers) == 1}


def _spellings(value: Value, labels: Sequence[str]) -> list[str]:
    return [str(value), *labels, *(f"{value} {t}" for t in labels), *(f"{t} {value}" for t in labels)]


def _number(text: str, number: str, item: Item, numbers: dict[str, Answer], decimal: str) -> Answer:
    """Read a number that is not listed as it stands: other spellings, counts, faults."""
    mark = next((m for m in ",." if m in number), "")
    if mark and mark != decimal and len(number.partition(mark)[2]) == 3:
        return Answer(fault="decimal")
    value = float(number.replace(",", "."))
    whole = value.is_integer()
    listed = numbers.get(str(int(value))) if whole else None
    rule = "" if text == number and not mark else "number_spelling"
    if listed is not None:
        return Answer(listed.value, listed.missing, rule)
    if item.kind == "number" and item.range is not None:
        if item.integer and not whole:
            return Answer(fault="integer")
        return Answer(value, rule=rule) if item.range[0] <= value <= item.range[1] else Answer(fault="range")
    if item.kind == "number":
        return Answer(value, rule=rule)
    if all(a.value is None or isinstance(a.value, str) for a in numbers.values()):
        return Answer(fault="label")
    return Answer(fault="range" if whole else "integer")


def _written_out(text: str) -> str | None:
    """Write a count that a spreadsheet or R gave as a power of ten (``2.5e+05``) in digits."""
    return f"{Decimal(text):f}" if _POWER.fullmatch(text) else None


def _fault(text: str, item: Item) -> str:
    if _DATE.fullmatch(text):
        return "date"
    return "number" if item.kind == "number" else "label"


def _parts(pieces: Sequence[str], known: dict[str, Answer]) -> list[Answer]:
    """Answers of pieces; a label that holds a separator takes several pieces, the longest first."""
    pieces = [p for p in pieces if label_key(p)]
    found, start = [], 0
    while start < len(pieces):
        ends = range(len(pieces), start, -1)
        end = next((e for e in ends if label_key(" ".join(pieces[start:e])) in known), None)
        if end is None:
            return []
        found.append(known[label_key(" ".join(pieces[start:end]))])
        start = end
    return found


def _plain(value: float | str | None) -> float | str | int | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _span(item: Item, instrument: Instrument) -> str:
    chosen = instrument.response_set(item)
    if item.range is not None:
        return f"{item.range[0]}-{item.range[1]}"
    return f"{chosen.low}-{chosen.high}" if chosen and chosen.ordered else "the answers of the item"
