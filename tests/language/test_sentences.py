"""Messages in Estonian: every sentence from reading the exports to publishing the reports has its translation."""

import ast
import re
from pathlib import Path

import pytest

from vunki_eval.errors import Problem
from vunki_eval.language.sentences import in_language, templates, translated

PACKAGE = Path(__file__).resolve().parents[2] / "vunki_eval"
ROOMS = (
    "readers", "survey/clean", "survey/link", "survey/coding", "report/commentary.py", "project/keys.py",
    "project/svg.py", "report/render/notebook.py", "report/render/export.py", "report/render/pdf/typeset.py",
    "publish/engine/run.py",
    *(f"survey/{name}.py" for name in ("decisions", "study", "participants", "roster")),
    *(f"publish/{name}.py" for name in ("forks", "batch", "build", "last_check", "cluster", "demo", "fingerprint",
                                        "fork_server", "files", "staging", "store", "unit", "verify", "workers")),
)  # fmt: skip


def docstrings(tree: ast.AST) -> set[int]:
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}


def written(path: Path) -> set[str]:
    """Sentences in a module, gaps as {}."""
    tree = ast.parse(path.read_text("utf-8"))
    parts = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values} | docstrings(tree)
    sentences = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            text = re.sub(r"\{\w*\}", "{}", node.value)
        else:
            continue
        if " " in text and text[:1].isupper() and text[-1] in ".?}":
            sentences.add(text)
    return sentences


# Sentences that are made of a sentence and a further part.
HINT = " The column 'x' looks like it."
MADE = {
    "The column matches no item{}.": [("",), (", but looks like TS1",)],
    "Export it, or name its column in {}, and put that beside the export.{}": [("a", ""), ("a", HINT)],
}


def filled(sentence: str) -> list[str]:
    return [sentence.format(*gaps) for gaps in MADE.get(sentence, [("7",) * sentence.count("{}")])]


def test_every_message_has_an_estonian_sentence() -> None:
    paths = [p for room in ROOMS for p in ([PACKAGE / room] if ".py" in room else (PACKAGE / room).rglob("*.py"))]
    sentences = {s for p in paths for s in written(p)}
    assert len(sentences) > 150
    lacking = [s for s in sentences for f in filled(s) if translated(f, "et") == f]
    assert lacking == [], "write their Estonian into vunki_eval/language/sentences.et.toml"


def test_gaps_are_carried_over() -> None:
    for template, translation in templates("et").items():
        assert template.count("{}") == len(re.findall(r"\{\d*\}", translation)), template


@pytest.mark.parametrize(
    ("english", "estonian"),
    [
        ("The row has too many fields: 5, the header has 4.", "Real on liiga palju välju: 5, päises on 4."),
        (
            "Responses look like trials (rows 2, 3 and 7 more).",
            "Vastused näivad proovivastustena (read 2, 3 ja veel 7).",
        ),
        (
            "Responses of one wave share a linking code: pre.csv rows 2, 4; more.csv rows 9.",
            "Ühe küsitlusvooru vastustel on sama seostamiskood: pre.csv read 2, 4; more.csv read 9.",
        ),
        (
            "The file is not UTF-8: byte 9 does not fit. It is likely cp1257.",
            "Fail ei ole UTF-8: bait 9 ei sobi. Tõenäoliselt on see cp1257.",
        ),
        (
            "The notebook stopped with InputError. The file is not UTF-8.",
            "Märkmik peatus veaga InputError. Fail ei ole UTF-8 kodeeringus.",
        ),
        ("There are 2 hidden rows; they are read too.", "Failis on 2 peidetud rida; ka need loetakse."),
        ("This sentence is nowhere.", "This sentence is nowhere."),
    ],
)
def test_translated(english: str, estonian: str) -> None:
    assert translated(english, "et") == estonian
    assert translated(english, "en") == english


def test_a_problem_keeps_its_place() -> None:
    problem = Problem("surveys/e/pre.csv", 4, "TS1", "The answer is outside 0-10.", "Correct the cell.", "VE-341")
    assert str(in_language(problem, "vro")) == (
        "surveys/e/pre.csv:4:TS1: Vastus ei kuulu vahemikku 0-10. Parandage lahter. [VE-341]"
    )
    assert in_language(problem, "en") == problem


def test_a_column_without_a_header_is_numbered_in_the_language() -> None:
    problem = Problem("surveys/e/pre.csv", 1, "column 7", "The header is blank.", "", "VE-319")
    assert str(in_language(problem, "et")).startswith("surveys/e/pre.csv:1:veerg 7: Päis on tühi.")
    assert in_language(Problem("", 1, "column width", "x.", "", "VE-1"), "et").column == "column width"
