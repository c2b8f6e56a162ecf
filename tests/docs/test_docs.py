"""The documentation cannot drift: links lead somewhere, commands and options exist, both languages say the same."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from vunki_eval.cli.app import app
from vunki_eval.language.causal_wording import banned
from vunki_eval.language.explanations import explanations

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "vunki_eval" / "cli" / "desk" / "templates").glob("README*.md")),
]
GUIDE = sorted((ROOT / "docs" / "et").glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^|`)(?:vunki-eval|python3 run\.py|py run\.py) ([^`\n]+)(?=`|$)", re.MULTILINE)
SPOKEN = re.compile(r"vunki-eval ([a-z]+)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        place, _, anchor = target.partition("#")
        if place.startswith("https://doi.org/"):
            continue
        assert not place.startswith("http"), "the documentation works offline"
        led = (path.parent / place).resolve() if place else path
        assert led.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", led.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w-]", "", h.casefold().replace(" ", "-")) for h in heads}, target


def commands() -> list[tuple[str, str]]:
    found = {(c.strip(), name(p)) for p in PAGES for c in COMMAND.findall(p.read_text(encoding="utf-8"))}
    return sorted(c for c in found if not c[0].startswith((".", "check-code", "docs", "test")))


@pytest.mark.parametrize(("line", "page"), commands())
def test_commands_and_options_exist(line: str, page: str) -> None:
    verb, *words = shlex.split(line)
    group = typer.main.get_command(app)
    assert verb in group.commands, f"{page}: no verb {verb}"
    known = {o for p in group.commands[verb].params for o in (*p.opts, *p.secondary_opts)}
    for word in words:
        if word.startswith("-"):
            assert word.split("=")[0] in known, f"{page}: {verb} has no option {word}"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_verbs_named_in_passing_exist(path: Path) -> None:
    verbs = set(SPOKEN.findall(path.read_text(encoding="utf-8")))
    assert verbs <= set(typer.main.get_command(app).commands)


@pytest.mark.parametrize(
    ("line", "page"), [c for c in commands() if c[0].split()[0] in ("plan", "explain") or " --help" in c[0]]
)
def test_commands_that_need_no_project_run(
    line: str, page: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        app([w for w in shlex.split(line) if w not in ("KOOD", "CODE")])
    assert stopped.value.code in (0, None), capsys.readouterr().err
    assert capsys.readouterr().out


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_named_codes_exist_and_nothing_is_claimed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"VE-\d{3}", text)) <= set(explanations())
    assert banned(text, "et" if "/et/" in name(path) or ".et." in path.name else "en") == []


@pytest.mark.parametrize("path", GUIDE, ids=name)
def test_the_guide_says_the_same_in_both_languages(path: Path) -> None:
    other = ROOT / "docs" / "en" / path.name
    assert other.exists()
    shapes = []
    for page in (path, other):
        text = page.read_text(encoding="utf-8")
        verbs = sorted(c.split()[0] for c in COMMAND.findall(text))
        shapes.append((len(re.findall(r"^#", text, re.MULTILINE)), len(re.findall(r"^\|", text, re.MULTILINE)), verbs))
    assert shapes[0] == shapes[1]


def test_every_verb_is_documented() -> None:
    text = "\n".join(p.read_text(encoding="utf-8") for p in (*PAGES, ROOT / "README.md"))
    group = typer.main.get_command(app)
    missing = [v for v in group.commands if not re.search(rf"\b{v}\b", text)]
    assert missing == []


def test_the_python_of_the_researchers_guide_is_current() -> None:
    text = (ROOT / "docs" / "en" / "researchers.md").read_text(encoding="utf-8")
    import vunki_eval as ve

    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        compile(block, "researchers.md", "exec")
        for path in re.findall(r"\bve\.([\w.]+)\(", block):
            found = ve
            for part in path.split("."):
                found = getattr(found, part)
