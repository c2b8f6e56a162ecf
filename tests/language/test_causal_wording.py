"""Words that a design without a comparison group cannot carry."""

import pytest

from vunki_eval.language import banned


@pytest.mark.parametrize(
    "text",
    [
        "The event caused trust.",
        "This led to contacts",
        "an IMPACT of 3",
        "Impactful",
        "effective teams",
        "due to the event",
        "It proved that",
        "thanks to mentors",
        "not causing harm",
        "effect size",
    ],
)
def test_english(text: str) -> None:
    assert banned(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "Loometalgud põhjustasid usaldust",
        "see tõi kaasa",
        "tõid kaasa",
        "toob kaasa",
        "ürituse mõjul",
        "mõjutas",
        "tõestab",
        "tänu mentoritele",
        "tulenes sellest",
        "talgute tulemusel",
        "tingis muutuse",
        "aitas kaasa",
        "suurendas usaldust",
        "parandas",
        "tugevdas sidemeid",
        "ei põhjustanud",
    ],
)
def test_estonian(text: str) -> None:
    assert banned(text, "et")
    assert banned(text, "vro")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("After the event trust was higher, approved by nobody, improved", "en"),
        ("The reason for a change cannot be told from this design.", "en"),
        ("DAC: impact", "en"),
        ("DAC: effectiveness", "en"),
        ("Kaks paranes; muutuse põhjus sellest uuringust ei selgu", "et"),
        ("tänuväärne tulemus, tingimused, kaasatud raha", "et"),
    ],
)
def test_what_may_stand(text: str, language: str) -> None:
    assert banned(text, language) == []


def test_words_are_given_as_written() -> None:
    assert banned("It LED\nTO more", "en") == ["LED TO"]
