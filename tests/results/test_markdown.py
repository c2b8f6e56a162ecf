import pytest

from vunki_eval.results.blocks import Bullets, Callout, Heading, Paragraph, Span, Table, paragraph
from vunki_eval.results.markdown import markdown_blocks


def only(source):
    (block,) = markdown_blocks(source)
    return block


def test_running_text_keeps_style_links_and_notes():
    block = only("Üks *kaks* **kolm** `neli` [viis](https://a.ee/x) kuus[^1].\n\n[^1]: Märkus.\n")
    assert isinstance(block, Paragraph)
    assert Span("kaks", "emphasis") in block.content
    assert Span("kolm", "strong") in block.content
    assert Span("neli", "code") in block.content
    assert Span("viis", link="https://a.ee/x") in block.content
    assert Span("", footnote="Märkus.") in block.content


def test_links_and_pictures_that_are_not_safe_are_only_words():
    block = only("[a](javascript:x) [b](file:///etc/passwd) [c](http://x.ee) ![pilt](../salajane.png)")
    assert "".join(span.text for span in block.content) == "a b c pilt"
    assert {span.link for span in block.content} == {""}


@pytest.mark.parametrize("source", ["<script>alert(1)</script>", "<div>\n\ntekst\n\n</div>", "<!-- x -->"])
def test_html_is_left_out(source):
    shown = repr(markdown_blocks(source))
    assert "script" not in shown
    assert "div" not in shown
    assert "<" not in shown.replace("<class", "")


def test_code_and_typst_are_literal():
    assert only("#read('x') $y$ {{z}}") == paragraph("#read('x') $y$ {{z}}")
    lines = markdown_blocks("```\nüks\nkaks\n```")
    assert [block.style for block in lines] == ["code", "code"]


def test_headings_lists_quotes_and_tables():
    blocks = markdown_blocks("## Pea\n\n1. a\n2. b\n   - c\n\n> tsitaat\n\n|A|B|\n|-|-:|\n|x|1|\n", "rida")
    assert blocks[0] == Heading("Pea", 2)
    assert isinstance(blocks[1], Bullets)
    assert blocks[1].ordered
    assert ["".join(s.text for s in item) for item in blocks[1].items] == ["a", "b", "c"]
    assert isinstance(blocks[2], Callout)
    table = blocks[3]
    assert isinstance(table, Table)
    assert ([c.align for c in table.columns], table.rows, table.name) == (["left", "right"], (("x", "1"),), "rida-4")
    assert not table.row_header


def test_nothing_gives_nothing():
    assert markdown_blocks("") == ()
    assert markdown_blocks("***\n") == ()
