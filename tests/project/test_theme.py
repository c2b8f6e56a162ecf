"""Colours that everybody can tell apart and read."""

from itertools import combinations

import pytest

from vunki_eval.project.theme import THEME, VISIONS, colour_distance, contrast, font_folder


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(
    "colours", [THEME.sector_colours, tuple(THEME.wave_colours.values())], ids=["sectors", "waves"]
)
def test_series_are_distinct_for_every_type_of_vision(vision, colours):
    assert min(colour_distance(a, b, vision) for a, b in combinations(colours, 2)) > 15


def test_text_is_legible_and_drawings_are_visible():
    for colour in (THEME.ink, THEME.muted, THEME.after, THEME.warm):
        assert min(contrast(colour, "#ffffff"), contrast(colour, THEME.tint)) >= 4.5
    for colour in (*THEME.sector_colours, *THEME.wave_colours.values()):
        assert contrast(colour, "#ffffff") >= 3


def test_contrast_is_the_known_one():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#777777", "#777777") == 1


def test_waves_are_named_as_in_the_instrument():
    assert list(THEME.wave_colours) == ["pre", "post", "followup"]


def test_fonts_come_with_their_licences():
    files = {path.name for path in font_folder().iterdir()}
    assert {"OFL-SourceSans3.txt", "OFL-SourceSerif4.txt", "OFL-NotoEmoji.txt", "SourceSans3_400Regular.ttf"} <= files
