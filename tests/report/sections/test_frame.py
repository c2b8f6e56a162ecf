"""What people wrote is merged at its section and nowhere else."""

from dataclasses import replace

from vunki_eval.report.commentary import Commentary, Quote
from vunki_eval.report.sections import cover, networking, trust
from vunki_eval.results.blocks import Callout, Cover, Heading, Paragraph, Section, paragraph
from vunki_eval.results.results import Results

WORDS = Commentary(
    {"trust": (Heading("A heading", 2), paragraph("The evaluator's view."))}, (), (Quote("We met.", "trust"),)
)


def texts(section: Section) -> list[str]:
    paragraphs = [b for b in section.blocks if isinstance(b, Paragraph)]
    return ["".join(s.text for s in p.content) for p in paragraphs]


def test_commentary_stands_in_its_section(synthetic_results: dict[str, Results]) -> None:
    section = trust(synthetic_results["2020-antsla"], "en", WORDS)
    assert "The evaluator's view." in texts(section)
    heads = [(b.text, b.level) for b in section.blocks if isinstance(b, Heading)]
    assert heads[-2:] == [("Evaluator's comment", 2), ("A heading", 3)]


def test_quotes_stand_in_a_box(synthetic_results: dict[str, Results]) -> None:
    box = trust(synthetic_results["2020-antsla"], "et", WORDS).blocks[-1]
    assert isinstance(box, Callout)
    assert box.content[0][0].text == "We met."


def test_other_sections_stay_free_of_it(synthetic_results: dict[str, Results]) -> None:
    section = networking(synthetic_results["2020-antsla"], "en", WORDS)
    assert "The evaluator's view." not in texts(section)


def test_words_survive_missing_data() -> None:
    section = trust(Results("nothing"), "en", WORDS)
    assert "There are no data for this section." in texts(section)
    assert "The evaluator's view." in texts(section)


def test_an_event_without_a_date_does_not_bear_the_projects(synthetic_results: dict[str, Results]) -> None:
    known = synthetic_results["2020-antsla"]
    event = {k: v for k, v in known.meta["event"].items() if k != "actual"}
    undated = replace(known, meta={**known.meta, "event": event})
    heads = [
        s.blocks[0].running_head for s in (cover(known, "en"), cover(undated, "en")) if isinstance(s.blocks[0], Cover)
    ]
    assert "Antsla" in heads[0]
    assert heads[1] == event["title"]["en"]
