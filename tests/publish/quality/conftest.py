"""A small project of one event whose files a test writes."""

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from vunki_eval.cli.app import app
from vunki_eval.project.project import Project, load_project

INSTRUMENT = Path(__file__).parents[2] / "readers" / "small_instrument.toml"
PROJECT = """schema = 1
[project]
id = "small"
title = { et = "Väike", en = "Small" }
start = 2020-01-01
end = 2021-12-31
funder = { et = "F", en = "F" }
applicant = { name = "A" }
languages = ["en", "et"]
[[event]]
id = "e"
title = { et = "Sündmus", en = "Event" }
actual = { start = 2020-08-13, end = 2020-08-15 }
waves = { WAVES }
"""
BASE = {
    "submitted": "2020-08-12 10:00", "CO0": "jah", "E1": "M", "E2": "1", "E3": "A", "E4": "J", "PR1": "ettevõte",
    "TS1": "4", "TS2": "6", "CE1": "4", "CE2": "2", "CE3": "1", "NW1": "12",
}  # fmt: skip
AFTER = {"submitted": "2020-08-16 10:00"}
Rows = Sequence[Mapping[str, str]]


def somebody(k: int, **answers: str) -> dict[str, str]:
    """A person with a code that differs from everybody else's in three elements."""
    return {"E1": "ABCDEFGHIJKL"[k], "E2": str(k + 1), "E3": "MNOPQRSTUVWZ"[k], **answers}


class Desk:
    """A project and the program."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "surveys" / "e"
        self.checks = root / "checks" / "e"

    def write(self, **waves: Rows) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(INSTRUMENT, self.root / "surveys" / "instrument.toml")
        declared = ", ".join(f'{w} = "{w}.csv"' for w in waves)
        (self.root / "surveys" / "project.toml").write_text(PROJECT.replace("WAVES", declared), "utf-8")
        for wave, rows in waves.items():
            headers = list(dict.fromkeys([*BASE, *(h for row in rows for h in row)]))
            out = io.StringIO(newline="")
            writer = csv.writer(out, lineterminator="\n")
            writer.writerows([headers, *([{**BASE, **row}.get(h, "") for h in headers] for row in rows)])
            (self.folder / f"{wave}.csv").write_text(out.getvalue(), "utf-8", newline="")

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--project", str(self.root)])

    def project(self) -> Project:
        return load_project(self.root)

    def sheet(self, name: str = "decisions.csv") -> list[dict[str, str]]:
        with (self.checks / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "project")
