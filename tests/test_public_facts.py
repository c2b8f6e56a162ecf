"""With the project's public facts alone and no survey files at all, the final report still says what is known."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pikepdf
import pytest

from vunki_eval.language.causal_wording import banned

ROOT = Path(__file__).resolve().parents[1]
LEFT_OVER = re.compile(r"\b(nan|NaT|None|inf|TODO)\b|[{}]|VE-\d{3}")


def without_synthetic(text: str) -> str:
    """Keep of project.toml what is public: no answers, no lists, no invented numbers or initiatives."""
    text = text.replace("synthetic = true", "synthetic = false")
    text = re.sub(r"^(waves|participants|claim|registered|attended) = .*\n", "", text, flags=re.MULTILINE)
    parts = re.split(r"(?=^\[\[)", text, flags=re.MULTILINE)
    return "".join(p for p in parts if not p.startswith("[[initiative]]"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("public facts")
    (root / "surveys").mkdir()
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    shutil.copy(ROOT / "surveys" / "instrument.toml", root / "surveys")
    text = without_synthetic((ROOT / "surveys" / "project.toml").read_text("utf-8"))
    assert "synthetic:" not in text
    tomllib.loads(text)
    (root / "surveys" / "project.toml").write_text(text, "utf-8")
    command = [sys.executable, "-m", "vunki_eval", "final"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return root / "reports" / "project"


@pytest.mark.slow
@pytest.mark.parametrize(("language", "missing"), [("et", "andmed puuduvad"), ("en", "no data")])
def test_an_honest_report(built: Path, language: str, missing: str) -> None:
    html = (built / language / "report.html").read_text("utf-8")
    text = " ".join(re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", " ", html, flags=re.DOTALL).split())
    assert text.count(missing) >= 3
    assert "33 002,80" in text.replace("\N{NO-BREAK SPACE}", " ") or "33,002.80" in text
    assert "389" in text
    assert not LEFT_OVER.search(text)
    assert banned(text, language) == []
    assert "SYNTHETIC" not in text
    assert "SÜNTEETILISED" not in text
    with pikepdf.open(built / language / "report.pdf") as pdf:
        assert 4 <= len(pdf.pages) <= 29


@pytest.mark.slow
def test_nothing_unknown_is_a_number(built: Path) -> None:
    results = json.loads((built / "results.json").read_text("utf-8"))
    status = {i["key"]: (i["actual"], i["status"]) for i in results["indicators"]}
    assert status["events"] == (2, "met")
    for key in ("participants", "people", "registered", "initiatives", "budget_used"):
        assert status[key] == (None, "no_data"), key
    headline = [r for r in results["estimates"] if r["statistic"] == "change" and r["event"] == "project"]
    assert headline
    assert all(r["estimate"] is None and r["status"] == "not_estimable" for r in headline)
