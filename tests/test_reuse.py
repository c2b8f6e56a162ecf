"""The researcher's notebook runs on another instrument, and the package gives in ten lines what a report shows."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import vunki_eval as ve
from vunki_eval.results.blocks import Figure, Section, Table

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """The notebook after a run in a folder of its own: nothing of the repository is at hand but the package."""
    notebook = nbformat.read(ROOT / "notebooks" / "reuse.ipynb", as_version=4)
    where = {"metadata": {"path": str(tmp_path_factory.mktemp("elsewhere"))}}
    return NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()


def shown(notebook: nbformat.NotebookNode, cell: str) -> str:
    (found,) = [c for c in notebook.cells if c.id == cell]
    return "".join(str(o.get("data", o.get("text", ""))) for o in found.outputs)


def test_every_cell_runs_and_shows_what_it_says(executed) -> None:
    errors = [o for c in executed.cells if c.cell_type == "code" for o in c.outputs if o.output_type == "error"]
    assert errors == []
    assert "Confidence in using digital services" in shown(executed, "other")
    assert "svg" in shown(executed, "forest")
    assert "of the 70 people who came answered" in shown(executed, "participants")
    assert "AllDataChange" in shown(executed, "scores")
    assert "log1p_ratio" in shown(executed, "headline")


def test_the_true_change_is_found(tmp_path: Path) -> None:
    ve.simulate_project(ROOT / "notebooks" / "reuse", tmp_path, n=400, seed=11, change={"DC": 0.5})
    results = ve.analyse(ve.load_study(ve.load_project(tmp_path), "spring-course"))
    row = results.estimates.query("outcome == 'DC' and statistic == 'change' and group == 'all'").iloc[0]
    assert row["low"] < 0.5 < row["high"]
    assert row["high"] - row["low"] < 0.2
    assert results.meta["synthetic"] is True
    parts = (
        ve.sections.other(results, "en"),
        ve.tables.outcome_table(results, "en", ("DC",)),
        ve.figures.forest_figure(results, "en", ("DC",), "forest", "Change"),
    )
    assert [type(p) for p in parts] == [Section, Table, Figure]


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    texts = []
    for name in ("a", "b"):
        ve.simulate_project(ROOT / "notebooks" / "reuse", tmp_path / name, n=40, seed=2)
        texts.append([p.read_bytes() for p in sorted((tmp_path / name / "surveys").rglob("*.csv"))])
    assert texts[0] == texts[1]
    assert len(texts[0]) == 2
