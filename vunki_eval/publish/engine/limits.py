"""What the operating system is asked for: may this process be forked, how much may a notebook take, who ends with whom.

Everything here does nothing where the system has no such thing.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = "VUNKI_MEMORY_MB"
MEMORY_MB = 4096
_PROC = Path("/proc")


def can_fork() -> bool:
    """Tell whether a forked copy of this process is safe: Linux, and no second thread, Python's or a library's.

    A thread that holds a lock at the moment of forking would leave the lock shut for ever in the child. macOS can
    fork, but its own libraries forbid it.
    """
    return sys.platform == "linux" and threading.active_count() == 1 and native_threads() == 1


def native_threads() -> int:
    """Count all threads of this process; 0 if the system does not tell."""
    try:
        return sum(1 for _ in (_PROC / "self" / "task").iterdir())
    except OSError:
        return 0


def processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def memory_limit() -> Iterator[None]:
    """Let this process and those it starts take 4 GB more than now (or ``VUNKI_MEMORY_MB``), then free the limit.

    A notebook that wants more gets a MemoryError in its cell instead of slowing down the whole machine.
    """
    try:
        import resource

        taken = int((_PROC / "self" / "statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError):  # Windows, macOS
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = taken + int(os.environ.get(MEMORY) or MEMORY_MB) * 2**20
    wanted = most if soft == resource.RLIM_INFINITY else min(most, soft)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def end_with_parent(parent: int) -> None:
    """Ask Linux to end this process when its parent ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)


def cpu_ticks(group: int) -> int | None:
    """Processor time that the living processes of a group have used, in clock ticks; None if it cannot be told."""
    total, seen = 0, False
    for stat in _PROC.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[2]) == group:
            seen = True
            total += sum(map(int, fields[11:15]))  # own and waited-for children, user and system
    return total if seen else None
