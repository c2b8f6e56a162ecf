"""A project of two events: ``a`` gets the bad file of a case, ``b`` is sound and must not suffer from it."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from vunki_eval.errors import Problem, VunkiError
from vunki_eval.project.project import load_project
from vunki_eval.survey.study import Study, load_study

INSTRUMENT = Path(__file__).parents[1] / "readers" / "small_instrument.toml"
BASE = {
    "submitted": "2020-08-12 10:00", "CO0": "jah", "E1": "M", "E2": "1", "E3": "A", "E4": "J", "PR1": "ettevõte",
    "TS1": "4", "TS2": "6", "CE1": "4", "CE2": "2", "CE3": "1", "NW1": "12",
}  # fmt: skip
PROJECT = """schema = 1
[project]
id = "small"
title = { et = "Väike", en = "Small" }
start = 2020-01-01
end = 2021-12-31
funder = { et = "F", en = "F" }
applicant = { name = "A" }
"""
EVENT = """[[event]]
id = "%s"
title = { et = "E", en = "E" }
actual = { start = 2020-08-13, end = 2020-08-15 }
waves = { %s }
"""
Rows = Sequence[Mapping[str, str]]


def csv_text(rows: Rows, end: str = "\n") -> str:
    """Rows that differ from the base row and have a code of their own, as quoted CSV."""
    rows = [{"E1": "ABCDEFGHIJ"[k % 10], "E2": str(k % 31 + 1), **row} for k, row in enumerate(rows)]
    headers = list(dict.fromkeys([*BASE, *(h for row in rows for h in row)]))
    lines = [headers, *([{**BASE, **row}.get(h, "") for h in headers] for row in rows)]
    return end.join(",".join('"' + c.replace('"', '""') + '"' for c in line) for line in lines) + end


class Case:
    """Runs event ``a`` on the file of a case."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def file(self, name: str = "pre.csv") -> Path:
        return self.root / "surveys" / "a" / name

    def put(self, content: bytes | str | Rows, name: str = "pre.csv", **options: object) -> None:
        """Write the file of the first wave, with reading options."""
        settings = "".join(f", {k} = {v!r}" for k, v in options.items()).replace("'", '"')
        waves = f'pre = {{ file = "{name}"{settings} }}'
        self.write(waves)
        if isinstance(content, bytes):
            self.file(name).write_bytes(content)
        else:
            text = content if isinstance(content, str) else csv_text(content)
            self.file(name).write_text(text, encoding="utf-8", newline="")

    def put_waves(self, **waves: bytes | Rows) -> None:
        """Write several waves."""
        self.write(", ".join(f'{w} = "{w}.csv"' for w in waves))
        for wave, content in waves.items():
            data = content if isinstance(content, bytes) else csv_text(content).encode()
            self.file(f"{wave}.csv").write_bytes(data)

    def write(self, waves: str) -> None:
        folders = [self.root / "surveys" / e for e in ("a", "b")]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(INSTRUMENT, self.root / "surveys" / "instrument.toml")
        text = PROJECT + EVENT % ("a", waves) + EVENT % ("b", 'pre = "pre.csv"')
        (self.root / "surveys" / "project.toml").write_text(text, encoding="utf-8")
        (folders[1] / "pre.csv").write_text(csv_text([{}, {"E1": "K"}]), encoding="utf-8")

    def study(self) -> Study:
        return load_study(load_project(self.root), "a")

    def values(self, item: str) -> list[object]:
        return list(self.study().responses[item])

    def findings(self) -> list[str]:
        return [f.code for f in self.study().findings]

    def refused(self) -> list[tuple[int, str, str]]:
        """Row, column and code of every fault; each names the file, says what to do, and leaves event ``b`` alone."""
        with pytest.raises(VunkiError) as caught:
            self.study()
        problems: Sequence[Problem] = caught.value.problems
        for problem in problems:
            assert problem.file.startswith("surveys/a/")
            assert problem.problem.endswith(".")
            assert problem.hint
        assert len(load_study(load_project(self.root), "b").responses) == 2
        return [(p.row, p.column, p.code) for p in problems]

    def message(self) -> str:
        with pytest.raises(VunkiError) as caught:
            self.study()
        return str(caught.value)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path / "project")


@pytest.fixture(scope="session")
def as_csv() -> Callable[..., str]:
    return csv_text
