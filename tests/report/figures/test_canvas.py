"""Millimetres, line breaks, colours."""

import pytest

from vunki_eval.project.theme import THEME, contrast, mixed
from vunki_eval.report.figures.canvas import scale, sheet, stroke, text_width, to_svg, wrap, write
from vunki_eval.report.figures.palette import (
    DOWN,
    HIGH,
    HIGH_SIDE,
    LOW,
    LOW_SIDE,
    MIDDLE,
    REST,
    SAME,
    UP,
    on,
)


def test_scale_keeps_what_lies_outside_at_the_end() -> None:
    at = scale(-2, 2, 10, 50)
    assert [at(v) for v in (-2, 0, 2, 9, -9)] == [10, 30, 50, 50, 10]


def test_wrap_fits_the_width_and_loses_nothing() -> None:
    text = "Suudan leida lahenduse koos inimestega, kes näevad asju teisiti"
    lines = wrap(text, 40)
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert all(text_width(line) <= 40 for line in lines)


def test_long_words_are_cut_with_a_hyphen() -> None:
    lines = wrap("sektoritevahelisusealgatus", 20)
    assert all(line.endswith("-") for line in lines[:-1])
    assert "".join(line.removesuffix("-") for line in lines) == "sektoritevahelisusealgatus"


def test_too_many_lines_end_with_an_ellipsis() -> None:
    assert wrap("a bc def ghij klmno pqrstu vwxyz " * 5, 20, max_lines=2)[-1].endswith("…")


def test_width_grows_with_size_and_weight() -> None:
    assert text_width("usaldus", 19) == pytest.approx(2 * text_width("usaldus", 9.5))
    assert text_width("usaldus", weight=700) > text_width("usaldus")


def test_letters_are_never_read_as_maths_or_markup() -> None:
    drawing, axes = sheet(10)
    write(axes, 0, 5, "$x_1$ <b> & õäöü")
    svg = to_svg(drawing)
    assert "$x_1$ &lt;b&gt; &amp; õäöü" in svg


def test_lines_reach_the_edge() -> None:
    drawing, axes = sheet(10)
    stroke(axes, (0, 165), (5, 5))
    assert "clip-path" not in to_svg(drawing)


@pytest.mark.parametrize("colour", [*LOW, LOW_SIDE, MIDDLE, *HIGH, HIGH_SIDE, DOWN, SAME, UP, REST])
def test_letters_on_colours_can_be_read(colour: str) -> None:
    assert contrast(colour, on(colour)) >= 4.5


def test_sides_differ_in_grey_from_the_middle() -> None:
    for dark in (LOW_SIDE, HIGH_SIDE, HIGH[1], LOW[0]):
        assert contrast(dark, MIDDLE) >= 1.9


def test_mix_lightens() -> None:
    assert mixed("#000000", 0.0) == "#ffffff"
    assert mixed(THEME.after, 1.0) == THEME.after


def test_control_characters_and_rare_letters_are_no_trouble():
    assert wrap("a\x07b\x1b[0m", 90) == ["ab[0m"]
    drawing, axes = sheet(10)
    write(axes, 0, 5, "x\x00y 👩 你")
    svg = to_svg(drawing)
    assert "xy 👩 你" in svg
    assert text_width("👩", 72) == pytest.approx(25.4)
