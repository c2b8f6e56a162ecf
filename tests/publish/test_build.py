"""Published CSVs: formulas defused in texts only, every row stays one row."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.publish.build import csv_text


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@sum", "\tx"])
def test_text_that_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert next(csv.reader(io.StringIO(csv_text([[text]])))) == [f"'{text}"]


@pytest.mark.parametrize("value", [-1.5, "-1,5", "+0.7", "\u22120,7", "plain", ""])
def test_numbers_and_plain_texts_stay(value: object) -> None:
    assert next(csv.reader(io.StringIO(csv_text([[value, "x"]]))))[0] == str(value)


def test_a_lone_carriage_return_does_not_split_a_row() -> None:
    assert list(csv.reader(io.StringIO(csv_text([["a\rb", "c"]])))) == [["a\nb", "c"]]


@pytest.mark.slow
def test_the_estonian_feedback_summary_is_made_whatever_else_is(own_project: Path) -> None:
    given = ["report", "--project", str(own_project), "--event", "2021-online", "--language", "et", "--language", "en"]
    done = CliRunner().invoke(app, [*given, "--format", "html"])
    assert done.exit_code == 0, done.output
    folder = own_project / "reports" / "2021-online"
    assert (folder / "et" / "feedback.pdf").read_bytes()[:5] == b"%PDF-"
    assert not (folder / "en" / "feedback.pdf").exists()
    listed = {o["path"] for o in json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"]}
    assert "et/feedback.pdf" in listed
