"""Level 2: the whole program as a Windows program, verb after verb, beside the same on this system (see README.md).

Exit codes and messages' codes must be the same, and every table and figure the same bytes. The tests follow each other
in one project, as an evaluator works.
"""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.privacy.erasure.test_erase import CODE, plant

if sys.platform == "linux":
    from tests.windows import environment

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(sys.platform != "linux", reason="Wine stands for Windows on Linux only"),
]

ROOT = Path(__file__).resolve().parents[2]
EVENT = "2020-antsla"
ONE_PDF = ("--language", "et", "--format", "pdf")
TESTS = ("tests/publish/test_store.py", "tests/windows/test_held_files.py", "tests/readers", "tests/privacy/erasure",
         "tests/project/test_keys.py")  # fmt: skip
HOLD = "import sys; f = open(sys.argv[1]); print('held', flush=True); sys.stdin.readline()"
HOLD_STORE = """import sys
from pathlib import Path
from vunki_eval.publish.store import open_store
with open_store(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()"""
SAME = (".csv", ".svg", ".toml")
"""Kinds of files that hold results: these must be the same bytes. PDFs and manifests name versions of libraries."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The same project twice.

    ``spent`` holds the seconds of each verb, this system's and Windows'.
    """

    windows: "environment.Windows"
    here: Path
    there: Path
    spent: dict[str, tuple[float, float]] = field(default_factory=dict)

    def both(self, *words: str) -> tuple[int, str]:
        """Run a verb on both sides; give its exit code and what Windows said, when both came to the same."""
        started = time.monotonic()
        here = self.on_this_system(*words)
        between = time.monotonic()
        there = self.on_windows("-m", "vunki_eval", *words)
        self.spent[" ".join(words)] = (between - started, time.monotonic() - between)
        assert (there.returncode, codes(there.stdout)) == (here.returncode, codes(here.stdout)), (
            f"here:\n{here.stdout}\nWindows:\n{there.stdout}"
        )
        return there.returncode, there.stdout

    def on_this_system(self, *words: str) -> "subprocess.CompletedProcess[str]":
        paths = os.pathsep.join((str(ROOT), *filter(None, (os.environ.get("PYTHONPATH"),))))
        env = os.environ | {"VUNKI_KEY_DIR": str(self.here.parent / "keys here"), "PYTHONPATH": paths}
        command = [sys.executable, "-m", "vunki_eval", *words]
        return subprocess.run(
            command, cwd=self.here, env=env, stdin=subprocess.DEVNULL, timeout=1200,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip

    def on_windows(self, *arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        keys = {"VUNKI_KEY_DIR": environment.on_windows(self.there.parent / "keys there")}
        return self.windows.run(*arguments, cwd=cwd or self.there, environ=keys, timeout=3000)

    def different(self, *folders: str) -> list[str]:
        """Name the files with results in these folders that are not the same bytes on both sides."""
        sides = [
            {p.relative_to(root): p.read_bytes() for f in folders for p in (root / f).rglob("*") if p.suffix in SAME}
            for root in (self.here, self.there)
        ]
        assert sides[0], f"no results in {folders}"
        return [str(p) for p in sorted({*sides[0], *sides[1]}) if sides[0].get(p) != sides[1].get(p)]


def codes(text: str) -> list[str]:
    return sorted(re.findall(r"\[(VE-\d+)\]", text))


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    if lacking := environment.missing(everything=True):
        pytest.skip(f"{lacking} is not on this machine")
    windows = environment.prepare(everything=True)
    folder = tmp_path_factory.mktemp("sides")
    for side in ("here", "there"):
        for name in ("surveys", "notebooks"):
            shutil.copytree(ROOT / name, folder / side / "Projekt õ" / name)
        for wave in ("pre", "post", "followup"):
            plant(folder / side / "Projekt õ" / "surveys" / EVENT / f"{wave}.csv")
    spent = {name: (0.0, seconds) for name, seconds in windows.built.items()}
    return Sides(windows, folder / "here" / "Projekt õ", folder / "there" / "Projekt õ", spent)


@pytest.fixture(autouse=True)
def _say_what_it_took(sides: Sides, record_property: Callable[[str, object], None]) -> Iterator[None]:
    yield
    for name, (here, there) in sides.spent.items():
        record_property(name, f"{there:.0f} s under Wine, {here:.0f} s here")
    sides.spent.clear()


def held(sides: Sides, source: str, path: Path) -> "subprocess.Popen[str]":
    """Start a Windows process that holds a file or the lock until it is sent a line."""
    process = sides.windows.start("-c", source, environment.on_windows(path), cwd=sides.there)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    return process


def test_check(sides: Sides) -> None:
    code, said = sides.both("check")
    assert code in (0, 1), said
    assert sides.different("checks") == []


def test_report(sides: Sides) -> None:
    code, said = sides.both("report", "--event", EVENT, *ONE_PDF)
    assert code == 0, said
    assert (sides.there / "reports" / EVENT / "et" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert sides.different("reports") == []


def test_verify(sides: Sides) -> None:
    code, said = sides.both("verify")
    assert code == 0, said


def test_nothing_is_built_twice(sides: Sides) -> None:
    pdf = sides.there / "reports" / EVENT / "et" / "report.pdf"
    before = pdf.stat().st_mtime_ns
    assert sides.both("report", "--event", EVENT, *ONE_PDF)[0] == 0
    assert pdf.stat().st_mtime_ns == before


def test_a_second_run_is_refused(sides: Sides) -> None:
    run = held(sides, HOLD_STORE, sides.there / "reports")
    done = sides.on_windows("-m", "vunki_eval", "report", "--event", EVENT, *ONE_PDF, "--force")
    run.communicate("\n", timeout=60)
    assert (done.returncode, codes(done.stdout)) == (2, ["VE-108"]), done.stdout


def test_a_table_that_is_open_is_named(sides: Sides) -> None:
    changes = sides.there / "checks" / EVENT / "changes.csv"
    before = changes.read_bytes()
    run = held(sides, HOLD, changes)
    done = sides.on_windows("-m", "vunki_eval", "check", "--event", EVENT)
    run.communicate("\n", timeout=60)
    assert (done.returncode, codes(done.stdout)) == (2, ["VE-128"]), done.stdout
    assert "changes.csv" in done.stdout
    assert changes.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "folder"),
    [
        (("decide",), "checks"),
        (("claim", "--event", EVENT), ""),
        (("final", *ONE_PDF), "reports"),
        (("erase", " ".join(CODE), "--yes"), "surveys"),
        (("verify",), ""),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_other_verbs(sides: Sides, words: tuple[str, ...], folder: str) -> None:
    code, said = sides.both(*words)
    assert code < 4, said
    if folder:
        assert sides.different(folder) == []


def test_the_person_is_gone(sides: Sides) -> None:
    for wave in ("pre", "post", "followup"):
        text = (sides.there / "surveys" / EVENT / f"{wave}.csv").read_text("utf-8-sig")
        assert not [row for row in csv.reader(io.StringIO(text, newline="")) if {*CODE} <= {*row}]


def test_tests_of_the_package(sides: Sides) -> None:
    started = time.monotonic()
    options = ("-q", "-p", "no:cacheprovider", "-m", "not slow")
    done = sides.on_windows("-m", "pytest", *options, *TESTS, cwd=ROOT)
    counted = re.findall(r"\d+ passed.*", done.stdout)
    sides.spent[f"tests: {counted}"] = (0, time.monotonic() - started)
    assert done.returncode == 0, done.stdout
