"""Running a command and measuring it with all its processes: wall, processor time, proportional memory (Linux)."""

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

MARK = "VUNKI_BENCH_MARK"
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float  # seconds; processes that live shorter than a sample are missed
    memory: float  # MB, highest sum of proportional set sizes


def run(command: list[str], cwd: Path, **settings: str) -> Cost:
    """Run to the end; every process that inherits our mark in its environment is counted."""
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    env = os.environ | settings | {MARK: mark}
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (a pipe that nobody reads could fill)
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=-3, stderr=errors)
    ticks, most, last = dict[int, int](), 0.0, 0.0
    while process.poll() is None:
        pids = marked(mark)
        ticks |= {pid: used for pid in pids if (used := cpu(pid)) is not None}
        if time.perf_counter() - last > 1:
            most, last = max(most, sum(map(memory, pids))), time.perf_counter()
        time.sleep(0.05)
    wall = time.perf_counter() - start
    errors.seek(0)
    said = errors.read().decode("utf-8", "replace")
    errors.close()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said[-2000:]}")
    return Cost(wall, sum(ticks.values()) / TICK, most)


def marked(mark: str) -> list[int]:
    found, wanted = [], f"{MARK}={mark}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def cpu(pid: int) -> int | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12])


def memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
