"""Fifteen rooms in one order: a module imports only from its own room and from those below, and nothing goes round."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "vunki_eval"
ROOMS = (
    "errors", "language", "stats", "project", "results", "readers", "survey", "disclosure", "analysis", "report",
    "publish", "questionnaire", "privacy", "simulate", "cli",
)  # fmt: skip
LOOSE = {"__init__.py", "__main__.py", "py.typed"}
MOST_LINES = 400


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def tree_of(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@cache
def imports_of(name: str) -> frozenset[str]:
    """Modules of the package that a module imports, wherever in its code."""
    imported = set()
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            imported |= {a.name for a in node.names if a.name in MODULES}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: write imports in full"
            whole = {f"{node.module}.{a.name}" for a in node.names}
            imported |= {m if m in MODULES else str(node.module) for m in whole if str(node.module) in MODULES}
    return frozenset(imported)


def room_of(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def test_the_house_has_fifteen_rooms_and_nothing_beside_them() -> None:
    there = {path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"}
    assert there == {*ROOMS, *LOOSE}


def test_imports_go_down() -> None:
    inside = [name for name in MODULES if room_of(name) in ROOMS]
    upward = [
        f"{name} must not import {other}"
        for name in inside
        for other in imports_of(name)
        if room_of(other) not in ROOMS or ROOMS.index(room_of(other)) > ROOMS.index(room_of(name))
    ]
    assert upward == []


def test_no_import_goes_round() -> None:
    """Every module can be put below all that import it."""
    waiting = {name: set(imports_of(name)) - {name} for name in MODULES}
    while ready := {name for name, needs in waiting.items() if not needs}:
        waiting = {name: needs - ready for name, needs in waiting.items() if name not in ready}
    assert not waiting, f"these import each other in a circle: {sorted(waiting)}"


def test_statistics_know_only_numbers() -> None:
    for name in MODULES:
        if room_of(name) == "stats":
            assert {room_of(m) for m in imports_of(name)} <= {"errors", "stats"}, name


def test_pages_are_made_from_results_alone() -> None:
    """What people wrote for a report (`report.commentary`) is all of the survey that pages ever see."""
    for name in MODULES:
        if room_of(name) == "report" and name != "vunki_eval.report.commentary":
            assert not {room_of(m) for m in imports_of(name)} & {"readers", "survey", "disclosure"}, name


def test_one_name_for_one_thing() -> None:
    """No two classes of the package have the same name: a reader who meets one knows which it is."""
    places: dict[str, list[str]] = defaultdict(list)
    for name in MODULES:
        for node in tree_of(name).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)
    assert {n: p for n, p in places.items() if len(p) > 1} == {}


def test_modules_stay_one_subject() -> None:
    for name in MODULES:
        lines = {n.lineno for n in ast.walk(tree_of(name)) if hasattr(n, "lineno")}
        assert len(lines) <= MOST_LINES, f"{name}: {len(lines)} lines of code; split it"
