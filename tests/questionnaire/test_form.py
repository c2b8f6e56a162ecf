from pathlib import Path

import pytest

from vunki_eval.language.causal_wording import banned
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Project
from vunki_eval.questionnaire.form import (
    consent_item,
    consent_text,
    consenting_value,
    end_labels,
    form_text,
    grouped,
    is_numbered,
)
from vunki_eval.questionnaire.words import TEXTS

WAVES = ("pre", "post", "followup")


@pytest.mark.parametrize("wave", WAVES)
def test_groups_keep_every_item_in_its_order(instrument: Instrument, wave: str) -> None:
    items = instrument.in_wave(wave)
    assert tuple(i for g in grouped(items) for i in g.items) == items
    codes = {i.code for i in instrument.items}
    assert not {g.code for g in grouped(items)} & codes


def test_a_grid_has_one_stem_and_one_response_set(instrument: Instrument) -> None:
    grids = [g for g in grouped(instrument.in_wave("pre")) if g.is_grid]
    assert [len(g.items) for g in grids] == [5, 7]
    assert all(len({(i.response_set, str(i.stem)) for i in g.items}) == 1 for g in grids)


def test_long_scales_are_numbered_and_say_what_their_ends_mean(instrument: Instrument) -> None:
    trust, agree = instrument.response_set("TS1"), instrument.response_set("CE1")
    assert trust is not None
    assert agree is not None
    assert is_numbered(trust)
    assert not is_numbered(agree)
    assert end_labels(trust, "et") == "0 – ei usalda üldse, 10 – usaldan täielikult"


def test_consent(instrument: Instrument) -> None:
    item = consent_item(instrument.in_wave("post"))
    assert item is not None
    assert item.code == "CO0"
    assert consenting_value(instrument, item) == "yes"


@pytest.mark.parametrize("language", ["et", "en"])
def test_the_standard_consent_text_names_the_controller_and_the_threshold(project: Project, language: str) -> None:
    text = " ".join(consent_text(project, language))
    assert project.about.applicant.name in text
    assert "5" in text
    assert "{" not in text
    assert banned(text, language) == []


def test_an_own_consent_text_is_taken_instead(project: Project) -> None:
    (Path(project.surveys) / "consent.et.md").write_text("# Tere\n\nEsimene\nlõik.\n\nTeine.\n", encoding="utf-8")
    assert consent_text(project, "et") == ("Tere", "Esimene lõik.", "Teine.")
    assert len(consent_text(project, "en")) == 5


def test_every_word_is_in_both_languages() -> None:
    assert [key for key in TEXTS if form_text("et", key) == form_text("en", key)] == []
    assert form_text("vro", "thanks") == form_text("et", "thanks")
    assert form_text("de", "thanks") == form_text("en", "thanks")
