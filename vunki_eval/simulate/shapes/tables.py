"""Write shapes without a tool of their own: plain tables, SPSS, paper forms typed in twice."""

from pathlib import Path
from typing import Any

import pandas as pd

from vunki_eval.simulate.shapes.files import write_csv, write_ods, write_xlsx
from vunki_eval.simulate.shapes.wave import Rows, SimulatedWave, beside, own_columns, with_codes

STAMP = "%Y-%m-%d %H:%M:%S"


def _plain(wave: SimulatedWave, style: str = STAMP) -> Rows:
    return beside(own_columns(["submitted"], wave.times(style)), with_codes(wave))


def plain_csv(wave: SimulatedWave, folder: Path) -> Path:
    """Write item codes and values with a byte order mark and semicolons."""
    return write_csv(
        folder / "a.csv", _plain(wave, "%Y-%m-%dT%H:%M:%S"), delimiter=";", encoding="utf-8-sig", end="\r\n"
    )  # fmt: skip


def plain_utf16(wave: SimulatedWave, folder: Path) -> Path:
    """Write what a spreadsheet saves as "Unicode text": UTF-16, tabs, Estonian dates."""
    rows = _plain(wave, "%d.%m.%Y %H:%M:%S")
    return write_csv(folder / "a.txt", rows, delimiter="\t", encoding="utf-16", end="\r\n")


def plain_xlsx(wave: SimulatedWave, folder: Path) -> Path:
    """Write a workbook."""
    return write_xlsx(folder / "a.xlsx", _plain(wave))


def plain_ods(wave: SimulatedWave, folder: Path) -> Path:
    """Write an OpenDocument sheet."""
    return write_ods(folder / "a.ods", _plain(wave))


def spss(wave: SimulatedWave, folder: Path) -> Path:
    """Write codes in descending order with value labels; option columns have an underscore in their names."""
    import pyreadstat

    data: dict[str, list[Any]] = {"submitted": wave.times(STAMP)}
    labels: dict[str, dict[float, str]] = {}
    titles: dict[str, str | None] = {}
    for item in wave.items:
        answers = [person[item.code] for person in wave.answers]
        if item.kind == "multiple":
            for option in wave.options(item):
                data[f"{item.code}_{option}"] = [None if v is None else float(option in v) for v in answers]
        elif values := wave.values(item)[::-1]:
            data[item.code] = [None if v is None else float(values.index(v)) for v in answers]
            labels[item.code] = {float(k): wave.label(item, v) for k, v in enumerate(values)}
            titles[item.code] = wave.header(item)
        elif item.kind in ("text", "link"):
            data[item.code] = [None if v is None else str(v) for v in answers]
        else:
            data[item.code] = [None if v is None else float(v) for v in answers]
    frame = pd.DataFrame(
        {k: pd.Series(v, dtype=float if any(isinstance(x, float) for x in v) else object) for k, v in data.items()}
    )
    path = folder / "a.sav"
    pyreadstat.write_sav(frame, str(path), column_labels=titles, variable_value_labels=labels)
    return path


def paper(wave: SimulatedWave, folder: Path) -> Path:
    """Write every paper form as typed in twice, except for texts, which are typed in once."""
    once = _plain(wave)
    texts = {i.code for i in wave.items if i.kind == "text"}
    skipped = [k for k, name in enumerate(once[0]) if name in texts]
    twice = [["" if k in skipped else c for k, c in enumerate(row)] for row in once]
    rows = [[form, e, *part[int(form)]] for form in wave.numbers() for e, part in (("1", once), ("2", twice))]
    return write_csv(folder / "a.csv", [["form", "entry", *once[0]], *rows])
