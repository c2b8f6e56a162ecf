from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.survey.score import reversed_answers, score_responses

ITEMS = ("PR1", "TS1", "TS2", "CE1", "CE2", "CE3", "NW1", "TM")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_instrument(Path(__file__).parents[1] / "readers" / "small_instrument.toml")


def responses(*rows: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame([{"respondent": "P1", "wave": "pre", "link_method": "none", **row} for row in rows])
    for code in ITEMS:
        if code not in frame:
            frame[code] = None
        text = code in ("PR1", "TM")
        frame[code] = frame[code].astype(object) if text else frame[code].astype(float)
    return frame


def scored(instrument: Instrument, *rows: dict[str, object]) -> pd.DataFrame:
    return score_responses(responses(*rows), instrument).set_index(["respondent", "wave", "scale"])


def test_mean_of_answered_items(instrument: Instrument) -> None:
    scores = scored(instrument, {"CE1": 4, "CE2": 2, "CE3": 1}, {"respondent": "P2", "CE1": 4, "CE3": 1})
    assert scores.loc[("P1", "pre", "CE"), "score"] == pytest.approx((4 + 2 + 5) / 3)
    assert scores.loc[("P2", "pre", "CE"), ["score", "answered", "items", "complete"]].tolist() == [4.5, 2, 3, False]
    assert bool(scores.loc[("P1", "pre", "CE"), "complete"])


def test_too_few_items_give_no_score(instrument: Instrument) -> None:
    scores = scored(instrument, {"CE1": 4})
    assert np.isnan(scores.loc[("P1", "pre", "CE"), "score"])
    assert scores.loc[("P1", "pre", "CE"), "answered"] == 1


def test_own_sector_is_left_out(instrument: Instrument) -> None:
    scores = scored(
        instrument,
        {"PR1": "business", "TS1": 2, "TS2": 9},
        {"respondent": "P2", "PR1": "community", "TS1": 2, "TS2": 9},
        {"respondent": "P3", "TS1": 2, "TS2": 9},
        {"respondent": "P4", "PR1": "municipality", "TS1": 2},
    )
    assert scores["score"].xs("TS", level="scale").tolist()[:3] == [2, 5.5, 5.5]
    assert scores.loc[("P1", "pre", "TS"), ["answered", "items", "complete"]].tolist() == [1, 1, True]
    assert np.isnan(scores.loc[("P4", "pre", "TS"), "score"])


def test_sector_of_the_first_wave_holds_for_all(instrument: Instrument) -> None:
    scores = scored(
        instrument,
        {"wave": "post", "PR1": "municipality", "TS1": 2, "TS2": 9},
        {"wave": "pre", "PR1": "business", "TS1": 2, "TS2": 9},
        {"wave": "followup", "TS1": 4, "TS2": 9},
        {"respondent": "P2", "wave": "post", "PR1": "municipality", "TS1": 2, "TS2": 9},
    )
    assert scores.loc[("P1", "post", "TS"), "score"] == 2
    assert scores.loc[("P1", "followup", "TS"), "score"] == 4
    assert scores.loc[("P2", "post", "TS"), "score"] == 9


def test_counts_are_not_logged_and_teams_are_carried(instrument: Instrument) -> None:
    scores = scored(instrument, {"NW1": 12}, {"wave": "post", "NW1": 20, "TM": "Saun"}, {"respondent": "P2", "NW1": 1})
    assert scores.loc[("P1", "pre", "NW1"), "score"] == 12
    assert scores.loc[("P1", "pre", "NW1"), "team"] == "Saun"
    assert scores.loc[("P2", "pre", "NW1"), "team"] is None


def test_reversing_twice_changes_nothing(instrument: Instrument) -> None:
    answers = pd.Series([1.0, 2.0, np.nan, 5.0])
    once = reversed_answers(answers, instrument.item("CE3"), instrument)
    assert once.tolist()[:2] == [5, 4]
    pd.testing.assert_series_equal(reversed_answers(once, instrument.item("CE3"), instrument), answers)
    pd.testing.assert_series_equal(reversed_answers(answers, instrument.item("CE1"), instrument), answers)


def test_row_order_does_not_matter(instrument: Instrument) -> None:
    rows = [{"respondent": f"P{k}", "CE1": k % 5 + 1, "CE2": 2, "CE3": 3, "TS1": k, "TS2": 1} for k in range(6)]
    one, other = scored(instrument, *rows), scored(instrument, *reversed(rows))
    pd.testing.assert_frame_equal(one.sort_index(), other.sort_index())


def test_no_responses(instrument: Instrument) -> None:
    assert score_responses(responses({}).iloc[:0], instrument).empty
