"""Planning: the t distribution and the simulation agree, small events are warned, the texts claim nothing."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.cli.desk.plan_figure import plan_figure, write_plan_figure
from vunki_eval.cli.desk.plan_text import ADVICE, plan_text
from vunki_eval.errors import UsageError
from vunki_eval.language import localizer
from vunki_eval.language.causal_wording import banned
from vunki_eval.project.instrument import load_instrument
from vunki_eval.project.planning import Design, SurveyPlan, _answers, chance, detectable_curve, plan_survey
from vunki_eval.stats import detectable_change, pairs_needed

INSTRUMENT = load_instrument(Path(__file__).resolve().parents[2] / "surveys" / "instrument.toml")
OUTCOMES = ("TS", "NW1", "CE")
SMALLEST: dict[str, float | None] = {"TS": 0.5, "NW1": 1.25, "CE": 0.3}


def planned(design: Design, outcomes: tuple[str, ...] = OUTCOMES) -> SurveyPlan:
    return plan_survey(INSTRUMENT, outcomes, SMALLEST, design, seed=7)


def test_pairs_are_people_who_answer_and_can_be_linked() -> None:
    assert Design(60, 0.6, 0.9).pairs == 32
    assert Design(100, 0.29, 1.0).pairs == 29


@pytest.mark.parametrize("people", [40, 120, 300])
def test_simulation_and_t_distribution_agree(people: int) -> None:
    plan = planned(Design(people, 0.8, 0.9))
    for prospect in plan.prospects:
        assert prospect.power == pytest.approx(chance(prospect, plan.design.pairs, plan.level), abs=0.08)


def test_the_numbers_are_those_of_the_statistics() -> None:
    plan = planned(Design(80, 0.7, 0.9))
    assert plan.level == pytest.approx(1 - 0.05 / 3)
    for prospect in plan.prospects:
        dz = detectable_change(plan.design.pairs, level=plan.level)
        expected = math.exp(dz * prospect.sd_change) if prospect.ratio else dz * prospect.sd_change
        assert prospect.detectable == pytest.approx(expected)
        smallest = SMALLEST[prospect.outcome] or 0
        matters = math.log(smallest) if prospect.ratio else smallest
        assert prospect.pairs_needed == pairs_needed(matters / prospect.sd_change, level=plan.level)
        assert prospect.answers_needed == math.ceil((prospect.pairs_needed or 0) / 0.9)


def test_equivalence_is_out_of_reach_for_a_small_event() -> None:
    few, many = planned(Design(30, 1.0, 1.0)), planned(Design(400, 0.9, 0.9))
    assert few.prospects[0].equivalence is not None
    assert few.prospects[0].equivalence < 0.2
    assert "no_equivalence" in few.advice
    assert many.prospects[0].equivalence is not None
    assert many.prospects[0].equivalence > 0.95
    assert "no_equivalence" not in many.advice


@pytest.mark.parametrize(
    ("design", "advice"),
    [
        (Design(8, 0.5), {"too_few", "pool_events", "short_form"}),
        (Design(16, 0.6), {"described", "pool_events", "short_form"}),
        (Design(130, 0.7), {"reminders", "followup"}),
        (Design(300, 0.9, 0.7), {"enough", "linking"}),
    ],
)
def test_advice(design: Design, advice: set[str]) -> None:
    plan = planned(design)
    assert advice <= set(plan.advice)
    assert set(plan.advice) <= set(ADVICE)


def test_more_people_see_smaller_changes() -> None:
    prospect = planned(Design(60, 0.6)).prospects[1]
    curve = [v for _, v in detectable_curve(prospect, 0.95, (10, 20, 50, 100))]
    assert curve == sorted(curve, reverse=True)
    assert all(v > 1 for v in curve)


def test_the_same_seed_gives_the_same_plan_and_steadier_people_show_more() -> None:
    design = Design(60, 0.6)
    assert planned(design) == planned(design)
    steady = planned(replace(design, correlation=0.9))
    assert all(a.sd_change < b.sd_change for a, b in zip(steady.prospects, planned(design).prospects, strict=True))


def test_simulated_answers_are_answers() -> None:
    before, after = _answers(INSTRUMENT.scale("CE"), 0.72, 0.75, 100, 0.3, 1, draws=20)
    assert before.shape == after.shape == (20, 100)
    assert before.min() >= 1
    assert after.max() <= 5
    assert np.allclose(before * 4, np.rint(before * 4))
    assert 0.2 < float((after - before).mean()) < 0.35


def test_a_scale_without_a_smallest_change_is_planned_too() -> None:
    plan = planned(Design(60, 0.6), ("TR",))
    assert plan.level == 0.95
    assert plan.prospects[0].detectable is not None
    assert plan.prospects[0].power is None
    assert "TR" in plan_text(plan, INSTRUMENT, "en")


@pytest.mark.parametrize(
    "design", [Design(60, 60), Design(60, 0), Design(0, 0.5), Design(60, 0.5, 1.2), Design(9999, 1)]
)
def test_impossible_designs(design: Design) -> None:
    with pytest.raises(UsageError, match=r"VE-12[45]"):
        planned(design)


@pytest.mark.parametrize("language", ["et", "en"])
def test_theplan_words(language: str) -> None:
    for design in (Design(3, 0.5), Design(60, 0.6)):
        text = plan_text(planned(design), INSTRUMENT, language)
        assert banned(text, language) == []
        assert ("0,5" in text) is (language == "et")
        assert "{" not in text
    assert banned(" ".join(map(localizer(language)._, ADVICE.values())), language) == []


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["plan", "--people", "60", "--response", "0.6", "-l", "en"])
    assert done.exit_code == 0, done.output
    assert "Expect 32 linked pairs" in done.output
    assert max(map(len, done.output.splitlines())) <= 80
    done = CliRunner().invoke(app, ["plan", "--people", "60", "--response", "0.6", "--json"])
    assert '"pairs": 32' in done.output
    assert CliRunner().invoke(app, ["plan", "--people", "60", "--response", "60"]).exit_code == 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_plan_is_drawn(tmp_path: Path, kind: str) -> None:
    plan, path = planned(Design(60, 0.7, 0.9)), tmp_path / "plans" / f"plan.{kind}"
    write_plan_figure(plan, INSTRUMENT, "et", path)
    first = path.read_bytes()
    write_plan_figure(plan, INSTRUMENT, "et", path)
    assert path.read_bytes() == first
    assert len(first) > 5000
    assert {"svg": b"<svg", "png": b"PNG", "pdf": b"%PDF"}[kind] in first[:600]


@pytest.mark.parametrize("language", ["et", "en"])
def test_the_drawing_says_how_many_pairs_it_takes(language: str) -> None:
    plan = planned(Design(60, 0.7, 0.9))
    words = [t.get_text() for t in plan_figure(plan, INSTRUMENT, language).axes[0].texts]
    for prospect in plan.prospects:
        assert any(str(prospect.pairs_needed) in w for w in words)
    assert any(str(plan.design.pairs) in w for w in words)
    assert banned(" ".join(words), language) == []


def test_what_cannot_be_drawn(tmp_path: Path) -> None:
    plan = planned(Design(60, 0.7, 0.9))
    with pytest.raises(UsageError, match="VE-828"):
        write_plan_figure(plan, INSTRUMENT, "et", tmp_path / "plan.doc")
    bare = replace(plan, prospects=tuple(replace(p, smallest=None) for p in plan.prospects))
    with pytest.raises(UsageError, match="VE-829"):
        write_plan_figure(bare, INSTRUMENT, "et", tmp_path / "plan.svg")
    assert not list(tmp_path.iterdir())
