"""What sections are made of survives the way through a notebook."""

import json
from dataclasses import replace

from vunki_eval.results.blocks import (
    SECTION_MIME,
    Advice,
    Bullets,
    Callout,
    Column,
    Cover,
    ExpectedResultLine,
    Figure,
    Formula,
    Heading,
    Number,
    PageOne,
    Paragraph,
    Section,
    Span,
    Table,
    rich,
    section_from_json,
    to_json,
)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10pt" height="10pt"><rect width="3" height="3"/></svg>'
FIGURE = Figure("f", "Leid", "n = 9", "alt", SVG, "base", "source", (("a", "b"), ("1", "2")))
EVERYTHING = Section(
    "all",
    "Kõik",
    (
        Cover("T", "S", "et", "R", (("92", "osalejat"),), (("Rahastaja", "LEADER"),), "2020-10-01", "A", "B", "D",
              {"figure": "J"}),
        PageOne("V", "L", (Number("1", "€", "l", "f", 0.5), Number("–", "", "l", "f")),
                (ExpectedResultLine("r", "▲", "s", 2, "k"),), FIGURE, "note",
                ("limit",), (Advice("a", "o", "d"),), "base", {"eyebrow": "E"}),
        Heading("H", 3, "h"),
        Paragraph((Span("a", "strong", "https://a.ee", "fn"),), "lead"),
        Bullets((rich("a"), rich("b")), True),
        Table("t", "c", (Column("A"), Column("B", "decimal", "%", True)), (("x", "1,5"),), "n", False),
        FIGURE,
        Callout("t", (rich("a"),), "warning"),
        Formula("alpha", "alfa"),
    ),
    "alapealkiri",
    "annex",
    "et",
    {"figure": "Joonis"},
)  # fmt: skip


def test_everything_comes_back_as_it_went():
    assert section_from_json(json.loads(json.dumps(to_json(EVERYTHING)))) == EVERYTHING


def test_older_sections_without_the_newer_fields_are_read():
    data = to_json(Section("a", "b", ()))
    for name in ("part", "language", "labels", "subtitle"):
        del data[name]
    assert section_from_json(data) == Section("a", "b", ())


def test_a_section_shows_itself():
    drawn = replace(EVERYTHING, html=lambda section: f"<h2>{section.title}</h2>")
    bundle = drawn._repr_mimebundle_()
    assert bundle[SECTION_MIME]["key"] == "all"
    assert bundle["text/html"] == "<h2>Kõik</h2>"
    assert bundle["text/plain"] == "Kõik"


def test_the_way_a_section_is_drawn_is_not_its_data():
    drawn = replace(EVERYTHING, html=lambda section: section.title)
    assert drawn == EVERYTHING
    assert to_json(drawn) == to_json(EVERYTHING)
    assert "text/html" not in EVERYTHING._repr_mimebundle_()
