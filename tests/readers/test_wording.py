import pytest

from vunki_eval.readers.wording import (
    header_key,
    label_key,
    listed,
    normalise_element,
    number_text,
    short,
    tidy,
)


def test_tidy_normalises_what_nobody_sees() -> None:
    assert tidy("  O\u0303ppisin\u00a0\u200bmidagi \n uut\ufeff ") == "Õppisin midagi uut"


@pytest.mark.parametrize(
    ("written", "same"),
    [("4 – nõustun", "4 nõustun"), ("<b>Jah</b>,&nbsp;nõustun!", "jah nõustun"), ("４ (NÕUSTUN)", "4 nõustun"),
     ("O\u0303un", "õun")],
)  # fmt: skip
def test_label_key(written: str, same: str) -> None:
    assert label_key(written) == label_key(same)


def test_label_key_keeps_what_tells_labels_apart() -> None:
    keys = {label_key(t) for t in ("26", "<26", ">26", "26+", "õ", "o")}
    assert len(keys) == 6


@pytest.mark.parametrize("numbered", ["12. Mis takistas?", "Q3) Mis takistas?", "3a. Mis takistas?", "mis  takistas"])
def test_header_key_drops_numbering(numbered: str) -> None:
    assert header_key(numbered) == "mis takistas"


def test_header_key_keeps_numbers_that_are_words() -> None:
    assert header_key("12 kuu jooksul") == "12 kuu jooksul"
    assert header_key("3.5") == "3 5"


@pytest.mark.parametrize(
    ("text", "number"),
    [("−5", "-5"), ("７", "7"), ("+3", "3"), ("3,5", "3,5"), ("1 500", "1500"), ("1\u00a0500", "1500"), ("007", "007")],
)
def test_number_text(text: str, number: str) -> None:
    assert number_text(text) == number


@pytest.mark.parametrize("text", ["", "4²", "½", "1E5", "1,2,3", "15 00", "0x1F", "5 inimest", "nan", "--5"])
def test_no_number(text: str) -> None:
    assert number_text(text) is None


@pytest.mark.parametrize(
    ("written", "element"),
    [(" m ", "M"), ("1", "01"), ("01", "01"), ("31", "31"), ("õ", "Õ"), ("O\u0303", "Õ"), ("x", ""), ("–", ""),
     ("?", ""), ("", ""), ("\u00a0", ""), ("007", "007"), ("ab12", "AB12")],
)  # fmt: skip
def test_normalise_element(written: str, element: str) -> None:
    assert normalise_element(written) == element


def test_lists_for_messages() -> None:
    assert listed([3, 4]) == "3, 4"
    assert listed(list(range(30)), most=2) == "0, 1 and 28 more"
    assert short("a" * 70) == "a" * 59 + "…"
