"""Level 1: what writes, locks and renames files, run as a Windows program under Wine (see README.md)."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TESTS = ("tests/windows/test_held_files.py", "tests/publish/test_store.py")
LEAST = 30
"""Tests that must have passed: a run in which all were skipped shows nothing."""


@pytest.mark.skipif(sys.platform != "linux", reason="Wine stands for Windows on Linux only")
def test_files_are_written_as_windows_allows(record_property: Callable[[str, object], None]) -> None:
    from tests.windows import environment

    if lacking := environment.missing(everything=False):
        pytest.skip(f"{lacking} is not on this machine")
    windows = environment.prepare(everything=False)
    for name, seconds in windows.built.items():
        record_property(name, f"{seconds:.0f} s")
    started = time.monotonic()
    done = windows.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    counted = re.search(r"(\d+) passed.*", done.stdout)
    assert counted is not None, done.stdout
    assert int(counted[1]) >= LEAST, done.stdout
    record_property("level 1", f"{counted[0]}; {time.monotonic() - started:.0f} s with Python's start")
