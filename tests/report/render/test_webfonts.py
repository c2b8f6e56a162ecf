import io

import pytest
from fontTools.ttLib import TTFont

from vunki_eval.project.theme import THEME, Theme, font_folder
from vunki_eval.report.render.html.webfonts import FACES, LETTERS, font_css, make_subsets, web_folder


@pytest.mark.parametrize("file", [face[0] for face in FACES])
def test_subsets_hold_the_letters_that_their_fonts_have(file):
    with TTFont(font_folder() / f"{file}.ttf", lazy=True) as whole:
        wanted = set(LETTERS) & set(whole.getBestCmap())
    with TTFont(web_folder() / f"{file}.woff", lazy=True) as part:
        assert set(part.getBestCmap()) == wanted
        assert {ord(c) for c in "õäöüšžÕÄÖÜŠŽ–−×„“€"} <= wanted
        assert "Open Font License" in str(part["name"].getDebugName(13))


def test_rules_name_the_themes_families_once_each():
    css = font_css(THEME)
    assert css.count("@font-face") == len(FACES)
    assert css.count("'Source Serif 4'") == 3
    assert "http" not in css
    assert font_css(Theme(sans="Arial")).count("@font-face") == 3


@pytest.mark.slow
def test_subsets_can_be_made_anew(tmp_path):
    make_subsets(tmp_path)
    for file, *_ in FACES:
        new, shipped = (TTFont(io.BytesIO((f / f"{file}.woff").read_bytes())) for f in (tmp_path, web_folder()))
        assert new.getGlyphOrder() == shipped.getGlyphOrder()
