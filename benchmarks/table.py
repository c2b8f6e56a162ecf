"""The table as it grows: written anew after every measurement, so that a run that is stopped leaves what it has."""

import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from measure import Cost

PACKAGES = ("papermill", "nbconvert", "nbclient", "ipykernel", "pandas", "scipy", "matplotlib", "seaborn", "typst")
COSTS = "| What | Runs | Wall, s (median) | Least–most | CPU, s | PSS, MB |\n|---|---|---|---|---|---|"
RATIOS = "| Ratio, pair by pair | Runs | Median | Least–most | Goal |\n|---|---|---|---|---|"


class Table:
    def __init__(self, path: Path, minutes: float) -> None:
        self.path, self.minutes, self.began = path, minutes, time.monotonic()
        self.head = machine()
        self.notes: list[str] = []
        self.costs: dict[str, list[Cost]] = {}
        self.ratios: dict[str, str] = {}
        self.parts: list[str] = []

    def left(self) -> float:
        """Seconds of the budget that are left."""
        return self.minutes * 60 - (time.monotonic() - self.began)

    def cost(self, name: str, made: Cost) -> Cost:
        self.costs.setdefault(name, []).append(made)
        print(f"{time.monotonic() - self.began:6.0f} s  {name}: {made.wall:.1f} s, CPU {made.cpu:.1f} s",
              file=sys.stderr, flush=True)  # fmt: skip
        self.write()
        return made

    def ratio(self, name: str, each: Sequence[float], goal: str, kind: str = "") -> None:
        spread = f"{min(each):.2f}–{max(each):.2f}" if len(each) > 1 else ""
        said = f"| {name} | {len(each)} | {statistics.median(each):.2f}{kind} | {spread} | {goal} |"
        self.ratios[name.partition(":")[0]] = said
        self.write()

    def median(self, name: str, what: str = "wall") -> float:
        return statistics.median(getattr(c, what) for c in self.costs[name])

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)
        self.write()

    def part(self, text: str) -> None:
        self.parts.append(text.strip())
        self.write()

    def write(self) -> None:
        load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
        lines = ["# Benchmark results", "", self.head, f"Load at the end: {load}; the machine's load stands in it, ours"
                 " included. Renewed by `python benchmarks/run.py`.", "", *(f"- {n}" for n in self.notes), "",
                 COSTS, *map(_line, self.costs.items()), "", RATIOS, *self.ratios.values()]  # fmt: skip
        for part in self.parts:
            lines += ["", part]
        part = self.path.with_name(f".{self.path.name}.part")
        part.write_text("\n".join(lines) + "\n", "utf-8")
        part.replace(self.path)


def _line(named: tuple[str, list[Cost]]) -> str:
    name, costs = named
    wall = [c.wall for c in costs]
    spread = f"{min(wall):.1f}–{max(wall):.1f}" if len(wall) > 1 else ""
    middle = [statistics.median(getattr(c, k) for c in costs) for k in ("wall", "cpu", "memory")]
    return f"| {name} | {len(costs)} | {middle[0]:.1f} | {spread} | {middle[1]:.1f} | {middle[2]:.0f} |"


def machine() -> str:
    versions = ", ".join(f"{p} {version(p)}" for p in PACKAGES)
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    told = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((x.split(":")[1].strip() for x in told if "model name" in x), "")
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    cores = len(os.sched_getaffinity(0))
    return f"{now}; Linux, {cores} cores ({model}), load before {load}; Python {platform.python_version()}; {versions}."
