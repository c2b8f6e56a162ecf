"""The parts of the table, most important first; each looks at the time that is left before it begins."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from chains import Project
from table import Table

HERE = Path(__file__).resolve().parent
STOCK_1, OURS_1, AGAIN = "stock, one event", "vunki-eval, one event", "second run, nothing changed"
STOCK_10, PAIRS_10 = "stock, 10 events one after another", "stock, 10 events two at a time"
OURS_10, OURS_50 = "vunki-eval, 10 events", "vunki-eval, 50 events"
LEVERS = {
    "imports": "every event pays its imports",
    "grammar": "the grammar of rfc3987_syntax is built",
    "freeze": "the collector sees the shared memory",
    "drawings": "every figure is cleaned for each use",
}


def one_event(table: Table, project: Project, repeats: int) -> None:
    project.ours(1)  # fill the disk's caches
    for _ in range(repeats):
        table.cost(STOCK_1, project.stock(1, 1))
        table.cost(OURS_1, project.ours(1))
        table.cost(AGAIN, project.ours(1, keep=True))
        table.ratio("one event, PDF and HTML", _pairs(table, STOCK_1, OURS_1), ">= 3")
    again = [c.wall for c in table.costs[AGAIN]]
    table.ratio("second run, seconds, 0 notebooks executed", again, "<= 1.5")
    same = "equal" if project.same_pages() else "DIFFERENT"
    table.note(f"Both sides execute the same notebook; the sections it shows (every number and figure): **{same}**.")
    table.note("The stock chain is papermill, then nbconvert to HTML and to PDF with Chromium, a program each.")
    table.note("Wall and CPU (user + system) of all processes; PSS is the highest sum seen, sampled each second. One"
               " language, PDF and HTML.")  # fmt: skip


def start_up(table: Table) -> None:
    """Seconds of `vunki-eval --help` more than of `python -c pass`."""
    found = []
    for _ in range(7):
        times = []
        for words in (["-c", "pass"], ["-m", "vunki_eval", "--help"]):
            began = time.perf_counter()
            subprocess.run([sys.executable, *words], stdout=-3, check=True)
            times.append(time.perf_counter() - began)
        found.append(times[1] - times[0])
    table.ratio("`vunki-eval --help`, seconds more than `python -c pass`", found, "<= 0.4")


def all_warm(table: Table, project: Project, repeats: int) -> None:
    """The engine against the same work as one plain function, both in processes that have done their imports."""
    if table.left() < 60:
        return
    words = [sys.executable, str(HERE / "warm.py"), str(project.folder), str(project.folder / "warm"),
             project.events[0], str(repeats)]  # fmt: skip
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=env)
    rows = [x.split() for x in done.stdout.splitlines()]
    same = "same PDF" if all(x[4] == "True" for x in rows) else "OTHER PDF"
    for place, kind in ((0, "wall"), (2, "CPU")):
        plain, engine = (statistics.median(float(x[place + i]) for x in rows) for i in (0, 1))
        name = f"one event, all warm, {kind}: engine {engine:.2f} s, plain function {plain:.2f} s, {same}"
        table.ratio(name, [float(x[place + 1]) / float(x[place]) for x in rows], "<= 1.15")


def ten_events(table: Table, project: Project, *, stock: bool) -> bool:
    """One round; False when there is no time for it."""
    one = table.median(STOCK_1)
    if table.left() < one * (18 if stock else 4):
        return False
    if stock:
        table.cost(STOCK_10, project.stock(10, 1))
    table.cost(OURS_10, project.ours(10))
    more = (table.median(OURS_10) - table.median(OURS_1)) / 9
    alone = one
    if stock:
        table.cost(PAIRS_10, project.stock(10, 2))
        table.ratio("10 events against one after another", _pairs(table, STOCK_10, OURS_10), ">= 8")
        table.ratio("10 events against two at a time", _pairs(table, PAIRS_10, OURS_10), ">= 5")
        alone = table.median(STOCK_10) / 10
    table.ratio(f"one more event: stock {alone:.1f} s, ours {more:.2f} s", [alone / more], ">= 12")
    return True


def levers(table: Table, project: Project) -> None:
    """Each lever off in turn."""
    one = table.median(OURS_1)
    for lever, name in LEVERS.items():
        if table.left() < 8 * one:
            return
        settings = {"VUNKI_BENCH_OFF": lever, "PYTHONPATH": f"{HERE / 'off'}{os.pathsep}{os.environ['PYTHONPATH']}"}
        for _ in range(2):
            table.cost(f"lever off, one event: {name}", project.ours(1, **settings))
    for _ in range(2):
        table.cost("lever off, one event: standard engine", project.ours(1, "--engine", "standard"))
        table.cost("lever off, one event: a program for each step", project.apart())
    if table.left() > 12 * one:
        table.cost("lever off, 10 events: one job", project.ours(10, "--jobs", "1"))


def fifty_events(table: Table, project: Project) -> None:
    if OURS_10 not in table.costs or table.left() < 6 * table.median(OURS_10):
        return
    table.cost(OURS_50, project.ours(50))


def fifty_stock(table: Table, project: Project) -> None:
    """The stock chain for fifty events, measured if there is time, else taken from ten and said so."""
    if OURS_50 not in table.costs or STOCK_10 not in table.costs:
        return
    ours, ten = table.median(OURS_50), table.median(STOCK_10)
    if table.left() > 5.5 * ten:
        found = table.cost("stock, 50 events one after another", project.stock(50, 1)).wall
        table.ratio("50 events against one after another", [found / ours], "")
    else:
        name = f"50 events against one after another: stock taken as 5 x 10 events = {5 * ten:.0f} s, not run"
        table.ratio(name, [5 * ten / ours], "")


def cluster(table: Table, project: Project) -> None:
    """Fifty events (ten where time is short) on a Dask cluster of two workers on loopback against two local jobs."""
    if OURS_10 not in table.costs or table.left() < 5 * table.median(OURS_10):
        return
    many = 50 if table.left() > 14 * table.median(OURS_10) else 10
    started = []
    file = project.folder / "scheduler.json"
    try:
        words = {"scheduler": ["--port", "0", "--no-dashboard", "--host", "127.0.0.1"]}
        words |= {f"worker-{i}": ["--nworkers", "1", "--nthreads", "1", "--no-dashboard"] for i in range(2)}
        for name, options in words.items():
            command = [sys.executable, "-m", f"distributed.cli.dask_{name.partition('-')[0]}", *options]
            command += ["--scheduler-file", str(file)]
            started.append(subprocess.Popen(command, cwd=project.folder, stdout=-3, stderr=-3))
        address = _address(file)
        local = table.cost(f"two local jobs, {many} events", project.ours(many, "--jobs", "2"))
        before = project.digest()
        remote = table.cost(f"cluster of two workers, {many} events", project.ours(many, "--cluster", address))
        same = "same bytes" if project.digest() == before else "OTHER BYTES"
        table.ratio(
            f"{many} events on the cluster against two local jobs, {same}", [remote.wall / local.wall], "<= 1.25"
        )
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(20)


def _address(file: Path) -> str:
    import distributed

    until = time.monotonic() + 60
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.2)
    with distributed.Client(scheduler_file=str(file), timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
        return str(client.scheduler.address)


def _pairs(table: Table, left: str, right: str) -> list[float]:
    return [a.wall / b.wall for a, b in zip(table.costs[left], table.costs[right], strict=False)]
