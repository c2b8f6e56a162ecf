"""Money of the register: used by source, euros per participant and per initiative, from a budget that is filled in."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vunki_eval.analysis import analyse_project
from vunki_eval.errors import ConfigError
from vunki_eval.project.project import Config, Project, load_project
from vunki_eval.project.registers import Budget
from vunki_eval.report.sections.money import money
from vunki_eval.report.tables import indicator_table, money_table
from vunki_eval.results.results import Results

LINES = [
    {"key": "venue", "title": {"et": "Ruumid", "en": "Venue"}, "planned": 1000.0, "used": 900.5, "paid_by": "grant"},
    {"key": "prizes", "title": {"et": "Auhinnad", "en": "Prizes"}, "planned": 500.0, "used": 450.25, "paid_by": "own"},
    {"key": "mentors", "title": {"et": "Mentorid", "en": "Mentors"}, "planned": 500.0, "used": 400.0,
     "paid_by": "grant"},
]  # fmt: skip
INITIATIVES = [{"id": f"i{k}", "title": {"et": f"i{k}", "en": f"i{k}"}} for k in range(4)]
USED = {"key": "used", "title": {"et": "Kasutatud", "en": "Used"}, "unit": {"et": "€", "en": "€"}, "target": 2000.0,
        "statistic": "fact:budget_used"}  # fmt: skip


def budget(**more: Any) -> Budget:
    return Budget.model_validate({"total": 2000.0, "grant": 1500.0, "own": 500.0, **more})


def whole(small: Project, **more: Any) -> Results:
    given = {"total": 2000.0, "grant": 1500.0, "own": 500.0, **more}
    added = {"initiative": INITIATIVES, "budget": given, "indicator": [USED]}
    config = Config.model_validate({**small.config.model_dump(by_alias=True), **added}, strict=False)
    return analyse_project(replace(small, config=config), {})


def test_what_was_used_by_source() -> None:
    lines = [{**line} for line in LINES]
    assert [budget(line=lines).used(s) for s in ("", "grant", "own")] == [1750.75, 1300.5, 450.25]
    assert [budget(grant_used=10.0, own_used=5.0).used(s) for s in ("", "grant", "own")] == [15, 10, 5]
    unsaid = [{**lines[0], "paid_by": None}, *lines[1:]]
    assert [budget(line=unsaid).used(s) for s in ("", "grant", "own")] == [1750.75, None, None]
    open_ = [{**lines[0], "used": None}, *lines[1:]]
    assert [budget(line=open_).used(s) for s in ("", "grant", "own")] == [None, None, None]
    assert budget().used() is None


def test_euros_per_participant_and_per_initiative(small: Project) -> None:
    results = whole(small, line=LINES)
    facts = results.facts[results.facts["event"] == "project"].set_index("key")["value"]
    people = 80 + 90
    assert facts["euros_per_participant"] == pytest.approx(2000 / people)
    assert facts["euros_per_initiative"] == 500
    assert facts["budget_used"] == 1750.75
    assert facts["euros_used_per_participant"] == pytest.approx(1750.75 / people)
    assert facts["euros_used_per_initiative"] == pytest.approx(1750.75 / 4)
    used = results.money.set_index("key")["used"]
    assert dict(used) == {"total": 1750.75, "grant": 1300.5, "own": 450.25, "venue": 900.5, "prizes": 450.25,
                          "mentors": 400.0}  # fmt: skip
    indicator = results.indicators.set_index("key").loc["used"]
    assert (indicator["actual"], indicator["status"]) == (1750.75, "mostly_met")


def test_the_report_states_them(small: Project) -> None:
    results = whole(small, line=LINES)
    shown = "".join(money(results, "en")._repr_mimebundle_()["text/html"].split("\n"))
    for sentence in (
        "€10.30 per participant",
        "€437.69 per initiative",
        "€11.76 per participant",
        "€500.00 per initiative",
    ):
        assert sentence in shown
    table = money_table(results, "en")
    assert table is not None
    assert [r[2:4] for r in table.rows[:3]] == [("€1,750.75", "88%"), ("€1,300.50", "87%"), ("€450.25", "90%")]


def test_what_is_not_known_is_no_zero(small: Project) -> None:
    results = whole(small)
    facts = results.facts[results.facts["event"] == "project"].set_index("key")["value"]
    assert facts["budget_used"] is None
    assert facts["euros_used_per_participant"] is None
    assert "What was used makes" not in money(results, "en")._repr_mimebundle_()["text/html"]
    table = indicator_table(results, "en")
    assert table is not None
    assert "no data" in table.rows[0]


def test_sources_that_do_not_add_up_are_refused(own_project: Path) -> None:
    path = own_project / "surveys" / "project.toml"
    line = '[[budget.line]]\nkey = "a"\ntitle = { et = "A", en = "A" }\nused = 100.0\n\n[area]'
    more = "own = 3300.28\ngrant_used = 50.0\nown_used = 40.0\n"
    text = path.read_text("utf-8").replace("own = 3300.28\n", more, 1).replace("[area]", line, 1)
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"budget.grant_used: The amounts used of the sources do not add up"):
        load_project(own_project)
