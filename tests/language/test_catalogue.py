"""Catalogues are whole and in step with the code."""

import re
import string
from pathlib import Path

import pytest
from babel.messages import Message

from vunki_eval.language import banned
from vunki_eval.language.catalogue import compiled, load, messages, po_path, update

FOUND = sorted(set(messages()))


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(scope="module")
def estonian() -> dict[str, Message]:
    return {m.id if isinstance(m.id, str) else m.id[0]: m for m in load("et") if m.id}


def test_scan_finds_texts_and_plurals() -> None:
    assert ("Contents",) in FOUND
    assert ("The register holds {n} initiative.", "The register holds {n} initiatives.") in FOUND
    assert len(FOUND) > 500


def test_every_message_is_translated(estonian: dict[str, Message]) -> None:
    missing = [texts[0] for texts in FOUND if texts[0] not in estonian or not translations(estonian[texts[0]])]
    assert missing == []


def translations(message: Message) -> list[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string)
    return [s for s in strings if s]


def test_nothing_is_left_over(estonian: dict[str, Message]) -> None:
    assert sorted(estonian) == sorted(texts[0] for texts in FOUND)


@pytest.mark.parametrize("texts", FOUND, ids=lambda t: t[0][:40])
def test_gaps_are_the_same(texts: tuple[str, ...], estonian: dict[str, Message]) -> None:
    wanted = set().union(*(gaps(t) for t in texts))
    for translation in translations(estonian[texts[0]]):
        assert gaps(translation) == wanted


def test_no_text_claims_too_much(estonian: dict[str, Message]) -> None:
    for texts in FOUND:
        assert [w for t in texts for w in banned(t, "en")] == [], texts
        assert [w for s in translations(estonian[texts[0]]) for w in banned(s, "et")] == [], texts


def test_estonian_keeps_its_own_spelling(estonian: dict[str, Message]) -> None:
    for texts in FOUND:
        for translation in translations(estonian[texts[0]]):
            assert not re.search(r"[ \d]%", translation), "a no-break space stands before the percent sign"
            assert '"' not in translation or '"' in texts[0], (
                "Estonian quotation marks are „ and ”, but for what is typed"
            )
            assert not any(w.lower().startswith("talgu") for w in translation.split()), "loometalgud, never talgud"


def test_compiled_catalogue_is_in_step() -> None:
    assert po_path("et").with_suffix(".mo").read_bytes() == compiled(load("et"))


def test_updating_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "et" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "vunki.po").write_bytes(po_path("et").read_bytes())
    monkeypatch.setattr("vunki_eval.language.catalogue.FOLDER", tmp_path)
    before = (folder / "vunki.po").read_bytes()
    assert update("et") == 0
    assert (folder / "vunki.po").read_bytes() == before
    assert b"POT-Creation-Date" not in before
