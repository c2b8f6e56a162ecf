"""Every real export, read and cleaned without a mapping made by hand: each closed answer comes back as it was given.

An instrument is made for each file from what an independent reader (csv, calamine, pyreadstat) finds in it: the
questions in capital letters and with other spaces, the answers as they stand. Only columns that repeat a header are
left out. The files stay where they are (VUNKI_REAL_DATA).
"""

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Event, ReaderOptions
from vunki_eval.readers import RawTable, read_export
from vunki_eval.readers.column_mapping import map_columns
from vunki_eval.readers.wording import header_key, label_key
from vunki_eval.survey.clean import Cleaned, clean_table

pytestmark = pytest.mark.real
Columns = list[list[str]]


@dataclass(frozen=True)
class Real:
    """A file, who reads it, its header rows, and what is to be found: responses, closed items, numbers."""

    file: str
    reader: str
    heads: int
    rows: int
    closed: int
    numbers: int
    options: tuple[tuple[str, Any], ...] = ()


EXPORTS = (
    Real("msforms/P1-1-30.xlsx", "microsoft_forms", 1, 30, 6, 1),
    Real("msforms/P2-1-30.xlsx", "microsoft_forms", 1, 30, 13, 1),
    Real("limesurvey/sealuzh_full_answers.csv", "limesurvey", 1, 70, 102, 12),
    Real("limesurvey/limonaid_survey_100001_R_data_file.csv", "limesurvey", 1, 3, 5, 114),
    Real("limesurvey/limonaid_survey_998192_R_data_file.csv", "limesurvey", 1, 7, 5, 28),
    Real("kobo/cleaningtools_raw_first60.csv", "kobo", 1, 60, 141, 32),
    Real("qualtrics/qualtRics_sample.csv", "qualtrics", 3, 1, 0, 1),
    Real("qualtrics/qualtRics_sample_legacy.csv", "qualtrics", 2, 1, 0, 1),
    Real("surveymonkey/todogroup_2018_first80.csv", "surveymonkey", 2, 80, 35, 0),
    Real("surveymonkey/todogroup_2020_first80.csv", "surveymonkey", 2, 80, 53, 0),
    Real("redcap/arm-multiple-delete/data.csv", "redcap", 1, 20, 1, 0, (("sheet", "event_1_arm_2"),)),
    Real("redcap/checkboxes-1/data.csv", "redcap", 1, 4, 1, 9),
    Real("redcap/decimal-comma/data.csv", "redcap", 1, 4, 1, 3, (("decimal", ","),)),
    Real("redcap/decimal-comma-and-dot/data.csv", "redcap", 1, 4, 1, 6, (("decimal", ","),)),
    Real("redcap/longitudinal/data.csv", "redcap", 1, 2, 8, 28, (("sheet", "enrollment_arm_1"),)),
    Real("redcap/russian/data.csv", "redcap", 1, 3, 1, 66),
    Real("redcap/survey/data.csv", "redcap", 1, 2, 2, 2),
    Real("carpentries/instructor_training_post_2018_idreplaced.csv", "plain", 1, 967, 35, 2),
    Real("carpentries/2020_carpentryconhome_raw.csv", "plain", 1, 124, 0, 14),
)
MOST_ANSWERS = 12


def independent(path: Path, heads: int, event: str) -> Columns:
    """Columns of a file as another reader finds them, without header rows and blank rows; rows of one event."""
    if path.suffix == ".xlsx":
        import python_calamine

        rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        given = [[str(int(c)) if isinstance(c, float) and c.is_integer() else str(c) for c in row] for row in rows]
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            given = [row for row in csv.reader(file) if any(row)]
    kept = [row for row in given[heads:] if not event or event in row]
    return [list(column) for column in zip(*kept, strict=True)]


def columns_of(table: RawTable, raw: Columns) -> list[tuple[int, list[str]]]:
    """Pair the columns of a table with the independent ones: in order, blank ones left out."""
    pairs, place = [], 0
    for k, (column, labelled) in enumerate(zip(table.columns, table.cells, strict=True)):
        codes = {label: code for code, label in column.labels}
        cells = [codes.get(c, c) for c in labelled]
        while place < len(raw) and not same(cells, raw[place]):
            place += 1
        assert place < len(raw), f"column {k} is in no order with the file"
        pairs.append((k, raw[place]))
        place += 1
    return pairs


def same(cells: Sequence[str], raw: Sequence[str]) -> bool:
    return all(
        c.strip() == r.strip()
        or c.removesuffix(" UTC").strip() == r.strip()
        or c[:16] == r[:16]
        or (not c and r[:1] == "[")
        for c, r in zip(cells, raw, strict=True)
    )


def is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+([.,]\d+)?(e[+-]?\d+)?", text.strip()) is not None


def made_instrument(table: RawTable, pairs: list[tuple[int, list[str]]]) -> tuple[Instrument, dict[str, list[str]]]:
    """Make an instrument of the closed and the number columns, with the answers to be met."""
    headers = Counter(header_key(table.columns[k].header) for k, _ in pairs)
    items, sets, wanted = [], [], {}
    for k, raw in pairs:
        column = table.columns[k]
        labels = dict(column.labels)
        given = [labels.get(c, c).strip() for c in raw]
        answers = list(dict.fromkeys(c for c in given if c and c.casefold() not in table.blanks))
        keys = {label_key(a) for a in answers}
        if column.role or headers[header_key(column.header)] > 1 or not answers or not header_key(column.header):
            continue
        code = f"I{k}"
        text = column.header.upper().replace(" ", "\u00a0 ")
        item = {"code": code, "role": "scale", "text": {"en": text}, "waves": ["post"], "translation": "original"}
        if all(map(is_number, answers)):
            items.append(item | {"kind": "number", "range": [-(10**9), 10**9], "integer": False})
        elif 2 <= len(answers) <= MOST_ANSWERS and len(keys) == len(answers) and not any(map(is_number, answers)):
            options = [{"value": n, "label": {"en": a}} for n, a in enumerate(answers, 1)]
            sets.append({"key": f"S{k}", "options": options})
            items.append(item | {"response_set": f"S{k}"})
        else:
            continue
        wanted[code] = given
    data = {"id": "real", "title": {"en": "Real"}, "languages": ["en"], "item": items, "response_set": sets,
            "wave": [{"key": "post", "order": 1, "title": {"en": "after"}}]}  # fmt: skip
    return Instrument.model_validate(data), wanted


def cleaned(path: Path, real: Real) -> tuple[RawTable, Instrument, Cleaned, dict[str, list[str]]]:
    options = ReaderOptions(**dict(real.options))
    table = read_export(path, f"surveys/e/{path.name}", options)
    raw = independent(path, real.heads, options.sheet)
    assert len(raw[0]) == real.rows
    instrument, wanted = made_instrument(table, columns_of(table, raw))
    mapping = map_columns(table, instrument, "post")
    event = Event(id="e", title={"en": "E"})
    decimal = dict(real.options).get("decimal", "")
    done = clean_table(table, mapping, instrument, wave="post", event=event, key=b"k" * 32, decimal=decimal)
    return table, instrument, done, wanted


@pytest.mark.parametrize("real", EXPORTS, ids=lambda r: r.file)
def test_every_closed_answer_comes_back(real_data: Path, real: Real) -> None:
    table, instrument, done, wanted = cleaned(real_data / real.file, real)
    assert (table.reader, len(table), len(done.responses)) == (real.reader, real.rows, real.rows)
    kinds = Counter(instrument.item(code).kind for code in wanted)
    for code, given in wanted.items():
        chosen = instrument.response_set(code)
        for cell, value in zip(given, done.responses[code], strict=True):
            if not cell or cell.casefold() in table.blanks:
                assert math.isnan(value), code
            elif chosen is not None:
                assert chosen.label(int(value), "en") == cell, code
            else:
                assert value == pytest.approx(float(cell.replace(",", "."))), code
    assert (kinds["single"], kinds["number"]) == (real.closed, real.numbers)


SPSS = {
    "haven_labelled-num-na.sav": (2, 1), "haven_labelled-num.sav": (1, 1), "haven_labelled-str.sav": (2, 1),
    "haven_umlauts.sav": (4, 1), "haven_variable-label.sav": (1, 1), "pyreadstat_sample.sav": (5, 7),
    "pyreadstat_sample.zsav": (5, 7), "pyreadstat_sample_missing.sav": (7, 7), "pyreadstat_missing_test.sav": (2, 1),
    "pyreadstat_ordered_category.sav": (4, 1), "pyreadstat_hebrews.sav": (99, 1), "pyreadstat_tegulu.sav": (1, 2),
}  # fmt: skip


@pytest.mark.parametrize("name", SPSS)
def test_spss_values_and_labels(real_data: Path, name: str) -> None:
    """Every cell is the label of its value, or the value; times are left to the tests of times."""
    import pyreadstat

    path = real_data / "spss" / name
    table = read_export(path, f"surveys/e/{name}")
    frame, meta = pyreadstat.read_sav(
        path, apply_value_formats=True, user_missing=True, disable_datetime_conversion=True
    )
    frame = frame.dropna(how="all").loc[lambda f: ~f.astype(str).isin(["", "nan"]).all(axis=1)]
    assert (len(table), len(table.columns)) == frame.shape == SPSS[name]
    for column, cells in zip(table.columns, table.cells, strict=True):
        if meta.original_variable_types[column.code][:1] not in ("A", "F"):
            continue
        for cell, value in zip(cells, frame[column.code].astype(object), strict=True):
            if isinstance(value, float):
                assert (cell == "") if math.isnan(value) else float(cell) == pytest.approx(value)
            else:
                assert cell == str(value).rstrip()
