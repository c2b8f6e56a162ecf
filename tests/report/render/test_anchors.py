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
    found = anchors(SECTIONS)
    assert found["trust"] == "s-trust"  # the section was first
    assert (found["f"], found["t"]) == ("figure-2", "table-1")
    assert len(set(found.values())) == len(found)


def test_sections_count_in_the_body_and_are_lettered_in_the_annex():
    assert section_numbers(SECTIONS) == ["1", "2", "", "A"]
    many = [Section(str(i), "x", (), part="annex") for i in range(28)]
    assert section_numbers(many)[-3:] == ["Z", "AA", "AB"]
