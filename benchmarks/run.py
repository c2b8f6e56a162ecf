"""One command, one table: the stock chain against `vunki-eval report`, side by side and interleaved. Linux.

python benchmarks/run.py [--repeats 5] [--ten 1] [--fifty] > benchmarks/RESULTS.md
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from measure import Cost, run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PACKAGES = ("papermill", "nbconvert", "nbclient", "ipykernel", "pandas", "scipy", "matplotlib", "seaborn", "typst")


def project(folder: Path, events: int) -> list[str]:
    """Copy the shipped project with its first event under as many names as asked for."""
    for name in ("surveys", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    toml = (folder / "surveys" / "project.toml").read_text("utf-8")
    head, *blocks = re.split(r"(?m)^(?=\[\[event\]\])", toml)
    first = blocks[0]
    names = ["2020-antsla", *(f"copy-{i:02}" for i in range(1, events))]
    copies = [first.replace('"2020-antsla"', f'"{name}"', 1) for name in names[1:]]
    (folder / "surveys" / "project.toml").write_text(head + first + "".join(copies) + "".join(blocks[1:]), "utf-8")
    for name in names[1:]:
        shutil.copytree(folder / "surveys" / "2020-antsla", folder / "surveys" / name)
    return names


def stock(folder: Path, events: list[str], jobs: int) -> Cost:
    target = folder / "stock"
    shutil.rmtree(target, ignore_errors=True)
    return run([sys.executable, str(HERE / "stock.py"), str(folder), str(target), str(jobs), *events], folder)


def ours(folder: Path, events: list[str], *words: str, **settings: str) -> Cost:
    shutil.rmtree(folder / "reports", ignore_errors=True)
    return again(folder, events, *words, **settings)


def again(folder: Path, events: list[str], *words: str, **settings: str) -> Cost:
    chosen = [x for e in events for x in ("--event", e)]
    return run([sys.executable, "-m", "vunki_eval", "report", *chosen, "--language", "et", *words], folder, **settings)


def same_pages(folder: Path, event: str) -> str:
    """Compare the sections that both sides made: every number and every figure of the report."""
    sides = []
    for path in (folder / "stock" / event / "report.ipynb", folder / "reports" / event / "et" / "report.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        outputs = [o for c in cells for o in c.get("outputs", []) if "data" in o]
        sides.append([o["data"].get("application/vnd.vunki.section+json") for o in outputs])
    return "equal" if sides[0] == sides[1] else "DIFFERENT"


def line(name: str, costs: list[Cost]) -> str:
    wall = [c.wall for c in costs]
    spread = f"{min(wall):.1f}–{max(wall):.1f}"
    middle = [statistics.median(getattr(c, k) for c in costs) for k in ("wall", "cpu", "memory")]
    return f"| {name} | {len(costs)} | {middle[0]:.1f} | {spread} | {middle[1]:.1f} | {middle[2]:.0f} |"


def ratio(name: str, left: list[Cost], right: list[Cost], goal: str) -> str:
    each = [a.wall / b.wall for a, b in zip(left, right, strict=True)]
    return f"| {name} | {statistics.median(each):.2f} | {min(each):.2f}–{max(each):.2f} | {goal} |"


def start_up() -> tuple[float, float]:
    """Seconds of `python -c pass` and of `vunki-eval --help`."""
    found = []
    for words in (["-c", "pass"], ["-m", "vunki_eval", "--help"]):
        times = []
        for _ in range(7):
            began = time.perf_counter()
            subprocess.run([sys.executable, *words], stdout=-3, check=True)
            times.append(time.perf_counter() - began)
        found.append(statistics.median(times))
    return found[0], found[1]


def machine() -> str:
    versions = ", ".join(f"{p} {version(p)}" for p in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    model = next(
        (x.split(":")[1].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x), ""
    )
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{now}; Linux, {cores} cores ({model}), load before {load}; Python {platform.python_version()}; {versions}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--ten", type=int, default=5)
    parser.add_argument("--fifty", action="store_true")
    chosen = parser.parse_args()
    rows, ratios = [], []
    about = machine()
    with tempfile.TemporaryDirectory(prefix="vunki-bench-") as name:
        folder = Path(name)
        events = project(folder, 50 if chosen.fifty else 10)
        one, ten = events[:1], events[:10]
        ours(folder, one)  # fill the disk's caches

        a, b, std, fresh = [], [], [], []
        for _ in range(chosen.repeats):
            a.append(stock(folder, one, 1))
            b.append(ours(folder, one))
            fresh.append(again(folder, one))
        equal = same_pages(folder, one[0])
        for _ in range(min(2, chosen.repeats)):
            std.append(ours(folder, one, "--engine", "standard"))
        rows += [
            line("stock, one event", a),
            line("vunki-eval, one event", b),
            line("second run, nothing changed", fresh),
        ]
        rows += [line("lever off: standard engine, one event", std)]
        ratios.append(ratio("one event", a, b, ">= 3"))

        a10, a10n, b10 = [], [], []
        for _ in range(chosen.ten):
            a10.append(stock(folder, ten, 1))
            b10.append(ours(folder, ten))
            a10n.append(stock(folder, ten, 2))
        if chosen.ten:
            rows += [line("stock, 10 events one after another", a10), line("stock, 10 events two at a time", a10n)]
            rows += [line("vunki-eval, 10 events", b10)]
            rows += [line("lever off: one job, 10 events", [ours(folder, ten, "--jobs", "1")])]
            ratios.append(ratio("10 events against one after another", a10, b10, ">= 8"))
            ratios.append(ratio("10 events against two at a time", a10n, b10, ">= 5"))
            more = (statistics.median(c.wall for c in b10) - statistics.median(c.wall for c in b)) / 9
            stock_more = statistics.median(c.wall for c in a10) / 10
            ratios.append(
                f"| one more event: {stock_more:.1f} s against {more:.2f} s | {stock_more / more:.2f} | | >= 12 |"
            )
        if chosen.fifty:
            rows.append(line("vunki-eval, 50 events", [ours(folder, events)]))

        done = subprocess.run(
            [sys.executable, str(HERE / "warm.py"), str(folder), str(folder / "warm"), one[0], str(chosen.repeats)],
            capture_output=True, text=True, check=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        warm = [x.split() for x in done.stdout.splitlines()]
        equal_pdf = "same PDF" if all(x[4] == "True" for x in warm) else "OTHER PDF"
        for place, kind in ((0, "wall"), (2, "CPU")):
            pairs = [(float(x[place]), float(x[place + 1])) for x in warm]
            plain, engine = (statistics.median(x[i] for x in pairs) for i in (0, 1))
            each = [e / p for p, e in pairs]
            said = f"one event, all warm, {kind}: engine {engine:.2f} s, plain function {plain:.2f} s, {equal_pdf}"
            spread = f"{min(each):.2f}–{max(each):.2f}"
            ratios.append(f"| {said} | {statistics.median(each):.2f} | {spread} | <= 1.15 |")
    nothing, shown = start_up()
    ratios.append(f"| `vunki-eval --help`, seconds more than `python -c pass` | {shown - nothing:.2f} | | <= 0.4 |")
    print(f"# Benchmark results\n\n{about}\n")
    print(f"Load after: {', '.join(f'{x:.1f}' for x in os.getloadavg())}. Estonian, PDF and HTML.")
    print("The stock chain is papermill, then nbconvert to HTML and to PDF with Chromium, a program each.")
    print(f"Both execute the same notebook; the sections it shows (every number and figure) are **{equal}**.\n")
    print("| What | Runs | Wall, s (median) | Least–most | CPU, s | PSS, MB |\n|---|---|---|---|---|---|")
    print("\n".join(rows))
    print("\n| Ratio of wall times, pair by pair | Median | Least–most | Goal |\n|---|---|---|---|")
    print("\n".join(ratios))


if __name__ == "__main__":
    main()
