"""What people wrote for a section appears in that section and nowhere else."""

from dataclasses import replace

from vunki_eval.report.commentary import Commentary, Quote
from vunki_eval.report.sections import cover, networking, trust
from vunki_eval.results.blocks import Callout, Cover, Heading, Paragraph, Section, paragraph
from vunki_eval.results.results import Results

COMMENTARY = Commentary(
    {"trust": (Heading("A heading", 2), paragraph("The evaluator's view."))}, (), (Quote("We met.", "trust"),)
)


def texts(section: Section) -> list[str]:
    paragraphs = [b for b in section.blocks if isinstance(b, Paragraph)]
    return ["".join(s.text for s in p.content) for p in paragraphs]


def test_commentary_stands_in_its_section(synthetic_results: dict[str, Results]) -> None:
    section = trust(synthetic_results["2020-antsla"], "en", COMMENTARY)
    assert "The evaluator's view." in texts(section)
    headings = [(b.text, b.level) for b in section.blocks if isinstance(b, Heading)]
    assert headings[-2:] == [("Evaluator's comment", 2), ("A heading", 3)]


def test_quotes_stand_in_a_box(synthetic_results: dict[str, Results]) -> None:
    box = trust(synthetic_results["2020-antsla"], "et", COMMENTARY).blocks[-1]
    assert isinstance(box, Callout)
    assert box.content[0][0].text == "We met."


def test_other_sections_stay_free_of_it(synthetic_results: dict[str, Results]) -> None:
    section = networking(synthetic_results["2020-antsla"], "en", COMMENTARY)
    assert "The evaluator's view." not in texts(section)


def test_commentary_stands_even_without_data() -> None:
    section = trust(Results("nothing"), "en", COMMENTARY)
    assert "There are no data for this section." in texts(section)
    assert "The evaluator's view." in texts(section)


def test_an_event_without_a_date_does_not_take_the_projects(synthetic_results: dict[str, Results]) -> None:
    dated = synthetic_results["2020-antsla"]
    event = {k: v for k, v in dated.meta["event"].items() if k != "actual"}
    undated = replace(dated, meta={**dated.meta, "event": event})
    covers = [cover(results, "en").blocks[0] for results in (dated, undated)]
    running_heads = [block.running_head for block in covers if isinstance(block, Cover)]
    assert "Antsla" in running_heads[0]
    assert running_heads[1] == event["title"]["en"]
