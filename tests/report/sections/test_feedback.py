"""The feedback summary: always one page, made from the post wave alone, and open about what is missing."""

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from vunki_eval.analysis.evaluation import evaluate
from vunki_eval.project.project import load_project
from vunki_eval.report.commentary import load_commentary
from vunki_eval.report.render.pdf.onepage import feedback_pdf
from vunki_eval.report.sections.feedback import feedback
from vunki_eval.results.results import Results, empty


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


@pytest.fixture
def results(synthetic_results: dict[str, Results]) -> Results:
    return synthetic_results["2020-antsla"]


@pytest.mark.parametrize("language", ["et", "en"])
def test_numbers_are_those_of_the_results(results: Results, language: str, shipped_project: Path) -> None:
    page = feedback(results, language, load_commentary(shipped_project, "2020-antsla", language))
    facts = {r["key"]: r["value"] for r in results.facts.to_dict("records")}
    answered, satisfied, recommend = (value for value, _ in page.numbers)
    assert str(facts["usable_post"]) in answered
    assert str(facts["attended"]) in answered
    assert satisfied.strip("%\u00a0") == "85"
    assert recommend in ("8,3", "8.3")
    counts = results.distributions.query("item == 'SA1' and group == 'all' and answer not in ('total', 'missing')")
    assert [b.n for b in page.parts[0].bars] == [str(n) for n in counts["n"]]
    assert len(page.sentences) == 3


def test_one_page_however_much_the_evaluator_writes(results: Results) -> None:
    page = feedback(results, "et")
    assert pages(feedback_pdf(page)) == 1
    long = replace(page, sentences=tuple("Järgmisel korral alustatakse varem. " * 20 for _ in range(30)))
    pdf = feedback_pdf(long)
    assert pages(pdf) == 1
    assert feedback_pdf(long) == pdf


def test_it_says_when_nothing_is_coded_and_nothing_written(results: Results) -> None:
    page = feedback(results.with_tables(themes=empty("themes")), "en")
    assert [t.sentence for t in page.themes] == ["not coded yet", "not coded yet"]
    assert page.sentences[0].startswith("(to be written")


def test_from_the_post_wave_alone(own_project: Path) -> None:
    file = own_project / "surveys" / "project.toml"
    text = file.read_text("utf-8").replace(
        'waves = { pre = "pre.csv", post = "post.csv" }', 'waves = { post = "post.csv" }'
    )
    file.write_text(text, "utf-8")
    decisions = own_project / "surveys" / "2021-online" / "decisions.csv"
    lines = [line for line in decisions.read_text("utf-8").splitlines() if "pre.csv" not in line]
    decisions.write_text("\n".join(lines) + "\n", "utf-8")
    for path in (own_project / "surveys" / "2021-online").glob("coding*"):
        path.unlink()
    page = feedback(evaluate(load_project(own_project), "2021-online"), "et")
    assert page.numbers[0][0] == "63 / 84"
    assert page.parts[0].bars
    assert pages(feedback_pdf(page)) == 1


def test_without_any_answers_it_says_so(results: Results) -> None:
    blank = results.with_tables(
        estimates=empty("estimates"), distributions=empty("distributions"), facts=empty("facts"), themes=empty("themes")
    )
    page = feedback(blank, "en")
    assert [value for value, _ in page.numbers] == ["no data", "no data", "no data"]
    assert [p.sentence for p in page.parts] == ["There are no data.", "There are no data."]
    assert pages(feedback_pdf(page)) == 1
