"""Every command in the documentation runs: two pages from top to bottom in an empty folder, the others in a project."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import typer
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.project.project import load_project
from vunki_eval.simulate import simulate_event
from vunki_eval.simulate.submissions import kobo_export, submissions

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
COMMAND = re.compile(r"(?:^|`)(?:vunki-eval|(?:python3 (?:\.\./)?|py )run\.py) ([^`\n#]+?)\s*(?=`|$|#)", re.MULTILINE)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# These build everything, open a browser, or wait for a machine: they have tests of their own.
ELSEWHERE = ("demo", "lab", "report", "final", "purge", "erase")


def commands() -> list[str]:
    return sorted({c.strip() for p in PAGES for c in COMMAND.findall(p.read_text(encoding="utf-8"))})


@pytest.fixture(scope="module")
def project(shipped_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with what the commands of the guides name."""
    root = tmp_path_factory.mktemp("commands") / "project"
    shutil.copytree(shipped_project, root, ignore=shutil.ignore_patterns("reports", "checks"))
    (root / "list.csv").write_text("name,email\nMari,mari@example.org\nJüri,juri@example.org\n", encoding="utf-8")
    people = pd.DataFrame({"cntry": ["EE"] * 8, "essround": 10, "ppltrst": range(8)})
    pyreadstat.write_sav(people, str(root / "ESS10.sav"))
    first = CliRunner()
    before = Path.cwd()
    os.chdir(root)
    try:
        assert first.invoke(app, ["questionnaire", "--to", "xlsform"]).exit_code == 0
        shutil.copy(root / "questionnaires" / "instrument.xlsx", root / "instrument.xlsx")
        assert first.invoke(app, ["questionnaire", "--participants", "list.csv"]).exit_code == 0
    finally:
        os.chdir(before)
    return root


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_documentation_runs(project: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    words = [w for w in shlex.split(line) if w not in ("KOOD", "CODE")]
    known = typer.main.get_command(app).commands
    if words[0] in ("docs", "test", "check-code"):
        assert f'"{words[0]}"' in (ROOT / "run.py").read_text(encoding="utf-8")
        return
    assert words[0] in known, f"no verb {words[0]}"
    options = {o for p in known[words[0]].params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    assert {w.split("=")[0] for w in words if re.match(r"--?[a-z]", w)} <= options
    if words[0] in ELSEWHERE or "--watch" in words:
        return
    if words[0] == "new":
        words[1] = f"new-{abs(hash(line))}"
    if words[0] == "verify":
        return  # walks through a whole report: tests of verify do
    done = CliRunner().invoke(app, words)
    assert done.exit_code in (0, 1), done.output
    assert "Traceback" not in done.output


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    yield from BLOCK.findall(page.read_text(encoding="utf-8"))


def run(words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=900, env=dict(os.environ))


def walk(page: Path, here: Path) -> tuple[Path, dict[str, subprocess.CompletedProcess[str]]]:
    """Do what a page says, block by block; give the folder one ends in, and what each verb answered."""
    answered = {}
    for kind, text in blocks(page):
        if kind == "python":
            done = run([sys.executable, "-c", text], here)
            assert done.returncode == 0, done.stderr
        elif text.startswith("waves = "):
            config = here / "surveys" / "project.toml"
            said = config.read_text(encoding="utf-8").replace("synthetic = false", "synthetic = true")
            said, n = re.subn(r"^# waves = .*\n", lambda _, new=text: new, said, count=1, flags=re.MULTILINE)
            assert n == 1
            config.write_text(said, encoding="utf-8")
        elif not kind and text.startswith(("vunki-eval ", "cd ")):
            for line in text.splitlines():
                words = shlex.split(line)
                if words[0] == "cd":
                    here = here / words[1]
                elif words[:2] != ["vunki-eval", "demo"]:
                    assert words[0] == "vunki-eval", line
                    answered[words[1]] = run([sys.executable, "-m", "vunki_eval", *words[1:]], here)
                    assert answered[words[1]].returncode in (0, 1), answered[words[1]].stderr
                    assert "Traceback" not in answered[words[1]].stderr
    return here, answered


@pytest.mark.slow
def test_the_round_trip_as_it_is_written(tmp_path: Path) -> None:
    """Questionnaire, a hundred invented people in a real client's data format, Kobo's export, report."""
    root, answered = walk(DOCS / "en" / "round-trip.md", tmp_path)
    assert answered["check"].returncode == 1
    project = load_project(root)
    results = json.loads((root / "reports" / "2026-ideas" / "results.json").read_text(encoding="utf-8"))
    true = simulate_event(project.instrument, n=100, seed=3).changes
    rows = {r["outcome"]: r for r in results["estimates"] if r["statistic"] == "change" and r["group"] == "all"}
    for outcome in ("TS", "CE"):
        assert rows[outcome]["low"] <= true[outcome]["post"] <= rows[outcome]["high"]
    linked = next(r["n"] for r in results["flow"] if r["step"] == "linked_post")
    assert linked >= 40
    for language in ("et", "en"):
        folder = root / "reports" / "2026-ideas" / language
        assert (folder / "report.pdf").stat().st_size > 20_000
        assert ("SYNTHETIC" if language == "en" else "SÜNTEETILISED") in (folder / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_the_first_report_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Estonian guide, with answers put where it says once there is a project; a folder with a space and an õ."""
    here = tmp_path / "minu töölaud õ"
    here.mkdir()
    page = tmp_path / "guide.md"
    text = (DOCS / "et" / "first-report.md").read_text(encoding="utf-8")
    wave = "import vunki_eval as ve\nfrom pathlib import Path\n" + "\n".join(
        f"Path('surveys/2026-ideed/{w}.csv').write_text(Path(r'{tmp_path / w}.csv').read_text('utf-8'), 'utf-8')"
        for w in ("pre", "post")
    )
    marker = "## 4."
    assert marker in text
    page.write_text(text.replace(marker, f"```python\n{wave}\n```\n\n{marker}"), encoding="utf-8")
    from vunki_eval.cli.desk.new import ProjectOptions, new_project

    same = load_project(new_project(tmp_path / "same", ProjectOptions("Ideede päev", events=("2026-ideed",))))
    people = simulate_event(same.instrument, n=50, seed=8)
    for w in ("pre", "post"):
        sent = kobo_export(submissions(people, w), same.instrument, w)
        (tmp_path / f"{w}.csv").write_text(sent, encoding="utf-8")
    root, answered = walk(page, here)
    assert set(answered) >= {"new", "check", "report"}
    assert (root / "reports" / "2026-ideed" / "et" / "report.pdf").is_file()
    assert (root / "reports" / "index.html").is_file()
