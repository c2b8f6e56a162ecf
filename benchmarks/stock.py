"""What one would do without vunki-eval's batch: papermill, then nbconvert to HTML and to PDF with Chromium.

python stock.py [--ours] PROJECT TARGET JOBS EVENT...    JOBS events at a time, each step a program of its own

``--ours``: with our engine and our exporters, to see what one process for all steps is worth.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# nbconvert's own program; only the place of an installed Chromium is told to playwright, which knows its own alone.
WEBPDF = """
import sys
browser = sys.argv[1]
from playwright.async_api import BrowserType
launch = BrowserType.launch
BrowserType.launch = lambda self, **o: launch(self, executable_path=browser, **o)
from nbconvert.nbconvertapp import main
main(sys.argv[2:])
"""


def one(project: Path, target: Path, event: str) -> None:
    folder = target / event
    folder.mkdir(parents=True, exist_ok=True)
    source, done = project / "notebooks" / "event_report.ipynb", folder / "report.ipynb"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = os.environ | {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0"}
    run = [sys.executable, "-m", "papermill", str(source), str(done), "--cwd", str(project), "-k", "python3"]
    subprocess.run([*run, "-p", "event", event, "-p", "language", "et"], env=env, **quiet)
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", str(done)], **quiet)
    options = ["--to", "webpdf", "--disable-chromium-sandbox", str(done)]
    if browser := shutil.which("chromium") or shutil.which("chromium-browser"):
        subprocess.run([sys.executable, "-c", WEBPDF, browser, *options], **quiet)
    else:
        subprocess.run([sys.executable, "-m", "nbconvert", *options], **quiet)


def ours(project: Path, target: Path, event: str) -> None:
    source, done = project / "notebooks" / "event_report.ipynb", target / "report.ipynb"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = os.environ | {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
    words = [str(source), str(done), "--cwd", str(project), "-k", "python3", "--engine", "vunki"]
    subprocess.run([sys.executable, "-m", "papermill", *words, "-p", "event", event, "-p", "language", "et"], env=env,
                   **quiet)  # fmt: skip
    for kind in ("vunki-html", "vunki-pdf"):
        subprocess.run([sys.executable, "-m", "nbconvert", "--to", kind, str(done)], env=env, **quiet)


def main(*words: str) -> None:
    each = ours if words[0] == "--ours" else one
    project, target, jobs, *events = words[1:] if words[0] == "--ours" else words
    with ThreadPoolExecutor(int(jobs)) as pool:
        list(pool.map(lambda e: each(Path(project), Path(target), e), events))


if __name__ == "__main__":
    main(*sys.argv[1:])
