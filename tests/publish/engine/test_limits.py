"""Forking only where it is safe; a memory limit that is lifted again."""

import os
import subprocess
import sys
import threading

import pytest

from tests.marks import linux
from vunki_eval.publish.engine import limits


@linux
def test_a_second_thread_forbids_forking() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert not limits.can_fork()
    finally:
        stop.set()
        thread.join()


@linux
def test_a_thread_of_a_library_forbids_forking() -> None:
    """Typst and OpenBLAS start threads that Python does not know of."""
    script = "import threading\nfrom vunki_eval.publish.engine import limits\nassert limits.can_fork()\nimport numpy\n"
    script += "assert threading.active_count() == 1\nprint(limits.native_threads() == 1, limits.can_fork())"
    env = os.environ | {"OPENBLAS_NUM_THREADS": "3"}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=600)
    assert done.stdout.split() == ["False", "False"], done.stderr


@linux
def test_the_memory_limit_holds_inside_and_is_lifted_after(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    monkeypatch.setenv(limits.MEMORY, "100")
    with limits.memory_limit(), pytest.raises(MemoryError):
        bytearray(300 * 2**20)
    assert resource.getrlimit(resource.RLIMIT_AS) == before


@linux
def test_processor_time_of_a_group() -> None:
    mine = limits.cpu_ticks(os.getpgid(0))
    assert mine is not None
    assert mine > 0
    assert limits.cpu_ticks(2**22 + 1) is None
