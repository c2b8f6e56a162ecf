"""The main job as a user runs it: `report`, then `final`, on the shipped project; then what came out is read back."""

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pikepdf
import pytest

from vunki_eval.language.causal_wording import banned
from vunki_eval.results.blocks import SECTION_MIME

ROOT = Path(__file__).resolve().parents[1]
EVENTS = ("2020-antsla", "2021-online")
LANGUAGES = ("et", "en")
PAGES = [(e, lang) for e in (*EVENTS, "project") for lang in LANGUAGES]
BANNER = {"et": "SÜNTEETILISED ANDMED", "en": "SYNTHETIC DATA"}


def vunki(*words: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vunki_eval", *words]
    env = os.environ | settings
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=900)


@pytest.fixture(scope="module")
def built(published_project: Path) -> Path:
    return published_project / "reports"


def pdf_text(path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


@pytest.mark.parametrize(("event", "language"), PAGES)
def test_every_file_is_there(built: Path, event: str, language: str) -> None:
    for name in ("report.pdf", "report.html", "report.ipynb"):
        assert (built / event / language / name).stat().st_size > 5000
    assert list((built / event / language / "figures").glob("*.svg"))
    assert {p.stem for p in (built / event / "results").glob("*.csv")} >= {"estimates", "flow", "verdicts", "facts"}
    assert not [p.name for p in built.rglob("*") if p.name.startswith(".")]


def test_the_index_leads_to_every_report_and_its_numbers(built: Path) -> None:
    links = set(re.findall(r'href="([^"#]+)"', (built / "index.html").read_text("utf-8")))
    assert not [link for link in links if not (built / link).is_file()]
    for event in (*EVENTS, "project"):
        assert {f"{event}/results.xlsx", f"{event}/results.json"} <= links
        assert {f"{event}/{x}/report.{f}" for x in LANGUAGES for f in ("pdf", "html")} <= links


@pytest.mark.parametrize(("event", "language"), PAGES)
def test_the_last_page_is_more_than_a_few_lines(built: Path, event: str, language: str) -> None:
    last = pdf_text(built / event / language / "report.pdf").removesuffix("\f").rpartition("\f")[2]
    assert len([line for line in last.splitlines() if line.strip()]) > 15


@pytest.mark.parametrize("event", [*EVENTS, "project"])
def test_manifest_names_every_file_with_its_hash(built: Path, event: str) -> None:
    folder = built / event
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["schema"] == 1
    assert manifest["event"] == event
    assert manifest["languages"] == list(LANGUAGES)
    listed = {o["path"]: o["sha256"] for o in manifest["outputs"]}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {"manifest.json"}
    assert set(listed) == there
    for path, digest in listed.items():
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest
    assert any(i["path"] == "surveys/instrument.toml" for i in manifest["inputs"])
    assert not re.search(r"(?<![\w.])/(home|tmp|root|usr|var)/", json.dumps(manifest))


@pytest.mark.parametrize("event", EVENTS)
def test_results_hold_one_headline_per_primary_outcome(built: Path, event: str) -> None:
    results = json.loads((built / event / "results.json").read_text("utf-8"))
    rows = [r for r in results["estimates"] if (r["statistic"], r["group"], r["wave"]) == ("change", "all", "post")]
    for outcome in ("TS", "NW1", "CE"):
        (row,) = [r for r in rows if r["outcome"] == outcome]
        assert row["status"] == "ok"
        assert row["low"] < row["estimate"] < row["high"]
    with (built / event / "results" / "estimates.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(results["estimates"])


@pytest.mark.parametrize("event", EVENTS)
def test_no_small_count_is_published(built: Path, event: str) -> None:
    results = json.loads((built / event / "results.json").read_text("utf-8"))
    for name in ("estimates", "distributions", "ties"):
        for row in results[name]:
            if row["status"] == "ok" and row["n"] is not None:
                assert row["n"] == 0 or row["n"] >= 5, (name, row)
            if row["status"] == "suppressed":
                assert all(row.get(k) is None for k in ("n", "share", "estimate", "low", "high", "p", "p_adjusted"))


@pytest.mark.parametrize("event", EVENTS)
def test_intervals_hold_the_true_change(built: Path, shipped_project: Path, event: str) -> None:
    truth = json.loads((shipped_project / "surveys" / event / "truth.json").read_text("utf-8"))["scales"]
    results = json.loads((built / event / "results.json").read_text("utf-8"))
    for outcome in ("TS", "NW1", "CE"):
        (row,) = [
            r
            for r in results["estimates"]
            if (r["outcome"], r["statistic"], r["group"], r["wave"]) == (outcome, "change", "all", "post")
        ]
        true = truth[outcome]["change"]["post"]["expected"]
        assert row["low"] <= true <= row["high"], (outcome, row)


@pytest.mark.parametrize(("event", "language"), PAGES)
def test_pdf_is_tagged_named_and_whole(built: Path, event: str, language: str) -> None:
    path = built / event / language / "report.pdf"
    with pikepdf.open(path) as pdf:
        root = pdf.Root
        assert 6 <= len(pdf.pages) <= 29
        assert str(root.Lang).startswith(language)
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
            assert meta["dc:title"]
        assert "results.json" in pdf.attachments
        attached = pdf.attachments["results.json"].get_file().read_bytes()
        assert attached == (built / event / "results.json").read_bytes()
        with pdf.open_outline() as outline:
            assert len(outline.root) >= 6
        figures, headers = structure(root.StructTreeRoot)
        assert figures
        assert all(str(f.get("/Alt", "")).strip() for f in figures)
        assert headers


def structure(tree: pikepdf.Object) -> tuple[list[pikepdf.Object], list[pikepdf.Object]]:
    figures, headers, waiting, seen = [], [], [tree], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(node)
            continue
        if not isinstance(node, pikepdf.Dictionary) or node.objgen in seen:
            continue
        if node.objgen != (0, 0):
            seen.add(node.objgen)
        kind = str(node.get("/S", ""))
        (figures if kind == "/Figure" else headers if kind == "/TH" else []).append(node)
        if "/K" in node:
            waiting.append(node.K)
    return figures, headers


@pytest.mark.parametrize(("event", "language"), PAGES)
def test_text_layer_reads_well(built: Path, event: str, language: str) -> None:
    text = pdf_text(built / event / language / "report.pdf")
    if language == "et":
        assert all(letter in text for letter in "õäöü")
    pages = [p for p in text.split("\f") if p.strip()]
    assert all(BANNER[language] in p for p in pages)
    assert not re.search(r"\b(nan|NaN|NaT|None|inf|TODO)\b|[{}]", text)
    asked = (ROOT / "surveys" / "instrument.toml").read_text("utf-8").lower()
    assert not [w for w in banned(text, language) if w.lower() not in asked]


@pytest.mark.parametrize(("event", "language"), PAGES)
def test_html_asks_nothing_of_the_network(built: Path, event: str, language: str) -> None:
    html = (built / event / language / "report.html").read_text("utf-8")
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert BANNER[language] in html
    assert html.count("<script") == 1
    assert not re.search(r"\son\w+\s*=", re.sub(r">[^<]*<", "><", html))
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#|data:|https:|mailto:)""", html)
    assert not re.search(r"""(src\s*=\s*["']https?:|url\(\s*["']?https?:|@import|<link[^>]+href=["']https?:)""", html)
    visible = re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", html, flags=re.S)
    assert not re.search(r"\b(nan|NaN|NaT|None|inf|TODO)\b|[{}]", visible)


@pytest.mark.parametrize(("event", "language"), PAGES)
def test_notebook_keeps_its_cells_and_tells_nothing_of_the_machine(built: Path, event: str, language: str) -> None:
    path = built / event / language / "report.ipynb"
    raw = path.read_text("utf-8")
    notebook = nbformat.read(path, as_version=4)
    assert "papermill" not in notebook.metadata
    assert not re.search(r"(?<![\w.])/(home|tmp|root|usr|var)/\w", raw)
    sections = [o for c in notebook.cells for o in c.get("outputs", []) if SECTION_MIME in o.get("data", {})]
    assert len(sections) >= 10
    assert not [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type in ("error", "stream")]


@pytest.mark.parametrize("event", EVENTS)
def test_languages_say_the_same_numbers(built: Path, event: str) -> None:
    """Both languages draw the same figures from the same results."""
    for path in (built / event / "et" / "figures").glob("*.csv"):
        with path.open(encoding="utf-8") as et, (built / event / "en" / "figures" / path.name).open("r") as en:
            rows = list(zip(csv.reader(et), csv.reader(en), strict=True))
        for left, right in rows[1:]:
            assert numbers_of(left[1:]) == numbers_of(right[1:]), path.name


def numbers_of(cells: list[str]) -> list[str]:
    return [m.replace(",", ".") for m in re.findall(r"[-\u2212]?\d+(?:[.,]\d+)?", " ".join(cells).replace("\xa0", ""))]


def test_second_run_builds_nothing(built: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.is_file()}
    for verb in ("report", "final"):
        done = vunki(verb, "--json", cwd=built.parent, PYTHONPROFILEIMPORTTIME="1")
        assert done.returncode == 0
        assert " vunki_eval.publish.batch" in done.stderr
        assert " pandas" not in done.stderr  # nothing to build, nothing heavy to load
        assert {r["state"] for r in json.loads(done.stdout)["reports"]} == {"up to date"}
    assert {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.is_file()} == before


def test_a_damaged_report_is_noticed(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(built.parent, root)
    (root / "reports" / "2020-antsla" / "et" / "report.pdf").write_bytes(b"%PDF-")
    done = vunki("report", "--dry-run", "--json", cwd=root)
    plan = {p["event"]: p["build"] for p in json.loads(done.stdout)["plan"]}
    assert plan == {"2020-antsla": True, "2021-online": False}
