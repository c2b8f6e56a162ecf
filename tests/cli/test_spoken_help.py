"""``--help`` and the answer to words that the command line does not know, in both languages."""

import ast
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.errors import VERBS
from vunki_eval.errors.message import catalogue
from vunki_eval.language.catalogue import messages

CLI = Path(__file__).parents[2] / "vunki_eval" / "cli"
AROUND = ("Usage:", "Options:", "Arguments:", "Commands:", "Show this message", "[default:", "required]")


def run(*words: str) -> str:
    done = CliRunner().invoke(app, [*words])
    return done.stdout + done.stderr


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(params=["et", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("VUNKI_LANGUAGE", request.param)
    return str(request.param)


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_page_of_help_is_in_the_language(verb: str, language: str) -> None:
    page = flat(run(*([verb] if verb else []), "--help"))
    texts = {t for (t, *_) in messages(CLI) if len(t) > 12 and " " in t and "\n" not in t and "{" not in t}
    shown = {t for t in texts if re.search(rf"(?<!\S){re.escape(flat(t))}(?!\S)", page)}
    assert bool(shown) == (language == "en")
    assert any(a in page for a in AROUND) == (language == "en")
    estonian = {catalogue("et").gettext(t) for t in texts} | {"Kasutus:", "Võtmed:"}
    assert any(flat(t) in page for t in estonian if t not in texts) == (language == "et")


def test_every_docstring_of_a_verb_is_in_the_catalogue() -> None:
    found = {t for (t, *_) in messages(CLI)}
    verbs = [
        node for path in CLI.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name in VERBS and ast.get_docstring(node)
    ]  # fmt: skip
    assert {v.name for v in verbs} >= set(VERBS)
    for verb in verbs:
        text = str(ast.get_docstring(verb))
        if "Example: vunki-eval" in text:
            assert text in found, verb.name
            assert "Näide: vunki-eval" in catalogue("et").gettext(text), verb.name


def test_examples_in_estonian_call_the_same_verb() -> None:
    for text, *_ in messages(CLI):
        called = re.findall(r"^Example: vunki-eval (\w+)", text, re.MULTILINE)
        assert re.findall(r"^Näide: vunki-eval (\w+)", catalogue("et").gettext(text), re.MULTILINE) == called


@pytest.mark.parametrize(
    ("words", "en", "et"),
    [
        (("report", "--nonsense"), "--nonsense: There is no such option.", "--nonsense: Sellist võtit ei ole."),
        (("report", "--forc"), "Did you mean --force", "Kas mõtlesite --force"),
        (("reprot",), "There is no such command. Did you mean report", "Sellist käsku ei ole. Kas mõtlesite report"),
        (("plan", "--response", "0.5"), "--people: This is missing", "--people: See on käsurealt puudu"),
        (("plan", "--people"), "needs a value behind it", "Võtme järel peab olema väärtus"),
        (("report", "--jobs", "x"), "--jobs: This must be a whole number.", "--jobs: See peab olema täisarv."),
        (("report", "--jobs", "-1"), "--jobs: The value must be at least 0.", "--jobs: Väärtus peab olema vähemalt 0."),
        (("version", "what"), "These words do not go together here.", "Need sõnad siia kokku ei sobi."),
    ],
)  # fmt: skip
def test_words_that_cannot_be_used(words: tuple[str, ...], en: str, et: str, language: str) -> None:
    done = CliRunner().invoke(app, [*words])
    assert done.exit_code == 2
    assert {"en": en, "et": et}[language] in done.stderr
    assert done.stderr.rstrip().endswith("[VE-132]")
    assert "Traceback" not in done.stderr
    assert {"en": et, "et": en}[language] not in done.stderr


def test_no_words_show_the_page_of_help(language: str) -> None:
    assert flat(run()) == flat(run("--help"))


def test_a_language_leaves_nothing_behind_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = []
    for name in ("en", "et", "en", "et"):
        monkeypatch.setenv("VUNKI_LANGUAGE", name)
        pages.append(run("check", "--help") + run("--help"))
    assert pages[0] == pages[2] != pages[1] == pages[3]
