"""Why a test cannot pass on a system: one mark for each reason, so that a skip says what is missing."""

import ctypes
import stat
import sys
from pathlib import Path

import pytest

WINDOWS = sys.platform == "win32"
WINE = WINDOWS and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")

posix = pytest.mark.skipif(WINDOWS, reason="POSIX only: signals, shells and descriptors that Windows does not have")
modes = pytest.mark.skipif(WINDOWS, reason="Windows has no POSIX modes: a file is as private as its folder")
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only: reads /proc or forks")
letter_case = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="the file system does not tell upper from lower case"
)
job_limits = pytest.mark.skipif(WINE, reason="Wine takes the limits of a job object, and does not keep them")
links = pytest.mark.skipif(WINDOWS, reason="Windows lets only some users make symbolic links")


def has_mode(path: Path, mode: int) -> bool:
    """Compare a file's or folder's mode; on Windows there is none to compare, and the rest of the test goes on."""
    return WINDOWS or stat.S_IMODE(path.stat().st_mode) == mode
