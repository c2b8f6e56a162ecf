"""Code text cells: labels in any language of the instrument, numbers, missing codes.

A cell's meaning depends on its text alone, so every different text of a column is coded only once.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from vunki_eval.errors import M_, Message
from vunki_eval.project.instrument import Instrument, Item, Value
from vunki_eval.readers.wording import label_key, number_text, tidy

FAULTS = {
    "label": (M_("The answer matches no label of the item."), "VE-340"),
    "range": (M_("The answer is outside {range}."), "VE-341"),
    "integer": (M_("The answer is not a whole number."), "VE-342"),
    "number": (M_("The answer is not a number."), "VE-340"),
    "date": (M_("The answer looks like a date; a spreadsheet may have converted it."), "VE-343"),
    "decimal": (M_("The separator in the number may mark decimals or thousands."), "VE-346"),
}
_HINTS = {
    "date": M_("Restore the answer from the tool's own export."),
    "decimal": M_('Declare decimal = "," or decimal = "." for this wave in surveys/project.toml.'),
}
_HINT = M_("Correct the cell, or add the label (also) or the missing code to the item in surveys/instrument.toml.")
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
    """What a cell means: a value, a missing code or nothing; the rule that changed it; what is wrong with it."""

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
        Texts by which the tool marks a question as not shown.
    """
    labels, numbers = _labels(item, instrument)
    response_set = instrument.response_set(item)

    def code(cell: str) -> Answer:
        text = tidy(cell)
        if not text or text.casefold() in blanks:
            return BLANK
        if response_set is None and item.kind != "number":
            return Answer(cell.strip())
        number = number_text(text) or (_written_out(text) if item.kind == "number" else None)
        if number is None:
            answer = labels.get(label_key(text))
            return answer or Answer(fault=_fault(text, item))
        if (listed := numbers.get(number)) is not None:
            return listed if number == text else replace(listed, rule="number_spelling")
        return _number(text, number, item, numbers, decimal)

    return code


def shown(answer: Answer) -> str:
    """Write what a cell means, for the log."""
    return str(_plain(answer.value) if answer.missing is None else answer.missing) if answer != BLANK else ""


def code_column(cells: Sequence[str], code: Coder) -> dict[str, Answer]:
    """Read every different cell of a column once."""
    return {cell: code(cell) for cell in set(cells)}


def numeric(item: Item, instrument: Instrument) -> bool:
    """Tell whether an item's answers are numbers (counts and ordered answers)."""
    response_set = instrument.response_set(item)
    return item.kind == "number" or (item.kind == "single" and response_set is not None and response_set.ordered)


def values(cells: Sequence[str], answers: dict[str, Answer], *, as_numbers: bool) -> np.ndarray:
    """Give the values of a column: float with NaN, or objects with None."""
    if as_numbers:
        numbers = {cell: np.nan if a.value is None else float(a.value) for cell, a in answers.items()}
        return np.array([numbers[cell] for cell in cells], dtype=float)
    return np.array([answers[cell].value for cell in cells], dtype=object)


def split_answers(
    item: Item, instrument: Instrument, *, blanks: frozenset[str] = frozenset()
) -> Callable[[str], Answer]:
    """Make the function that reads joined answers; its values are option keys separated by line feeds."""
    labels, numbers = _labels(item, instrument)
    by_label = {**labels, **{label_key(k): v for k, v in numbers.items()}}

    def code(cell: str) -> Answer:
        text = tidy(cell)
        if not text or text.casefold() in blanks:
            return BLANK
        if (whole := by_label.get(label_key(text))) and whole.missing is not None:
            return whole
        parts = _parts(re.split(r"[;,|\n]", cell), by_label) or _parts(text.split(), by_label)
        if not parts or any(a.missing is not None for a in parts):
            return Answer(fault="label")
        return Answer("\n".join(dict.fromkeys(str(_plain(a.value)) for a in parts)))

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
        answer = labels.get(key) or numbers.get(number_text(text) or "")
        if answer and answer.missing is not None:
            return answer
        return Answer(1.0) if answer and str(_plain(answer.value)) == str(option) else Answer(fault="label")

    return code


def fault_message(answer: Answer, item: Item, instrument: Instrument) -> tuple[Message, Message, str]:
    """Give problem, hint and code of a fault."""
    problem, code = FAULTS[answer.fault]
    return problem.filled(range=_span(item, instrument)), _HINTS.get(answer.fault, _HINT), code


def _labels(item: Item, instrument: Instrument) -> tuple[dict[str, Answer], dict[str, Answer]]:
    """Map labels (also with the value before or after them), and numbers that are values or labels, to answers."""
    response_set = instrument.response_set(item)
    pairs: list[tuple[str, Answer]] = []
    for option in response_set.options if response_set else ():
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


def _certain(candidates: dict[str, set[Answer]]) -> dict[str, Answer]:
    """Keep what stands for exactly one answer; a label shared by two answers is ambiguous and dropped."""
    return {key: next(iter(answers)) for key, answers in candidates.items() if key and len(answers) == 1}


def _spellings(value: Value, labels: Sequence[str]) -> list[str]:
    return [str(value), *labels, *(f"{value} {t}" for t in labels), *(f"{t} {value}" for t in labels)]


def _number(text: str, number: str, item: Item, numbers: dict[str, Answer], decimal: str) -> Answer:
    """Read a number that is not literally one of the item's values: other spellings, counts, faults."""
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
    """Write out a count that a spreadsheet or R gave in scientific notation (``2.5e+05``)."""
    return f"{Decimal(text):f}" if _POWER.fullmatch(text) else None


def _fault(text: str, item: Item) -> str:
    if _DATE.fullmatch(text):
        return "date"
    return "number" if item.kind == "number" else "label"


def _parts(pieces: Sequence[str], by_label: dict[str, Answer]) -> list[Answer]:
    """Find the answers that pieces of a cell make up; empty if any piece fits none.

    A label that holds a separator spans several pieces, so the longest run is tried first.
    """
    pieces = [p for p in pieces if label_key(p)]
    parts, start = [], 0
    while start < len(pieces):
        ends = range(len(pieces), start, -1)
        end = next((e for e in ends if label_key(" ".join(pieces[start:e])) in by_label), None)
        if end is None:
            return []
        parts.append(by_label[label_key(" ".join(pieces[start:end]))])
        start = end
    return parts


def _plain(value: float | str | None) -> float | str | int | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _span(item: Item, instrument: Instrument) -> str:
    response_set = instrument.response_set(item)
    if item.range is not None:
        return f"{item.range[0]}-{item.range[1]}"
    return (
        f"{response_set.low}-{response_set.high}"
        if response_set and response_set.ordered
        else M_("the answers of the item")
    )
