from vunki_eval.report.render.anchors import anchors, section_numbers
from vunki_eval.results.blocks import Figure, Heading, Section, Table

SECTIONS = (
    Section(
        "trust",
        "Leid",
        (Heading("h", 2, "trust words"), Figure("trust", "t", "", "a", ""), Figure("f", "t", "", "a", "")),
    ),
    Section("trust words", "Teine", (Table("t", "", (), ()), Heading("h", 2, "trust-words"))),
    Section("silent", "", ()),
    Section("method", "Meetod", (), part="annex"),
)


def test_each_name_has_one_id_and_no_id_two_names():
    ids = anchors(SECTIONS)
    assert ids["trust"] == "s-trust"  # the section was first
    assert (ids["f"], ids["t"]) == ("figure-2", "table-1")
    assert len(set(ids.values())) == len(ids)


def test_sections_count_in_the_body_and_are_lettered_in_the_annex():
    assert section_numbers(SECTIONS) == ["1", "2", "", "A"]
    many = [Section(str(i), "x", (), part="annex") for i in range(28)]
    assert section_numbers(many)[-3:] == ["Z", "AA", "AB"]
