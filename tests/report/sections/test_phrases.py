"""Findings and sentences: one template per verdict, estimate with interval and n in one sentence."""

import pytest

from vunki_eval.language import localizer
from vunki_eval.report.sections.phrases import (
    ALSO,
    DIRECTION,
    GENERAL,
    TITLES,
    also_clause,
    change_sentence,
    finding,
    followup_sentence,
    least_change,
    main_sentences,
    strength_sentence,
    verdict_sentence,
)
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results


@pytest.fixture
def view(synthetic_results: dict[str, Results]) -> ResultsView:
    return view_results(synthetic_results["2020-antsla"], "en")


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("outcome", TITLES)
def test_titles_have_six_to_twelve_words(outcome: str, language: str) -> None:
    for verdict, title in TITLES[outcome].items():
        translated = localizer(language)._(title)
        assert 5 <= len(translated.split()) <= 13, translated
        if verdict in ("gain", "decline"):
            assert ";" in translated, "the headline is cut here when another clause follows"


def test_neutral_verdicts_get_neutral_titles() -> None:
    for titles in TITLES.values():
        for verdict in ("cannot_tell", "no_meaningful_change", "smaller_than_matters"):
            assert not any(
                word in titles[verdict].lower() for word in ("more", "higher", "lower", "fewer", " less after")
            )


def test_every_moving_verdict_has_a_clause() -> None:
    assert set(ALSO) == set(TITLES)
    assert all(set(clauses) == {1, -1} for clauses in ALSO.values())
    assert set(DIRECTION) <= set(GENERAL)


def test_other_outcomes_get_general_titles(view: ResultsView) -> None:
    assert finding(view, "CA", "clear_gain") == f"{view.title('CA')}: clearly higher after the event than before"
    assert finding(view, "CA", "unheard of") == f"{view.title('CA')}: there are no data on a change"


def test_sentence_holds_estimate_interval_n_and_pairs(view: ResultsView) -> None:
    row, pairs = view.change("TS"), view.number("TS", "change_pairs")
    assert row is not None
    assert pairs is not None
    sentence = change_sentence(view, "TS")
    assert view.change_text("TS", row) in sentence
    assert f"n = {row.n}, both answers are linked for {pairs.n} people" in sentence
    assert "95% confidence interval" in sentence


def test_changes_in_counts_are_ratios(view: ResultsView) -> None:
    assert "×" in change_sentence(view, "NW1")
    assert "1 means no change" in change_sentence(view, "NW1")


def test_main_sentences_leave_out_what_is_not_there(view: ResultsView) -> None:
    assert all(main_sentences(view, "TS"))
    assert main_sentences(view, "no such outcome") == []
    assert followup_sentence(view, "TN") == ""
    assert also_clause(view, "TN") == ""


def test_smallest_change_is_given_in_both_directions(view: ResultsView) -> None:
    assert least_change(view, "TS") == ("\N{MINUS SIGN}0.5", "+0.5")
    assert least_change(view, "NW1") == ("×0.80", "×1.25")
    assert least_change(view, "TT") == ("–", "–")


def test_strength_names_its_reasons(view: ResultsView) -> None:
    frame = view.results.verdicts.copy()
    place = frame.index[frame["outcome"] == "TS"][0]
    frame.at[place, "strength"] = "weak"
    frame.at[place, "reasons"] = ["attrition", "ceiling"]
    sentence = strength_sentence(view_results(view.results.with_tables(verdicts=frame), "en"), "TS")
    assert sentence.startswith("Strength of evidence: weak. What lowers it: fewer than 70%")
    assert sentence.count(";") == 1


def test_cannot_tell_says_what_could_have_been_seen(view: ResultsView) -> None:
    frame = view.results.verdicts.copy()
    frame.loc[frame["outcome"] == "CE", "verdict"] = "cannot_tell"
    sentence = verdict_sentence(view_results(view.results.with_tables(verdicts=frame), "en"), "CE")
    assert "do not settle" in sentence
    assert "four times out of five" in sentence


def test_suppressed_and_not_estimable_say_why(states: dict[str, Results]) -> None:
    assert "kept back, since fewer than 5 people answered" in change_sentence(
        view_results(states["sparse"], "en"), "TS"
    )
    frame = states["sparse"].estimates.copy()
    frame.loc[frame["status"] == "suppressed", ["status", "reason"]] = ["not_estimable", "no_spread"]
    assert "all answers are alike" in change_sentence(
        view_results(states["sparse"].with_tables(estimates=frame), "en"), "TS"
    )
