"""Sentences, plurals, fallbacks."""

import pytest

from vunki_eval.errors import UsageError
from vunki_eval.language import known_languages, localizer
from vunki_eval.language.localizer import N_


def test_sentences_are_translated_and_filled() -> None:
    assert localizer("en")._("n = {n}, of them {pairs} pairs", n="87", pairs="55") == "n = 87, of them 55 pairs"
    assert localizer("et")._("n = {n}, of them {pairs} pairs", n="87", pairs="55") == "n = 87, neist 55 paari"


def test_both_answers_are_linked_for_people() -> None:
    text = localizer("et")._("both answers are linked for {n} people.", n="55")
    assert text == "mõlemad vastused on seostatud 55 inimesel."


@pytest.mark.parametrize(("n", "text"), [(1, "Registris on 1 algatus."), (8, "Registris on 8 algatust.")])
def test_plurals(n: int, text: str) -> None:
    one, many = "The register holds {n} initiative.", "The register holds {n} initiatives."
    assert localizer("et").plural(one, many, n) == text


def test_english_plurals_need_no_catalogue() -> None:
    assert localizer("en").plural("{n} person", "{n} people", 1) == "1 person"
    assert localizer("en").plural("{n} person", "{n} people", 12345) == "12,345 people"


def test_voro_falls_back_to_estonian_in_words_and_numbers() -> None:
    voro = localizer("vro")
    assert voro._("Contents") == "Sisukord"
    assert voro.number(0.5, 1) == "0,5"
    assert voro.pick({"en": "team", "et": "meeskond"}) == "meeskond"


def test_what_is_missing_has_its_words() -> None:
    estonian, english = localizer("et"), localizer("en")
    assert (estonian.no_data, estonian.not_due) == ("andmed puuduvad", "ei ole veel mõõdetud")
    assert (english.no_data, english.not_due) == ("no data", "not measured yet")


def test_pick_takes_the_first_wording_there_is() -> None:
    assert localizer("et").pick({"en": "only English"}) == "only English"
    assert localizer("et").pick({"et": "", "en": "English"}) == "English"
    assert localizer("et").pick({}, "nothing") == localizer("et").pick(None, "nothing") == "nothing"


def test_listing() -> None:
    assert localizer("et").listing(["a", "b", "c"]) == "a, b ja c"
    assert localizer("en").listing(["a"]) == "a"
    assert localizer("en").listing([]) == ""


def test_unknown_language_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"et, en|vro, et, en") as caught:
        localizer("fi")
    assert caught.value.problems[0].code == "VE-601"
    assert set(known_languages()) == {"vro", "et", "en"}


def test_marked_messages_stay_as_they_are() -> None:
    assert N_("Contents") == "Contents"
