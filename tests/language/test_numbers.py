"""Numbers as Estonian and English write them."""

import math

import pytest

from vunki_eval.language import localizer

NBSP, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
ET, EN = localizer("et"), localizer("en")


@pytest.mark.parametrize(
    ("value", "decimals", "estonian", "english"),
    [
        (0.75, 2, "0,75", "0.75"),
        (-3.456, 2, f"{MINUS}3,46", f"{MINUS}3.46"),
        (-0.04, 1, "0,0", "0.0"),
        (1234, 0, "1234", "1,234"),
        (33002.8, 2, f"33{NBSP}002,80", "33,002.80"),
        (1234567, 0, f"1{NBSP}234{NBSP}567", "1,234,567"),
    ],
)
def test_number(value: float, decimals: int, estonian: str, english: str) -> None:
    assert ET.number(value, decimals) == estonian
    assert EN.number(value, decimals) == english


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_missing_is_never_a_number(value: float) -> None:
    with pytest.raises(ValueError, match="missing"):
        ET.number(value)


def test_signs_stand_directly_before_the_number() -> None:
    assert [ET.signed(v, 1) for v in (0.7, -0.1, 0.0, -0.04, 0.04)] == ["+0,7", f"{MINUS}0,1", "0,0", "0,0", "0,0"]


def test_percent_has_a_space_in_estonian_only() -> None:
    assert ET.percent(0.85) == f"85{NBSP}%"
    assert EN.percent(0.85) == "85%"
    assert ET.between_shares(0.746, 0.92) == f"75–92{NBSP}%"


def test_changes_and_their_limits() -> None:
    assert ET.change(0.7, 0.3, 1.1) == "+0,7 (0,3 kuni 1,1)"
    assert ET.change(0.11, -0.08, 0.3, 2) == f"+0,11 ({MINUS}0,08 kuni 0,30)"
    assert EN.change(0.7, 0.3, 1.1) == "+0.7 (0.3 to 1.1)"
    assert ET.change(1.6, 1.35, 1.9, 2, ratio=True) == "×1,60 (1,35–1,90)"


def test_ranges_use_a_dash_until_one_end_is_negative() -> None:
    assert ET.between(0.3, 1.1, 1) == "0,3–1,1"
    assert ET.between(-0.3, 1.1, 1) == f"{MINUS}0,3 kuni 1,1"
    assert EN.between(-0.3, 1.1, 1) == f"{MINUS}0.3 to 1.1"


def test_money() -> None:
    assert ET.euros(33002.8) == f"33{NBSP}002,80{NBSP}€"
    assert EN.euros(33002.8) == "€33,002.80"
    assert (ET.euros(165), EN.euros(165), EN.euros(-3.5)) == (f"165{NBSP}€", "€165", f"{MINUS}€3.50")
    assert ET.euros(165.01, 0) == f"165{NBSP}€"


def test_p_values() -> None:
    assert (ET.p(0.0123), ET.p(0.0004), EN.p(0.0004)) == ("p = 0,012", "p < 0,001", "p < 0.001")
