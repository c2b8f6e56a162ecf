"""The two ways to the same reports: the stock chain and ours, each run as programs and measured with all processes."""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

from measure import Cost, run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


class Project:
    """The shipped project with its first event under as many names as asked for."""

    def __init__(self, folder: Path, events: int) -> None:
        self.folder = folder
        for name in ("surveys", "notebooks"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*"))
        path = folder / "surveys" / "project.toml"
        head, first, *rest = re.split(r"(?m)^(?=\[\[event\]\])", path.read_text("utf-8"))
        self.events = ["2020-antsla", *(f"copy-{i:02}" for i in range(1, events))]
        copies = [first.replace('"2020-antsla"', f'"{name}"', 1) for name in self.events[1:]]
        path.write_text(head + first + "".join(copies) + "".join(rest), "utf-8")
        for name in self.events[1:]:
            shutil.copytree(folder / "surveys" / "2020-antsla", folder / "surveys" / name)

    def stock(self, events: int, jobs: int) -> Cost:
        """Papermill, nbconvert to HTML and to PDF with Chromium, ``jobs`` events at a time."""
        target = self.folder / "stock"
        shutil.rmtree(target, ignore_errors=True)
        words = [sys.executable, str(HERE / "stock.py"), str(self.folder), str(target), str(jobs)]
        return run([*words, *self.events[:events]], self.folder)

    def ours(self, events: int, *words: str, keep: bool = False, **settings: str) -> Cost:
        """Our command for the same events; ``keep`` leaves what is published."""
        if not keep:
            shutil.rmtree(self.folder / "reports", ignore_errors=True)
        chosen = [x for e in self.events[:events] for x in ("--event", e)]
        command = [sys.executable, "-m", "vunki_eval", "report", *chosen, "--language", "et", *words]
        return run(command, self.folder, **settings)

    def apart(self) -> Cost:
        """One event with our engine and exporters, but a program for each step."""
        target = self.folder / "apart"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        words = [sys.executable, str(HERE / "stock.py"), "--ours", str(self.folder), str(target), "1", self.events[0]]
        return run(words, self.folder)

    def same_pages(self) -> bool:
        """Compare the sections that both sides show: every number and every figure of the first event's report."""
        paths = (f"stock/{self.events[0]}/report.ipynb", f"reports/{self.events[0]}/et/report.ipynb")
        sides = []
        for path in paths:
            cells = json.loads((self.folder / path).read_text("utf-8"))["cells"]
            shown = [o["data"] for c in cells for o in c.get("outputs", []) if "data" in o]
            sides.append([d.get("application/vnd.vunki.section+json") for d in shown])
        return bool(sides[0]) and sides[0] == sides[1]

    def digest(self) -> str:
        """Hash everything that is published."""
        digest = hashlib.sha256()
        for path in sorted((self.folder / "reports").rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(self.folder).as_posix().encode() + path.read_bytes())
        return digest.hexdigest()
