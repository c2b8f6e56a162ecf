"""Ask the operating system for limits: whether forking is safe, a memory limit, children that end with their parent.

On a system that lacks one of these, the function does nothing.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

MEMORY = "VUNKI_MEMORY_MB"  # environment variable
MEMORY_MB = 4096
_PROC = Path("/proc")


def can_fork() -> bool:
    """Tell whether this process can be forked safely: on Linux, and with one thread only, Python's or a library's.

    If another thread held a lock at the moment of forking, the lock would stay locked for ever in the child. macOS can
    fork, but its own libraries forbid it.
    """
    return sys.platform == "linux" and threading.active_count() == 1 and native_threads() == 1


def native_threads() -> int:
    """Count all threads of this process, including those that Python does not know of; 0 if the system does not say."""
    try:
        return sum(1 for _ in (_PROC / "self" / "task").iterdir())
    except OSError:
        return 0


def processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def memory_limit() -> Iterator[None]:
    """Limit this process and its children to 4 GB more memory than now (or ``VUNKI_MEMORY_MB``), then lift the limit.

    A notebook that needs more gets a MemoryError in its cell instead of slowing down the whole machine.
    """
    try:
        import resource

        in_use = int((_PROC / "self" / "statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError):  # Windows, macOS
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = in_use + int(os.environ.get(MEMORY) or MEMORY_MB) * 2**20
    lower = limit if soft == resource.RLIM_INFINITY else min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (lower, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def end_with_parent(parent: int) -> None:
    """End this process when its parent ends, however that happens: Linux sees to it, elsewhere a thread waits."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # the parent ended before we asked
            os._exit(1)
    elif (starter := parent_process()) is not None:
        threading.Thread(target=_end_after, args=(starter,), daemon=True).start()


def _end_after(starter: Any) -> None:
    starter.join()
    os._exit(1)


@contextmanager
def deaf_children() -> Iterator[None]:
    """Let processes that start meanwhile ignore Ctrl-C from their first moment: this process ends them.

    They would else print a traceback if it came while they were importing.
    """
    if sys.platform == "win32":
        ignore_interrupt = ctypes.WinDLL("kernel32").SetConsoleCtrlHandler
        ignore_interrupt(None, 1)
        try:
            yield
        finally:
            ignore_interrupt(None, 0)
    elif threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
    else:
        yield


def cpu_ticks(group: int) -> int | None:
    """Sum the processor time of a process group, in clock ticks; None if none of its processes can be read."""
    total, is_readable = 0, False
    for stat in _PROC.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # the process has ended meanwhile
            continue
        if int(fields[2]) == group:
            is_readable = True
            total += sum(map(int, fields[11:15]))  # own and waited-for children, user and system
    return total if is_readable else None
