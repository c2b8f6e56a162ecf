"""The last check before publishing: whole exports, no failed cell, nothing that points to a person, files unchanged."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vunki_eval.errors import BuildError
from vunki_eval.publish.last_check import check_export, check_texts, check_whole, written_texts

PDF = b"%PDF-1.7\n1 0 obj<</Type/Pages/Count 2/Kids[2 0 R 3 0 R]>>endobj <</Type/Page>> <</Type /Page>>\n"
PDF += b"startxref\n9\n%%EOF\n"
HTML = b'<!doctype html><html><svg role="img" aria-label="Up"></svg><img alt="" src="data:,"></html>'


def build(folder: Path, output: dict[str, Any], value: str = "fine") -> Path:
    report = folder / "2020-antsla"
    (report / "et").mkdir(parents=True)
    cell = {"cell_type": "code", "outputs": [output]}
    (report / "et" / "report.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown"}, cell]}), "utf-8")
    (report / "results.json").write_text(json.dumps({"facts": [{"value": value, "n": 38001085718}]}), "utf-8")
    return report


def shown(text: str) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {"text/html": f"<p title='x'>{text}</p>", "text/plain": "<Section>"}}


@pytest.mark.parametrize(("name", "data"), [("pdf", PDF), ("html", HTML), ("docx", b"PK\x03\x04 word/document.xml")])
def test_whole_exports_pass_and_halves_do_not(name: str, data: bytes) -> None:
    check_export(data, name, "e", "et")
    for half in (b"", data[: len(data) // 2], data[3:]):
        with pytest.raises(BuildError, match=rf"e/et: The {name} export is not complete.*VE-404"):
            check_export(half, name, "e", "et")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pdf", PDF.replace(b"/Count 2", b"/Count 3")),
        ("pdf", PDF.replace(b"\n9\n", b"\n99999\n")),
        ("html", HTML.replace(b'"Up"', b'" "')),
        ("html", HTML.replace(b' aria-label="Up"', b"")),
        ("html", HTML.replace(b' alt=""', b"")),
    ],
)
def test_pages_are_counted_and_drawings_have_a_name(name: str, data: bytes) -> None:
    with pytest.raises(BuildError, match="VE-404"):
        check_export(data, name, "e", "et")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kirjuta mari@naide.ee", "an e-mail address"),
        ("kood 38001085718", "a personal code"),
        ("380 0108 5718.", "a personal code"),
        ("380-010-857-18, nagu öeldud", "a personal code"),
        ("EE38 2200 2210 2014 5685", "a bank account"),
        ("LT12 1000 0111 0100 1000 SWED", "a bank account"),
        ("BE68539007547034", "a bank account"),
    ],
)
def test_what_points_to_a_person_is_refused_by_kind_and_place(tmp_path: Path, text: str, kind: str) -> None:
    report = build(tmp_path, shown(text))
    refused = rf"2020-antsla/et/report\.ipynb:cell 2: .* contains {kind} .*VE-800"
    with pytest.raises(BuildError, match=refused) as caught:
        check_texts(report, "et", "")
    assert text.split()[-1] not in str(caught.value)
    check_texts(report, "et", f"contact = '{text.upper()}'")  # a person wrote it for readers
    with pytest.raises(BuildError, match=r"results\.json: .*VE-800"):
        check_texts(build(tmp_path / "b", shown("fine"), value=text), "et", "")


def test_numbers_and_neighbouring_cells_are_no_codes(tmp_path: Path) -> None:
    cells = "".join(f"<td>{x}</td>" for x in ("3", "80010", "85718"))
    check_texts(build(tmp_path, shown(f"{cells} 0,3800108571 n = 38 SA12 2020 2021 2022")), "et", "")


def test_a_failed_cell_is_refused(tmp_path: Path) -> None:
    failed = {"output_type": "error", "ename": "KeyError", "evalue": "secret", "traceback": ["secret"]}
    with pytest.raises(BuildError, match=r"report\.ipynb:cell 2: A cell failed.*VE-401") as caught:
        check_texts(build(tmp_path, failed), "et", "")
    assert "secret" not in str(caught.value)


def test_files_must_be_as_they_were_made(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"schema": 1, "outputs": []}', "utf-8")
    check_whole(tmp_path, "e")
    (tmp_path / "added.txt").write_text("x")
    with pytest.raises(BuildError, match=r"reports/e: A file of the new report.*VE-801"):
        check_whole(tmp_path, "e")
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(BuildError, match="VE-801"):
        check_whole(tmp_path, "e")


def test_only_what_people_wrote_counts_as_written(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "commentary.et.md").write_text("info@naide.ee", "utf-8")
    (tmp_path / "e" / "post.csv").write_text("mari@naide.ee", "utf-8")
    assert written_texts(tmp_path) == "info@naide.ee"


@pytest.mark.parametrize("text", [
    "0.38001085718", "12,38001085718", "38001085718.25", "3 8 0 0 1 0 8 5 7 1 8", "3\n8\n0\n0\n1\n0\n8\n5\n7\n1\n8",
    "380\t0108\t5718", "12 380 0108 5718", "380 0108 5718 4",
    "38001085719", "TT12 1000 0111 0100 1000", "LT12 1000 0111 0100", "LT13 1000 0111 0100 1000",
])  # fmt: skip
def test_numbers_that_only_look_like_a_code_stop_nothing(tmp_path: Path, text: str) -> None:
    check_texts(build(tmp_path, shown(text), text), "et", "")


def test_tables_of_random_numbers_stop_nothing(tmp_path: Path) -> None:
    """Columns of digits, of counts and of decimals, as a cell prints them: a hundred thousand numbers."""
    draw = np.random.default_rng(5)
    for number, table in enumerate((
        draw.integers(0, 10, (3_000, 11)), draw.integers(0, 1000, (3_000, 11)), draw.random((3_000, 11)),
    )):  # fmt: skip
        frame = pd.DataFrame(table)
        text = frame.to_string() + frame.to_csv(sep=" ") + "\n".join(map(str, table[:, 0]))
        check_texts(build(tmp_path / str(number), {"output_type": "stream", "text": text}), "et", "")
