"""Report notebooks stay thin: typed literal parameters, one section a cell, nothing computed, nothing kept."""

import ast
from pathlib import Path

import nbformat
import pytest

from vunki_eval import sections

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = sorted(p.name for p in FOLDER.glob("*.ipynb"))
REPORTS = {"event_report.ipynb": "2020-antsla", "final_report.ipynb": "project"}
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda, ast.ListComp)
EVENT_ORDER = [
    "cover", "page_one", "summary", "participants", "trust", "networking", "cocreation", "experience", "open_answers",
    "ideas", "other", "groups", "sensitivity", "claims", "annex_method", "annex_items", "annex_quality",
    "annex_attrition", "annex_disclosure", "annex_reproducibility", "selfcheck",
]  # fmt: skip


def cells(name: str, kind: str = "code") -> list[nbformat.NotebookNode]:
    notebook = nbformat.read(FOLDER / name, as_version=4)
    return [c for c in notebook.cells if c.cell_type == kind]


def called(name: str) -> list[str]:
    """Sections that a notebook calls, in their order."""
    trees = (ast.parse(c.source) for c in cells(name))
    calls = (n for t in trees for n in ast.walk(t) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute))
    return [c.func.attr for c in calls if ast.unparse(c.func).startswith("ve.sections.")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
def test_valid_with_stable_ids_and_without_outputs(name: str) -> None:
    notebook = nbformat.read(FOLDER / name, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    ids = [c.id for c in notebook.cells]
    assert len(ids) == len(set(ids))
    for cell in cells(name):
        assert cell.outputs == []
        assert cell.execution_count is None


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_thin(name: str) -> None:
    for cell in cells(name):
        assert len(cell.source.splitlines()) <= 8
        assert not [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, FORBIDDEN)]


@pytest.mark.parametrize("name", REPORTS)
def test_one_parameters_cell_of_typed_literals_with_help(name: str) -> None:
    tagged = [c for c in cells(name) if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    lines = tagged[0].source.splitlines()
    for line, node in zip(lines, ast.parse(tagged[0].source).body, strict=True):
        assert isinstance(node, ast.AnnAssign)
        assert isinstance(node.value, ast.Constant)
        assert ast.unparse(node.annotation) == "str", "papermill's parser reads plain names only"
        assert "#" in line
    assert {n.split(":")[0] for n in lines} <= {"event", "language"}


@pytest.mark.parametrize("name", REPORTS)
def test_every_section_is_one_call(name: str) -> None:
    found = called(name)
    assert len(found) == len(set(found))
    assert set(found) <= set(sections.__all__)
    for cell in cells(name):
        if "ve.sections." in cell.source:
            assert cell.source.strip() == f"ve.sections.{called_in(cell.source)}(results, language, commentary)"


def called_in(source: str) -> str:
    return source.strip().removeprefix("ve.sections.").partition("(")[0]


@pytest.mark.parametrize("name", REPORTS)
def test_a_study_never_gets_a_name(name: str) -> None:
    assert not any("study" in c.source.lower() for c in cells(name))


def test_order_of_the_event_report() -> None:
    assert called("event_report.ipynb") == EVENT_ORDER


def test_order_of_the_final_report() -> None:
    found = called("final_report.ipynb")
    assert found[:3] == ["cover_project", "page_one_project", "summary"]
    assert {"indicators", "money", "initiatives", "theory", "events", "decision", "claims", "selfcheck"} <= set(found)
    annexes = [n for n in found if n.startswith("annex_") or n == "selfcheck"]
    assert found[-len(annexes) :] == annexes


@pytest.mark.parametrize("name", REPORTS)
def test_people_are_told_what_to_do(name: str) -> None:
    assert cells(name, "markdown")[0].source.startswith("# ")
    assert "Run" in cells(name, "markdown")[0].source
