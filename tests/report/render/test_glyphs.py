import random

import pytest
import typst

from vunki_eval.language.text import plain
from vunki_eval.report.render.pdf.glyphs import breakable, drawable, drawable_svg, fonts

SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='9'>"
    "<text y='9' font-family='Source Sans 3'>{} õ</text></svg>"
)


@pytest.mark.parametrize("text", ["Õõšž – “a” ▲ ◇", "שלום", "مرحبا", "❤️ 👩‍👩‍👧", "", "plain"])
def test_what_a_font_has_stays(text):
    assert drawable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("你", "[cjk unified ideograph-4f60]"), ("\ue000", "[U+E000]"), ("ꙮ", "[cyrillic letter multiocular o]")],
)
def test_what_no_font_has_is_named(text, shown):
    assert drawable(f"õ {text}!") == f"õ {shown}!"


def test_any_text_can_be_set():
    draw = random.Random(7)
    ranges = [(0x20, 0x24F), (0x300, 0x36F), (0x590, 0x6FF), (0x900, 0x97F), (0x20D0, 0x2BFF), (0x1F1E6, 0x1FAFF)]
    for _ in range(60):
        text = "".join(chr(draw.randint(*draw.choice(ranges))) for _ in range(12))
        shown = drawable(plain(text))
        escaped = "".join(f"\\u{{{ord(c):x}}}" for c in shown)
        source = f'#set document(title: "x")\n#set text(lang: "et", font: "Source Serif 4")\n#"{escaped}"'
        typst.Compiler(source.encode(), font_paths=fonts()).compile(format="pdf", pdf_standards=["a-3a"], timestamp=0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("õäö", "õäö"), ("▲", "▲"), ("日", "[cjk unified ideograph-65e5]"), ("👩‍👩‍👧", "👩👩👧"), ("👍🏽", "👍")],
)
def test_letters_of_figures_are_ones_that_can_be_set(text, shown):
    assert drawable_svg(SVG.format(text)) == SVG.format(shown)


def test_long_words_may_break():
    assert breakable("a" * 40) == "a" * 40
    assert breakable("a" * 50).replace("\u200b", "") == "a" * 50
    assert max(map(len, breakable("x " + "a" * 500).split("\u200b"))) <= 14
