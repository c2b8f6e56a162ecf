"""One command, one table: the stock chain against `vunki-eval report`, side by side and interleaved. Linux.

python benchmarks/run.py                 everything, in at most 90 minutes, most important first
python benchmarks/run.py --minutes 30    what fits into half an hour
python benchmarks/run.py --quick         two repeats, no stock chain of ten events, no growth: some minutes

Writes benchmarks/RESULTS.md (--out) anew after every measurement; progress goes to standard error.
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

import chains
import parts
from table import Table

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    chosen = parser.parse_args()
    repeats = 2 if chosen.quick else chosen.repeats
    table = Table(chosen.out, 15 if chosen.quick and chosen.minutes == 90 else chosen.minutes)
    os.environ["PYTHONPATH"] = str(HERE.parent)
    compile_all(table)
    with tempfile.TemporaryDirectory(prefix="vunki-bench-") as name:
        os.environ["VUNKI_KEY_DIR"] = str(Path(name) / "keys")
        project = chains.Project(Path(name) / "project", events=50)
        stock = not chosen.quick
        steps: list[Callable[[], object]] = [
            lambda: parts.one_event(table, project, repeats),
            lambda: parts.start_up(table),
            lambda: parts.all_warm(table, project, repeats),
            lambda: parts.ten_events(table, project, stock=stock),
            lambda: parts.levers(table, project),
            lambda: parts.fifty_events(table, project),
            lambda: parts.cluster(table, project),
            lambda: others(table, quick=chosen.quick),
            # What is left goes into more repeats of the long ones.
            *[lambda: parts.ten_events(table, project, stock=stock)] * (repeats - 1 if stock else 0),
            lambda: parts.fifty_stock(table, project),
        ]
        for step in steps:
            try:
                step()
            except (Exception, SystemExit) as error:  # the others are worth having
                table.note(f"A part ended early: {str(error)[-300:] or type(error).__name__}")
    print(table.path.read_text("utf-8"))


def compile_all(table: Table) -> None:
    """Let both sides start from compiled code, as a user's second start does whatever this machine's settings are."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(HERE.parent / "vunki_eval")}
    subprocess.run([sys.executable, "-m", "compileall", "-q", "-j", "0", *folders], stdout=subprocess.DEVNULL)
    table.note("Both sides start from compiled byte code, as every start but a user's first does.")


def others(table: Table, *, quick: bool) -> None:
    """Run the other benchmarks of this folder, each a program that prints Markdown (``--quick``: a short version)."""
    own = {"run", "chains", "parts", "table", "measure", "stock", "warm"}
    for path in sorted(HERE.glob("*.py"), key=lambda p: (p.stem == "growth", p.stem)):
        if path.stem in own or table.left() < 60:
            continue
        print(f"{path.stem} ...", file=sys.stderr, flush=True)
        words = [sys.executable, str(path), *(["--quick"] if quick else [])]
        try:
            done = subprocess.run(words, cwd=HERE, capture_output=True, text=True, timeout=max(120, table.left()))
        except subprocess.TimeoutExpired as late:
            table.part(f"{_text(late.stdout)}\n\n({path.name} was stopped: out of time.)")
            continue
        if done.returncode:
            table.part(f"{done.stdout}\n\n({path.name} ended with {done.returncode}.)")
            print(done.stderr[-1500:], file=sys.stderr)
        else:
            table.part(done.stdout)


def _text(said: str | bytes | None) -> str:
    return said.decode() if isinstance(said, bytes) else said or ""


if __name__ == "__main__":
    main()
