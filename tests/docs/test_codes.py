"""Every code of a message is explained, and every explanation belongs to a code that is used."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.errors import UsageError
from vunki_eval.language.causal_wording import banned
from vunki_eval.language.explanations import HEADINGS, explain, explanations, page

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"\"(VE-\d{3})\"")


def used() -> set[str]:
    files = (p for p in (ROOT / "vunki_eval").rglob("*.py") if "explanations" not in p.parts)
    codes = {c for p in files for c in CODE.findall(p.read_text(encoding="utf-8"))}
    return codes | {"VE-127"}  # the one of explanations itself


def test_every_code_is_explained() -> None:
    assert used() - set(explanations()) == set()


def test_every_explanation_is_of_a_code_in_use() -> None:
    assert set(explanations()) - used() == set()


@pytest.mark.parametrize("code", sorted(explanations()))
def test_an_explanation_is_whole(code: str) -> None:
    known = explanations()[code]
    for language in HEADINGS:
        assert known.example[language].endswith(f"[{code}]")
        for part in (known.cause[language], known.hint[language]):
            assert part.endswith((".", ")"))
            assert part[0].isupper() or not part[0].isalpha()
        assert banned(known.text(language), language) == []
        assert max(map(len, known.text(language).splitlines())) <= 80


@pytest.mark.parametrize("language", list(HEADINGS))
def test_the_page_in_docs_is_current(language: str) -> None:
    path = ROOT / "docs" / language / "codes.md"
    assert path.read_text(encoding="utf-8") == page(language), "run: python -m vunki_eval.language.explanations docs"


def test_codes_are_found_however_they_are_written() -> None:
    assert explain("ve-316") == explain("316") == explain("[VE-316]") == explanations()["VE-316"]
    with pytest.raises(UsageError, match="VE-127"):
        explain("VE-999")


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["explain", "VE-316"])
    assert done.exit_code == 0
    assert "What to do:" in done.output
    assert "Mida teha:" in CliRunner().invoke(app, ["explain", "VE-316", "-l", "et"]).output
    assert len(CliRunner().invoke(app, ["explain"]).output.splitlines()) == len(explanations())
    assert CliRunner().invoke(app, ["explain", "nonsense"]).exit_code == 2
