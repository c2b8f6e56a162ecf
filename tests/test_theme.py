"""Colours that everybody can tell apart and read."""

from itertools import combinations

import numpy as np
import pytest

from vunki_eval.theme import THEME, contrast, font_folder

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB. DOI 10.1109/TVCG.2009.113
VISION = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])


def lab(colour, seen):
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.asarray(seen) @ np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(linear, 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("seen", VISION)
@pytest.mark.parametrize(
    "colours", [THEME.sector_colours, tuple(THEME.wave_colours.values())], ids=["sectors", "waves"]
)
def test_series_stay_apart_for_every_eye(seen, colours):
    points = [lab(colour, VISION[seen]) for colour in colours]
    assert min(np.linalg.norm(a - b) for a, b in combinations(points, 2)) > 15


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
