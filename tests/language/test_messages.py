"""Every message is made with M_ where the fault arises, and every one of them can be said in Estonian."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from vunki_eval.errors import M_, Message
from vunki_eval.errors.message import catalogue
from vunki_eval.language import catalogue as catalogues
from vunki_eval.language.explanations import explanations

PACKAGE = Path(__file__).resolve().parents[2] / "vunki_eval"
OURS = {"VunkiError", "UsageError", "ConfigError", "InputError", "BuildError", "StatisticsError"}
MAKERS = {"M_", "MN_", "joined", "filled", "message"}
CALLS = [
    (path, node)
    for path in sorted(PACKAGE.rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.Call)
]
SITES = [(f"{path.relative_to(PACKAGE)}:{node.lineno}", node) for path, node in CALLS]
SAME = {"CONTRIBUTING.md", "{item}: {value}"}
"""Messages that are no words of a language."""


def name_of(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def plain(node: ast.expr) -> Iterator[ast.expr]:
    """Give the parts of an expression that are text but no message."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from (*plain(node.body), *plain(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from plain(value)
    elif isinstance(node, ast.BinOp):
        yield node  # text that is put together is no message any more
    elif isinstance(node, ast.Call) and name_of(node) in ("str", "format", "join"):
        yield node


def sentences(call: ast.Call) -> list[ast.expr]:
    """Give the arguments of a call that must be messages."""
    if name_of(call) == "Problem":
        return [*call.args[3:5], *(k.value for k in call.keywords if k.arg in ("problem", "hint"))]
    if name_of(call) in OURS:
        return list(call.args[:1])
    if name_of(call) == "replace":
        return [k.value for k in call.keywords if k.arg in ("problem", "hint")]
    return []


def test_sites_are_found() -> None:
    assert sum(name_of(node) == "Problem" for _, node in SITES) > 150
    assert sum(name_of(node) == "M_" for _, node in SITES) > 500


def test_no_problem_is_made_of_plain_text() -> None:
    wrong = [f"{where}: {ast.unparse(p)}" for where, call in SITES for s in sentences(call) for p in plain(s)]
    assert wrong == [], 'write the sentence as M_("... {gap}", gap=...)'


def test_names_that_become_problems_are_messages() -> None:
    """``problem = "..."`` and ``hint = f"..."`` would be plain text by another way."""
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                names = [target] if isinstance(target, ast.Name) else getattr(target, "elts", [])
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                named = {n.id: v for n, v in zip(names, values, strict=False) if isinstance(n, ast.Name)}
                wrong += [
                    f"{path.name}:{node.lineno}"
                    for name, value in named.items()
                    if name in ("problem", "hint") and list(plain(value))
                ]
    assert wrong == []


def test_templates_are_literals() -> None:
    """What is no literal is missed by the catalogue, and stays English."""
    wrong = []
    for where, call in SITES:
        wanted = {"M_": 1, "MN_": 2}.get(name_of(call), 0)
        literal = [a for a in call.args[:wanted] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if len(literal) < wanted and not where.startswith("errors/message.py"):
            wrong.append(where)
    assert wrong == []


def sample(template: str) -> dict[str, object]:
    return {name: f"‹{name}›" for name in re.findall(r"(?<!\{)\{(\w+)\}", template)}


MADE = sorted(
    {tuple(a.value for a in call.args[:n] if isinstance(a, ast.Constant)) for _, call in SITES
     if (n := {"M_": 1, "MN_": 2}.get(name_of(call), 0)) and isinstance(call.args[0], ast.Constant)}
)  # fmt: skip


@pytest.mark.parametrize("texts", MADE, ids=lambda t: t[0][:50])
def test_every_message_is_said_in_estonian(texts: tuple[str, ...]) -> None:
    english, estonian = catalogue("en"), catalogue("et")
    if len(texts) == 2:
        values = sample(texts[1]) | {"n": 2}
        said, in_english = (c.ngettext(*texts, 2).format(**values) for c in (estonian, english))
        assert said != in_english
        assert "2" in said
        return
    message = Message(texts[0], sample(texts[0]))
    said = message.text("et")
    assert all(str(value) in said for value in message.values.values())
    if texts[0] not in SAME and re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", texts[0])):
        assert said != message


def test_every_code_has_its_sites_in_the_code() -> None:
    """Every code that is explained stands in a module beside messages, so that none is said by other means."""
    written = {m for path in PACKAGE.rglob("*.py") for m in re.findall(r"VE-\d{3}", path.read_text("utf-8"))}
    assert set(explanations()) <= written


def test_the_catalogue_finds_messages_and_their_plurals(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('M_("A {x}.", x=1)\nMN_("{n} b.", "{n} bs.", n)\nM_(name)\n', "utf-8")
    assert sorted(catalogues.messages(tmp_path)) == [("A {x}.",), ("{n} b.", "{n} bs.")]


def test_a_message_without_a_translation_stays_english() -> None:
    assert M_("This sentence is nowhere.").text("et") == "This sentence is nowhere."
