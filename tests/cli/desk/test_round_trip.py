"""A project that asks about less gets its reports too; the whole round trip is in tests/docs/test_commands.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vunki_eval.cli.desk.new import ProjectOptions, new_project
from vunki_eval.project.project import load_project
from vunki_eval.questionnaire import load_xlsform, write_questionnaires
from vunki_eval.simulate import simulate_event
from vunki_eval.simulate.exports import to_google_forms


def vunki(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vunki_eval", *words]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600, env=dict(os.environ))


@pytest.mark.slow
@pytest.mark.parametrize("constructs", [("trust",), ("experience",)])
def test_from_a_new_project_to_its_report(tmp_path: Path, constructs: tuple[str, ...]) -> None:
    root = new_project(tmp_path / "own", ProjectOptions("Ideede päev", ("et", "en"), ("2026-ideed",), constructs))
    project = load_project(root)
    assert vunki(root, "check").returncode == 0
    forms = write_questionnaires(project, "xlsform", root / "questionnaires")
    assert load_xlsform(forms[-1]) == project.instrument
    simulated = simulate_event(project.instrument, n=100, seed=3)
    for wave in ("pre", "post"):
        path = project.surveys / "2026-ideed" / f"{wave}.csv"
        path.write_text(to_google_forms(simulated, wave, "et"), encoding="utf-8")
    done = vunki(root, "report", "--language", "et")
    assert done.returncode in (0, 1), done.stderr
    results = json.loads((root / "reports" / "2026-ideed" / "results.json").read_text(encoding="utf-8"))
    headlines = {r["outcome"]: r for r in results["estimates"] if r["statistic"] == "change" and r["group"] == "all"}
    assert set(project.primary_outcomes) <= set(headlines)
    assert (root / "reports" / "2026-ideed" / "et" / "report.pdf").stat().st_size > 20_000
    if constructs == ("experience",):
        return
    done = vunki(root, "final", "--language", "et")
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
