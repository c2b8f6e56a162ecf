"""Tables of the annex."""

import inspect
import re

from vunki_eval import tables
from vunki_eval.analysis import evidence
from vunki_eval.report.tables.annex import RULES
from vunki_eval.report.tables.terms import REASONS, STRENGTHS, VERDICTS, WHY_NOT
from vunki_eval.results.results import Results

EVENT = "2020-antsla"


def test_wording_joins_the_stem_once(synthetic_results: dict[str, Results]) -> None:
    table = tables.wording_table(synthetic_results[EVENT], "en", ["TS1", "TS2", "NW1", "CA2"], "w", "Caption")
    assert table is not None
    assert table.rows[0][1].startswith("When solving local problems together")
    assert table.rows[1][1] == "… other public bodies"
    assert table.rows[3][1].endswith("(reversed)")
    assert table.rows[0][2] == "1, 2, 3"
    assert table.note.startswith("Asked: 1 before, 2 after, 3 follow-up. Sources: 1 ")


def test_sources_are_said_in_the_language_of_the_report(synthetic_results: dict[str, Results]) -> None:
    notes = {}
    for language in ("et", "en"):
        table = tables.wording_table(synthetic_results[EVENT], language, ["TR2", "NW1"], "w", "Caption")
        assert table is not None
        assert [row[3] for row in table.rows] == ["1", "2"]
        notes[language] = table.note
    assert notes["et"].endswith(
        "1 Euroopa sotsiaaluuring, CC BY-SA 4.0: pplfair; eesti keelde ise tõlgitud; 2 oma sõnastus."
    )
    assert notes["en"].endswith("1 European Social Survey, CC BY-SA 4.0: pplfair; Estonian own translation; 2 own.")


def test_item_means_stand_with_their_n(synthetic_results: dict[str, Results]) -> None:
    table = tables.item_table(synthetic_results[EVENT], "et", ["TS1", "CX1"], "i", "Caption")
    assert table is not None
    assert len(table.columns) == 7
    assert re.fullmatch(r"\d,\d\d", table.rows[0][1])
    assert table.rows[1][1:3] == ("–", "–")


def test_reliability_is_not_printed_for_formative_scales(synthetic_results: dict[str, Results]) -> None:
    table = tables.reliability_table(synthetic_results[EVENT], "en")
    assert table is not None
    assert "Experience of taking part" not in {row[0] for row in table.rows}
    assert all(re.fullmatch(r"0\.\d\d", row[3]) for row in table.rows if row[4] != "–")


def test_rules_name_every_verdict_that_a_test_can_give() -> None:
    ruled = {key for _, keys in RULES for key in keys}
    assert ruled == {*evidence.CLAIMED, "cannot_tell"}
    assert ruled <= set(VERDICTS)
    table = tables.method_table(Results("nothing"), "en")
    assert len(table.rows) == len(RULES)


def test_every_key_that_results_can_carry_has_words() -> None:
    assert set(evidence.CLAIMS) <= set(VERDICTS)
    assert set(evidence.STRENGTHS) | {"none"} <= set(STRENGTHS)
    named = set(re.findall(r'^        "(\w+)": ', inspect.getsource(evidence.reasons), re.MULTILINE))
    assert {"attrition", "linking", "mode"} <= named <= set(REASONS)


def test_every_reason_met_has_words(synthetic_results: dict[str, Results]) -> None:
    reasons = {r for results in synthetic_results.values() for r in results.estimates["reason"] if r}
    assert reasons
    assert reasons <= set(WHY_NOT)
