"""Page one: verdict, five key numbers, expected results, chart, limits, and who answered."""

from typing import Any

import pandas as pd
import pytest

from vunki_eval.report.commentary import Advice, Commentary
from vunki_eval.report.sections import page_one, page_one_project
from vunki_eval.results.blocks import PageOne, Section
from vunki_eval.results.results import Results


def block(section: Section) -> PageOne:
    page = section.blocks[0]
    assert isinstance(page, PageOne)
    return page


def with_verdicts(results: Results, **verdicts: str) -> Results:
    frame: pd.DataFrame = results.verdicts.copy()
    for outcome, verdict in verdicts.items():
        frame.loc[frame["outcome"] == outcome, "verdict"] = verdict
    return results.with_tables(verdicts=frame)


@pytest.mark.parametrize(
    ("verdicts", "verdict", "lead"),
    [
        (
            ("gain", "clear_gain", "cannot_tell"),
            "Pärast loometalguid oli osalejatel teistes sektorites selgelt rohkem kontakte; ka teisi sektoreid "
            "usaldati rohkem",
            "Kolmest põhinäitajast üks paranes selgelt, üks paranes ebaselges ulatuses ja ühe kohta ei saa järeldust "
            "teha. Võrdlusrühma ei ole: muutuse põhjus sellest uuringust ei selgu.",
        ),
        (
            ("clear_gain", "clear_gain", "decline"),
            "Osalejad usaldasid pärast loometalguid teisi sektoreid selgelt rohkem; oma koosloomeoskusi hinnati "
            "madalamaks",
            "Kolmest põhinäitajast kaks paranes selgelt ja üks halvenes. "
            "Võrdlusrühma ei ole: muutuse põhjus sellest uuringust ei selgu.",
        ),
        (
            ("cannot_tell", "cannot_tell", "no_meaningful_change"),
            "Põhinäitajates ei ole pärast loometalguid selget muutust näha",
            "Kolmest põhinäitajast üks jäi sisuliselt samaks ja kahe kohta ei saa järeldust teha. "
            "Võrdlusrühma ei ole: muutuse põhjus sellest uuringust ei selgu.",
        ),
        (
            ("suppressed", "suppressed", "described"),
            "Et öelda, mis muutus, vastas liiga vähe inimesi",
            "Kolmest põhinäitajast on kõigi kohta andmeid liiga vähe. "
            "Võrdlusrühma ei ole: muutuse põhjus sellest uuringust ei selgu.",
        ),
    ],
)
def test_verdict_follows_the_outcomes(
    synthetic_results: dict[str, Results], verdicts: tuple[str, str, str], verdict: str, lead: str
) -> None:
    changed = with_verdicts(synthetic_results["2020-antsla"], **dict(zip(("TS", "NW1", "CE"), verdicts, strict=True)))
    page = block(page_one(changed, "et"))
    assert page.verdict == verdict
    assert page.lead == lead


def test_a_single_uncertain_gain_keeps_its_uncertainty(synthetic_results: dict[str, Results]) -> None:
    changed = with_verdicts(synthetic_results["2020-antsla"], TS="gain", NW1="cannot_tell", CE="cannot_tell")
    headline = block(page_one(changed, "en")).verdict
    assert headline == "Participants trusted other sectors more after the event; how much is uncertain"


def test_five_numbers_with_targets(synthetic_results: dict[str, Results]) -> None:
    people, initiatives, contacts, ideas, euros = block(page_one(synthetic_results["2020-antsla"], "en")).numbers
    assert (people.value, people.foot, people.share) == ("92", "target of the whole project ca 200", 0.46)
    assert (initiatives.value, initiatives.share) == ("8", 0.4)
    assert contacts.foot == "median; target 3"
    assert "(" in contacts.label
    assert ideas.value.endswith(" of 8")
    assert (euros.value, euros.share) == ("€165", None)


def test_what_is_not_due_is_no_zero(synthetic_results: dict[str, Results]) -> None:
    numbers = block(page_one(synthetic_results["2021-online"], "et")).numbers
    assert (numbers[3].value, numbers[3].foot, numbers[3].share) == ("–", "ei ole veel mõõdetud", None)


def test_expected_results_have_mark_status_and_strength(synthetic_results: dict[str, Results]) -> None:
    rows: dict[str, Any] = {
        p.result: p for p in block(page_one(synthetic_results["2020-antsla"], "en")).expected_results
    }
    assert len(rows) == 5
    register = rows["There are new co-created solutions"]
    assert (register.mark, register.status, register.dots, register.strength) == (
        "◆", "8 initiatives in the register", 3, "documented",
    )  # fmt: skip
    assert all(p.mark and p.status and p.strength for p in rows.values())


def test_expected_results_of_the_project_come_from_its_own_verdicts(synthetic_results: dict[str, Results]) -> None:
    page = block(page_one_project(synthetic_results["project"], "et"))
    verdicts = synthetic_results["project"].verdicts
    own = verdicts[(verdicts["event"] == "project") & verdicts["outcome"].str.startswith("result:")]
    assert len(page.expected_results) == len(own) == 5
    assert any("only some" in limit for limit in block(page_one_project(synthetic_results["project"], "en")).limits)


def test_advice_is_the_evaluators_and_at_most_three(synthetic_results: dict[str, Results]) -> None:
    commentary = Commentary(advice=tuple(Advice(f"Advice {k}", "Owner", "May 2021") for k in range(4)))
    page = block(page_one(synthetic_results["2020-antsla"], "en", commentary))
    assert [a.text for a in page.advice] == ["Advice 0", "Advice 1", "Advice 2"]
    assert block(page_one(synthetic_results["2020-antsla"], "en")).advice == ()
    assert page.labels["no_advice"]


def test_base_says_who_answered(synthetic_results: dict[str, Results]) -> None:
    flow = dict(
        zip(synthetic_results["2020-antsla"].flow["step"], synthetic_results["2020-antsla"].flow["n"], strict=True)
    )
    base = block(page_one(synthetic_results["2020-antsla"], "et")).base
    opening = f"92 kohal olnust vastas enne loometalguid {flow['usable_pre']} ja pärast {flow['usable_post']} ("
    assert base.startswith(opening)
    assert f"mõlemad vastused on seostatud {flow['linked_post']} inimesel." in base


def test_no_surveys_still_give_an_honest_page(states: dict[str, Results]) -> None:
    page = block(page_one_project(states["no-surveys"], "et"))
    assert page.verdict == "Mis muutus, ei ole veel mõõdetud"
    assert page.chart is None
    assert page.base == "Küsitlusvastuseid veel ei ole."
    assert page.numbers[1].value == "19"


def test_base_of_a_project_whose_events_do_not_know_who_came(synthetic_results: dict[str, Results]) -> None:
    whole = synthetic_results["project"]
    unknown = whole.flow.copy()
    unknown.loc[unknown["step"].isin(["registered", "attended"]), "n"] = None
    rates = whole.estimates[whole.estimates["statistic"] != "response_rate"]
    base = block(page_one_project(whole.with_tables(flow=unknown, estimates=rates), "en")).base
    totals = [int(unknown.loc[unknown["step"] == s, "n"].sum()) for s in ("usable_pre", "usable_post", "linked_post")]
    assert base.startswith(
        f"Before {totals[0]}, after {totals[1]} people answered; both answers are linked for {totals[2]}"
    )
    none = whole.flow.iloc[0:0]
    assert "no survey answers yet" in block(page_one_project(whole.with_tables(flow=none, estimates=rates), "en")).base
