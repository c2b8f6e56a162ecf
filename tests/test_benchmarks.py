"""The benchmark measures what it says: a lever that is off is off, and the table holds what was measured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.marks import linux

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"
pytestmark = linux

LEVERS = {
    "grammar": "import sys\nfrom vunki_eval.publish.engine.imports import spare_grammar\nspare_grammar()\n"
    "print('rfc3987_syntax' not in sys.modules)",
    "imports": "from vunki_eval.publish.engine.imports import LOADED\nprint(len(LOADED) == 1)",
    "drawings": "from vunki_eval.project.svg import _safe\nprint(not hasattr(_safe, 'cache_info'))",
    "freeze": "import gc\ngc.freeze()\nprint(gc.get_freeze_count() == 0)",
}


def said(script: str, lever: str) -> str:
    env = os.environ | {"PYTHONPATH": str(FOLDER / "off"), "VUNKI_BENCH_OFF": lever}
    return subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=600).stdout


@pytest.mark.parametrize("lever", list(LEVERS))
def test_a_lever_is_off_only_when_it_is_named(lever: str) -> None:
    assert said(LEVERS[lever], lever).strip() == "True"
    assert said(LEVERS[lever], "other").strip() != "True"


def test_every_lever_of_the_table_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    import parts

    assert set(parts.LEVERS) == set(LEVERS)


def test_the_table_holds_what_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    from measure import run
    from table import Table

    table = Table(tmp_path / "R.md", 1)
    cost = table.cost(
        "a command", run([sys.executable, "-c", "sum(range(3_000_000)); bytearray(50_000_000)"], tmp_path)
    )
    table.ratio("ours: 1 s", [2.0, 3.0, 4.0], ">= 2")
    table.ratio("ours: 2 s", [5.0], ">= 2")  # takes the place of the other
    table.part("## More")
    text = (tmp_path / "R.md").read_text("utf-8")
    assert cost.wall > 0
    assert f"| a command | 1 | {cost.wall:.1f} |" in text
    assert "| ours: 2 s | 1 | 5.00 |  | >= 2 |" in text
    assert "ours: 1 s" not in text
    assert text.endswith("\n## More\n")
    assert [p.name for p in tmp_path.iterdir()] == ["R.md"]
