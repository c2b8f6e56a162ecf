"""Every verb speaks the project's language: no sentence of the other one, where all goes well and where it does not."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.language.catalogue import load

EVENT = "2020-antsla"
LANGUAGES = ("et", "en")
WORDS = {  # common words of the other language, which also show a sentence that is in no catalogue
    "et": re.compile(r"\b(?:the|is|are|was|and|not|from|with|this|there|has|have|which|its)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:ei|ja|või|kui|mis|seda|pole|kõik|on ainult|peab|puudub)\b", re.IGNORECASE),
}
LEAST = 10  # letters of a part of a sentence that is looked for


def parts(language: str) -> frozenset[str]:
    """Give the literal parts of the catalogue's texts in a language that are in none of the other language."""
    texts: dict[str, list[str]] = {"en": [], "et": []}
    for message in load("et"):
        if message.id:
            texts["en"] += [message.id] if isinstance(message.id, str) else message.id
            texts["et"] += [message.string] if isinstance(message.string, str) else message.string
    other = "\n".join(texts["et" if language == "en" else "en"])
    chunks = {c.strip() for t in texts[language] for c in re.split(r"\{\w+\}", t)}
    return frozenset(c for c in chunks if len(c) >= LEAST and " " in c and c not in other)


PARTS = {language: parts(language) for language in LANGUAGES}


def foreign(text: str, language: str) -> list[str]:
    """Find what a text in one language says in the other."""
    flat = " ".join(text.split())
    return [c for c in PARTS["en" if language == "et" else "et"] if c in flat] + WORDS[language].findall(flat)


def test_a_sentence_of_the_other_language_is_seen() -> None:
    assert foreign("surveys/e/pre.csv: The file is empty.", "et")
    assert foreign("surveys/e/pre.csv: Fail on tühi. Laadige vastused uuesti alla.", "en")
    assert foreign("a.csv: Fail on tühi.", "et") == foreign("a.csv: The file is empty.", "en") == []
    assert all(len(PARTS[language]) > 1000 for language in LANGUAGES)


def spoken(root: Path, first: str) -> Path:
    """Make a language the first of a project."""
    path = root / "surveys" / "project.toml"
    other = "en" if first == "et" else "et"
    text = re.sub(
        r"^languages = .*$", f'languages = ["{first}", "{other}"]', path.read_text("utf-8"), flags=re.MULTILINE
    )
    path.write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def projects(shipped_project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A project in each language with questions that are open; verbs that destroy work on a copy."""
    roots = {}
    for language in LANGUAGES:
        root = tmp_path_factory.mktemp("languages") / language
        shutil.copytree(shipped_project, root)
        (root / "surveys" / EVENT / "decisions.csv").unlink()
        roots[language] = spoken(root, language)
    return roots


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The language of the project; that of the computer is the other one."""
    for name in ("VUNKI_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8" if request.param == "et" else "et_EE.UTF-8")
    return str(request.param)


def say(root: Path, *words: str) -> tuple[int, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        done = CliRunner().invoke(app, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


GOOD = {
    "questionnaire": ("--to", "xlsform", "--tokens", "3"),
    "plan": ("--people", "60", "--response", "0.6"),
    "check": ("--event", EVENT),
    "decide": ("--event", EVENT),
    "code": ("--event", EVENT),
    "report": ("--dry-run",),
    "final": ("--dry-run",),
    "claim": ("--event", EVENT),
    "papers": ("--format", "md"),
    "export": ("package", "--seed", "1"),
    "explain": (),
}
FAULTS: dict[str, list[tuple[str, ...]]] = {
    "new": [(".",), ("x", "--construct", "nonsense"), ("x", "--start", "yesterday"), ("x", "--title", "!")],
    "questionnaire": [(), ("--to", "vellum"), ("--to", "pdf", "--event", "nowhere")],
    "plan": [("--people", "60", "--response", "60"), ("--people", "0", "--response", "0.5")],
    "check": [("--event", "nowhere"), ("--language", "fi")],
    "decide": [("--event", "nowhere"), ("--format", "docx")],
    "code": [("--event", "nowhere")],
    "report": [
        ("--event", "nowhere"),
        ("--format", "odt"),
        ("--language", "fi"),
        ("--engine", "x"),
    ],
    "final": [("--format", "odt")],
    "claim": [("--event", "nowhere")],
    "lab": [("nothing.ipynb",)],
    "papers": [("--language", "fi"), ("--format", "odt")],
    "benchmark": [("nothing.csv", "--variable", "ppltrst")],
    "verify": [("reports",), (".",)],
    "export": [("surveys",), ("out", "--language", "fi")],
    "erase": [("Q Q Q", "--yes"), ("--row", "surveys/x.csv:1", "--yes"), ("X 01 X 1 X X",)],
    "purge": [()],
    "explain": [("VE-999",)],
    "demo": [(".",)],
}
WITHOUT_WORDS = {"version"}


def test_every_verb_is_tried() -> None:
    verbs = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert {*GOOD, *FAULTS, *WITHOUT_WORDS} == verbs


@pytest.mark.parametrize("verb", GOOD)
def test_what_a_verb_says(projects: dict[str, Path], language: str, verb: str) -> None:
    code, output = say(projects[language], verb, *GOOD[verb])
    assert code in (0, 1), output
    assert output.strip()
    assert foreign(output, language) == [], output


@pytest.mark.parametrize(("verb", "words"), [(verb, w) for verb, cases in FAULTS.items() for w in cases], ids=str)
def test_what_a_verb_says_of_a_fault(
    projects: dict[str, Path], language: str, verb: str, words: tuple[str, ...]
) -> None:
    code, output = say(projects[language], verb, *words)
    assert code in (1, 2, 3, 4), output
    assert foreign(output, language) == [], output


BROKEN: dict[str, Callable[[str], str]] = {
    "not TOML": lambda text: text + "\n[project\n",
    "unknown key": lambda text: text.replace("[project]\n", "[project]\ntilte = 1\n"),
    "wrong type": lambda text: text.replace("suppression_threshold = 5", 'suppression_threshold = "five"'),
    "beyond limits": lambda text: text.replace("suppression_threshold = 5", "suppression_threshold = 2"),
    "wrong name": lambda text: re.sub(r"primary_outcomes = \[.*\]", 'primary_outcomes = ["NO"]', text),
}
IN_A_PROJECT = sorted({*GOOD, *FAULTS} - {"new", "demo", "benchmark", "explain"})


CONFIGURATIONS = [*((verb, "unknown key") for verb in IN_A_PROJECT), *(("check", fault) for fault in BROKEN)]


@pytest.mark.parametrize(("verb", "fault"), dict.fromkeys(CONFIGURATIONS))
def test_a_configuration_that_cannot_be_used(
    tmp_path: Path, projects: dict[str, Path], language: str, verb: str, fault: str
) -> None:
    (tmp_path / "surveys").mkdir()
    for name in ("project.toml", "instrument.toml"):
        text = (projects[language] / "surveys" / name).read_text("utf-8")
        broken = BROKEN[fault](text) if name == "project.toml" else text
        assert name != "project.toml" or broken != text
        (tmp_path / "surveys" / name).write_text(broken, "utf-8")
    needed = {"plan": GOOD["plan"], "export": ("out",), "questionnaire": ("--to", "toml"), "erase": ("A", "--yes")}
    code, output = say(tmp_path, verb, *needed.get(verb, ()))
    assert code == 2, output
    assert "surveys/project.toml" in output
    assert foreign(output, language) == [], output


def test_a_new_project_is_announced_in_its_language(tmp_path: Path, language: str) -> None:
    code, output = say(tmp_path, "new", "p", "--title", "Ideed", "--language", language, "--event", "2026-e")
    assert code == 0, output
    assert foreign(output.replace(str(tmp_path), ""), language) == [], output


@pytest.mark.parametrize(
    "words", [("erase", "--row", f"surveys/{EVENT}/pre.csv:5", "--yes"), ("purge", "--early", "--yes")]
)
def test_what_destroys(projects: dict[str, Path], tmp_path: Path, language: str, words: tuple[str, ...]) -> None:
    root = tmp_path / "project"
    shutil.copytree(projects[language], root)
    code, output = say(root, *words)
    assert code in (0, 1), output
    assert foreign(output, language) == [], output


def test_a_damaged_export_is_described_in_the_language(
    projects: dict[str, Path], tmp_path: Path, language: str
) -> None:
    root = tmp_path / "project"
    shutil.copytree(projects[language], root)
    folder = root / "surveys" / EVENT
    for number, name in enumerate(
        sorted(p.name for p in folder.glob("*.csv") if p.stem in ("pre", "post", "followup"))
    ):
        lines = (folder / name).read_text("utf-8").split("\n")
        broken = ["", "<html><body>login", "\n".join([lines[0], *(f"{line},x" for line in lines[1:4])])][number % 3]
        (folder / name).write_text(broken, "utf-8")
    for verb in ("check", "report", "code", "claim"):
        code, output = say(root, verb, "--event", EVENT)
        assert code in (3, 4), output
        assert foreign(output, language) == [], output
    page = (root / "checks" / EVENT / "quality.html").read_text("utf-8")
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert [c for c in PARTS["en" if language == "et" else "et"] if c in " ".join(shown.split())] == []


@pytest.mark.slow
def test_a_report_is_built_verified_and_refused_in_the_language(
    projects: dict[str, Path], tmp_path: Path, language: str
) -> None:
    root = tmp_path / "project"
    shutil.copytree(projects[language], root)
    for verb, words in (
        ("report", ("--event", EVENT, "--format", "html")),
        ("report", ("--event", EVENT)),
        ("verify", ()),
    ):
        code, output = say(root, verb, *words)
        assert code in (0, 1), output
        assert foreign(output, language) == [], output
    (root / "reports" / EVENT / "results.json").write_text("{}", "utf-8")
    code, output = say(root, "verify", f"reports/{EVENT}")
    assert code == 1, output
    assert foreign(output, language) == [], output
