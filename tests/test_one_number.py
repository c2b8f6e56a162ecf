"""One number has one value wherever it stands: PDF, HTML, CSV, results.json, results.xlsx and the executed notebook."""

import csv
import html
import json
import re
import subprocess
from pathlib import Path

import openpyxl
import pytest

from vunki_eval.report.tables.public_facts import indicator_value
from vunki_eval.results.blocks import SECTION_MIME
from vunki_eval.results.results import COLUMNS, Results, load_results
from vunki_eval.results.view import ResultsView, view_results

EVENTS = ("2020-antsla", "2021-online", "project")
PAGES = [(event, language) for event in EVENTS for language in ("et", "en")]
SECTIONS = {
    False: {"cover", "page-one", "summary", "participants", "trust", "networking", "cocreation", "event", "ideas",
            "groups", "sensitivity", "claims", "method", "items", "quality", "attrition", "disclosure",
            "reproducibility", "selfcheck"},
    True: {"cover", "page-one", "summary", "indicators", "initiatives", "money", "events", "theory", "decision",
           "claims", "method", "quality", "disclosure", "reproducibility", "selfcheck"},
}  # fmt: skip
# A change with its interval, as it is printed: +0,7 (0,3 kuni 1,1) or ×1.60 (1.35–1.90).
ET, EN = r"[+−]?\d+,\d+ \(−?\d+,\d+ kuni −?\d+,\d+\)", r"[+−]?\d+\.\d+ \(−?\d+\.\d+ to −?\d+\.\d+\)"
CHANGE = {"et": rf"{ET}|×\d+,\d+ \(\d+,\d+–\d+,\d+\)", "en": rf"{EN}|×\d+\.\d+ \(\d+\.\d+–\d+\.\d+\)"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(published_project: Path) -> Path:
    return published_project / "reports"


@pytest.fixture(scope="module")
def texts(built: Path) -> dict[tuple[str, str, str], str]:
    """What a reader sees of each document, white space made equal."""
    found = {}
    for event, language in PAGES:
        folder = built / event / language
        page = (folder / "report.html").read_text("utf-8")
        found[event, language, "html"] = seen(
            html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.S))
        )
        done = subprocess.run(["pdftotext", str(folder / "report.pdf"), "-"], capture_output=True, check=True)
        found[event, language, "pdf"] = seen(done.stdout.decode("utf-8"))
    return found


def seen(text: str) -> str:
    text = text.replace("\u200b", "").replace("\u00ad", "").replace("\u2060", "")
    return re.sub(r"([(\[]) | ([)\],.;:])", r"\1\2", " ".join(text.split()))


def view_of(built: Path, event: str, language: str) -> tuple[Results, ResultsView]:
    results = load_results(built / event)
    return results, view_results(results, language)


def allowed(results: Results, language: str) -> set[str]:
    """Every change with its interval that the results hold, as it may be printed."""
    found = set()
    for event in set(results.estimates["event"]):
        view = view_results(results, language, str(event))
        for (outcome, _, _, _), row in view.estimates.items():
            if row.status == "ok" and None not in (row.estimate, row.low, row.high):
                if outcome in view.outcomes:
                    found.add(seen(view.change_text(outcome, row)))
                for decimals in (0, 1, 2, 3):
                    found.add(seen(view.say.change(row.estimate, row.low, row.high, decimals)))
                    scaled = (x * 100 for x in (row.estimate, row.low, row.high))
                    found.add(seen(view.say.change(*scaled, decimals)))
    return found


@pytest.mark.parametrize("event", EVENTS)
def test_json_csv_and_workbook_hold_the_same_cells(built: Path, event: str) -> None:
    data = json.loads((built / event / "results.json").read_text("utf-8"))
    book = openpyxl.load_workbook(built / event / "results.xlsx", read_only=True)
    for name, columns in COLUMNS.items():
        with (built / event / "results" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == len(data[name])
        sheet = list(book[name].iter_rows(values_only=True)) if name in book.sheetnames else []
        assert len(sheet) == (len(rows) + 1 if rows else 0)
        for number, told in enumerate(data[name]):
            for column in columns:
                value = told[column]
                if isinstance(value, int | float) and not isinstance(value, bool):
                    assert float(rows[number][column]) == value, (name, column)
                    assert sheet[number + 1][sheet[0].index(column)] == value, (name, column)
                elif value is None:
                    assert rows[number][column] == ""


@pytest.mark.parametrize(("event", "language"), PAGES)
@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_every_printed_change_is_a_row_of_the_results(
    built: Path, texts: dict[tuple[str, str, str], str], event: str, language: str, kind: str
) -> None:
    results, view = view_of(built, event, language)
    text = texts[event, language, kind]
    printed = set(re.findall(CHANGE[language], text))
    assert printed - allowed(results, language) == set()
    for outcome in view.primary:
        row = view.change(outcome)
        assert row is not None
        assert seen(view.change_text(outcome, row)) in printed, outcome
        assert f"n = {view.say.count(row.n)}" in text


@pytest.mark.parametrize(("event", "language"), [p for p in PAGES if p[0] != "project"])
@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_counts_of_the_flow(
    built: Path, texts: dict[tuple[str, str, str], str], event: str, language: str, kind: str
) -> None:
    _, view = view_of(built, event, language)
    text = texts[event, language, kind]
    for row in view.rows("flow"):
        if row["n"] is not None:
            assert re.search(rf"(?<![\d,.]){view.say.count(row['n'])}(?![\d])", text), row["step"]


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_actuals_of_the_indicators(
    built: Path, texts: dict[tuple[str, str, str], str], language: str, kind: str
) -> None:
    _, view = view_of(built, "project", language)
    rows = view.rows("indicators")
    assert {r["status"] for r in rows} >= {"met", "no_data", "no_target"}
    for row in rows:
        assert seen(indicator_value(view, row, "actual")) in texts["project", language, kind], row["key"]


@pytest.mark.parametrize(("event", "language"), PAGES)
def test_every_section_is_there_and_filled(
    built: Path, texts: dict[tuple[str, str, str], str], event: str, language: str
) -> None:
    notebook = json.loads((built / event / language / "report.ipynb").read_text("utf-8"))
    outputs = [o["data"] for c in notebook["cells"] for o in c.get("outputs", []) if "data" in o]
    sections = {s["key"]: s for data in outputs if (s := data.get(SECTION_MIME))}
    assert SECTIONS[event == "project"] <= set(sections)
    nothing = {"et": "Selle osa kohta andmed puuduvad.", "en": "There are no data for this section."}[language]
    for key, section in sections.items():
        if key == "other" and not section["title"]:
            continue  # only for outcomes that no other section shows
        assert section["blocks"], key
        assert nothing not in json.dumps(section, ensure_ascii=False), key
        for kind in ("pdf", "html"):
            assert seen(section["title"]) in texts[event, language, kind], (key, kind)
