"""Write a simulated wave as a survey tool exports it, quirks included.

The shapes follow real exports (LimeSurvey) or published descriptions of them (Google Forms, Google Sheets).
"""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, Literal

import pandas as pd

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.simulate.event import Simulated

NBSP = "\u00a0"
YES_NO = {"et": ("Jah", "Ei"), "en": ("Yes", "No")}
STAMP = {"et": "Ajatempel", "en": "Timestamp"}


def to_google_forms(
    simulated: Simulated, wave: str, language: str = "et", *, style: Literal["sheets", "forms"] = "sheets"
) -> str:
    """Write a wave as Google Forms exports it: question text as header, grids as ``stem [row]``, labels.

    Parameters
    ----------
    simulated : Simulated
    wave, language : str
    style : {"sheets", "forms"}
        As the linked sheet gives it (``8/21/2019 13:10:31``, several answers joined by ``", "``) or as the form itself
        does (``2021/03/27 3:58:32 PM GMT+2``, all quoted, joined by ``";"``).

    Returns
    -------
    str
        CSV text; lines end with a line feed.
    """
    return "".join(google_records(simulated, wave, language, style=style))


def google_records(simulated: Simulated, wave: str, language: str = "et", *, style: str = "sheets") -> list[str]:
    """Give the records of `to_google_forms`, header first."""
    inst, frame = simulated.instrument, simulated.submitted[wave]
    items, sheets = _items_asked(simulated, wave), style == "sheets"
    header = [STAMP.get(language, "Timestamp"), *(_google_header(i, language) for i in items)]
    times = [_sheets_time(t) if sheets else _forms_time(t) for t in frame["sent"]]
    columns = [[_label(inst, i, v, language, ", " if sheets else ";") for v in frame[i.code]] for i in items]
    return _csv([header, *map(list, zip(times, *columns, strict=True))], quote_all=not sheets, end="\n")


def to_limesurvey(simulated: Simulated, wave: str, language: str = "et", *, codes: bool = False) -> str:
    """Write a wave as LimeSurvey exports it: byte order mark, CRLF, every cell quoted.

    Parameters
    ----------
    simulated : Simulated
    wave, language : str
    codes : bool
        Whether to write question and answer codes instead of full texts.

    Returns
    -------
    str
        CSV text beginning with a byte order mark.
    """
    return "\ufeff" + "".join(limesurvey_records(simulated, wave, language, codes=codes))


def limesurvey_records(simulated: Simulated, wave: str, language: str = "et", *, codes: bool = False) -> list[str]:
    """Give the records of `to_limesurvey`, header first, without the byte order mark."""
    inst, frame, items = simulated.instrument, simulated.submitted[wave], _items_asked(simulated, wave)
    completed = frame["kind"] != "partial"
    stamps = [f"{t:%Y-%m-%d %H:%M:%S}" for t in frame["sent"]]
    columns: list[tuple[str, list[str]]] = [
        ("id" if codes else "Response ID", [str(n) for n in range(1, len(frame) + 1)]),
        ("submitdate" if codes else "Date submitted", [s if d else "" for s, d in zip(stamps, completed, strict=True)]),
        ("lastpage" if codes else "Last page", ["9" if d else "2" for d in completed]),
        ("startlanguage" if codes else "Start language", [language] * len(frame)),
        ("seed" if codes else "Seed", [str(1000003 * n % 2147483647) for n in range(1, len(frame) + 1)]),
        ("datestamp" if codes else "Date last action", stamps),
    ]
    for item in items:
        columns += _lime_columns(inst, item, frame[item.code], language, codes=codes)
    rows = [[h for h, _ in columns], *map(list, zip(*(c for _, c in columns), strict=True))]
    return _csv(rows, quote_all=True, end="\r\n")


def to_plain(simulated: Simulated, wave: str) -> str:
    """Write a wave as plain CSV: item codes as headers, numbers and option keys as answers, missing codes negative."""
    return "".join(plain_records(simulated, wave))


def plain_records(simulated: Simulated, wave: str) -> list[str]:
    """Give the records of `to_plain`, header first."""
    frame, items = simulated.submitted[wave], _items_asked(simulated, wave)
    times = [f"{t:%Y-%m-%d %H:%M:%S}" for t in frame["sent"]]
    columns = [[";".join(v) if isinstance(v, tuple) else _text(v) for v in frame[i.code]] for i in items]
    rows = [["submitted", *(i.code for i in items)], *map(list, zip(times, *columns, strict=True))]
    return _csv(rows, quote_all=False, end="\n")


def lines(records: Iterable[str]) -> list[int]:
    """Give the physical line on which each record begins, counted from 1 (the header's)."""
    starts, line = [], 1
    for record in records:
        starts.append(line)
        line += record.count("\n")
    return starts


def _items_asked(simulated: Simulated, wave: str) -> list[Item]:
    frame = simulated.submitted[wave]
    return [i for i in simulated.instrument.in_wave(wave) if i.code in frame]


def _csv(rows: list[list[str]], *, quote_all: bool, end: str) -> list[str]:
    out = []
    for row in rows:
        buffer = io.StringIO(newline="")
        quoting: Any = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
        csv.writer(buffer, quoting=quoting, lineterminator=end).writerow(row)
        out.append(buffer.getvalue())
    return out


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _label(inst: Instrument, item: Item, value: Any, language: str, joiner: str) -> str:
    """Give an answer as the label people see."""
    if isinstance(value, tuple):
        return joiner.join(_label(inst, item, v, language, joiner) for v in value)
    response_set = inst.response_set(item)
    if value is None or value != value:
        return ""
    if response_set is not None:
        return response_set.label(value, language)
    missing = {m.value: m.label for m in item.missing}
    return missing[value].get(language, "") if not isinstance(value, str) and value in missing else str(value)


def _google_header(item: Item, language: str) -> str:
    stem, text = item.stem.get(language, ""), item.text.get(language) or next(iter(item.text.values()))
    return f"{stem} [{text}]" if stem else text


def _sheets_time(moment: pd.Timestamp) -> str:
    return f"{moment.month}/{moment.day}/{moment.year} {moment.hour}:{moment:%M:%S}"


def _forms_time(moment: pd.Timestamp) -> str:
    zone = pd.Timestamp(moment).tz_localize("Europe/Tallinn").utcoffset()
    hours = int(zone.total_seconds() // 3600) if zone is not None else 2
    return f"{moment:%Y/%m/%d} {moment.hour % 12 or 12}:{moment:%M:%S %p} GMT+{hours}"


def _lime_columns(
    inst: Instrument, item: Item, values: pd.Series, language: str, *, codes: bool
) -> list[tuple[str, list[str]]]:
    """Give the columns of an item: one, or one per option if several may be chosen."""
    text = item.text.get(language) or next(iter(item.text.values()))
    stem = item.stem.get(language, "")
    # The LimeSurvey editor leaves no-break spaces and a trailing space in questions.
    question = (stem or text).replace(" ", NBSP, 1) + " "
    response_set = inst.response_set(item)
    if item.kind != "multiple" or response_set is None:
        header = item.code if codes else f"{question}[{text}]" if stem else question
        say: Callable[[Any], str] = _text if codes else lambda v: _label(inst, item, v, language, ", ")
        return [(header, [say(v) for v in values])]
    yes, no = ("Y", "") if codes else YES_NO.get(language, YES_NO["en"])
    out = []
    for option in response_set.options:
        label = response_set.label(option.value, language)
        header = f"{item.code}[{option.value}]" if codes else f"{question}[{label}]"
        out.append((header, ["" if v is None else yes if option.value in v else no for v in values]))
    return out
