"""A module imports only from lower layers, and only loaders and publishers touch the disk."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "vunki_eval"
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("config", "locate", "explanations", "named_files"),
    (
        "instrument",
        "formalities",
        "registers",
        "settings",
        "project",
        "results",
        "stats",
        "language",
        "theme",
        "content",
        "style",
        "scan",
        "tokens",
    ),
    ("readers", "clean", "link", "keys", "decisions", "score", "disclosure", "simulate", "words", "roll", "coding"),
    ("participants", "roster", "followup", "benchmarks", "exports"),
    ("study",),
    ("evidence", "analysis", "planning"),
    ("evaluation",),
    ("lookup",),
    ("tables", "figures", "sections"),
    ("document", "engine"),
    ("publish", "questionnaire", "desk", "erasure", "package", "papers"),
    ("checks",),
    ("cli", "__main__", "__init__"),
)
RANK = {room: i for i, rooms in enumerate(LAYERS) for room in rooms}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            names = [f"{node.module}.{a.name}" if node.module == "vunki_eval" else str(node.module) for a in node.names]
        rooms |= {n.split(".")[1] for n in names if n.startswith("vunki_eval.")}
    return rooms - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_go_down(path: Path) -> None:
    room = room_of(path)
    assert room in RANK, f"{room} has no layer: add it to LAYERS"
    for other in imported_rooms(path) - {room}:
        assert other in RANK, f"{other} is no room"
        assert RANK[other] < RANK[room] or (room, other) in SIDEWAYS, f"{room} must not import {other}"


# Within a layer these may look at each other, in one direction.
SIDEWAYS = {
    ("settings", "instrument"),
    ("settings", "formalities"),
    ("settings", "registers"),
    ("settings", "style"),
    ("project", "settings"),
    ("project", "instrument"),
    ("project", "formalities"),
    ("registers", "instrument"),
    ("formalities", "instrument"),
    ("content", "theme"),
    ("project", "style"),
    ("project", "theme"),
    ("style", "theme"),
    ("style", "content"),
    ("style", "instrument"),
    ("analysis", "evidence"),
    ("clean", "readers"),
    ("decisions", "readers"),
    ("roll", "readers"),
    ("words", "roll"),
    ("link", "keys"),
    ("clean", "keys"),
    ("coding", "readers"),
    ("roster", "readers"),
    ("readers", "keys"),
    ("figures", "tables"),
    ("sections", "figures"),
    ("sections", "tables"),
    ("engine", "document"),
    ("desk", "questionnaire"),
    ("desk", "publish"),
    ("questionnaire", "publish"),
    ("erasure", "publish"),
    ("erasure", "questionnaire"),
    ("package", "publish"),
    ("papers", "questionnaire"),
    ("papers", "publish"),
    ("__main__", "cli"),
}


def test_sideways_imports_make_no_circle() -> None:
    assert not {(b, a) for a, b in SIDEWAYS} & SIDEWAYS


def test_statistics_know_only_numbers() -> None:
    for path in MODULES:
        if room_of(path) == "stats":
            assert imported_rooms(path) <= {"errors", "stats"}, path


def test_sections_never_see_a_study() -> None:
    seen = {"study", "readers", "clean", "link", "score"}
    for path in MODULES:
        if room_of(path) in {"tables", "figures", "sections", "document"}:
            assert not imported_rooms(path) & seen, path


def test_modules_stay_one_room() -> None:
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        lines = {n.lineno for n in ast.walk(tree) if hasattr(n, "lineno")}
        assert len(lines) <= 400, f"{path}: {len(lines)} lines of code; split it"
