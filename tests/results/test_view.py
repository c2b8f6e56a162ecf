"""Results as tables and figures see them: decimals, words, order."""

import json

import pytest

from vunki_eval.results.results import Results, from_dict, rows_frame, to_json
from vunki_eval.results.view import view_results

META = {
    "waves": {"followup": {"en": "follow-up"}, "post": {"en": "after"}, "pre": {"en": "before"}},
    "primary": ["T", "N", "gone"],
    "outcomes": {
        "S": {"title": {"en": "Short"}, "range": [1, 5], "smallest_change": 0.3},
        "T": {"title": {"en": "Trust"}, "range": [0, 10], "smallest_change": 0.5},
        "N": {"title": {"en": "Contacts"}, "range": [0, 500], "transform": "log1p", "smallest_change": 1.25},
    },
    "items": {"A": {"waves": ["pre", "post", "followup"], "text": {"en": "Long wording"}, "short": {"en": "Short"}}},
}


def results(*rows: tuple[str, str, str, float | None, float | None, float | None]) -> Results:
    table = [
        {"event": "e", "outcome": o, "group": "all", "wave": w, "statistic": s, "estimate": e, "low": low, "high": high,
         "n": 50, "status": "ok" if e is not None else "suppressed", "method": ""}
        for o, w, s, e, low, high in rows
    ]  # fmt: skip
    return Results("e", META, rows_frame("estimates", table))


@pytest.mark.parametrize(
    ("outcome", "low", "high", "decimals"),
    [
        ("T", 0.29, 1.07, 1),
        ("T", 0.04, 1.07, 2),  # 0.0 would look like no change
        ("T", 0.12, 0.47, 2),  # 0.5 would look like the smallest change that matters
        ("T", -0.52, 0.9, 2),
        ("T", 0.5, 0.9, 1),
        ("S", 0.29, 1.07, 2),
        ("N", 1.2, 1.9, 2),
    ],
)
def test_decimals_never_blur_the_verdict(outcome: str, low: float, high: float, decimals: int) -> None:
    event = results((outcome, "post", "change", (low + high) / 2, low, high))
    assert view_results(event, "en").decimals(outcome) == decimals


def test_changes_in_words() -> None:
    view = view_results(
        results(("T", "post", "change", 0.68, 0.29, 1.07), ("N", "post", "change", 1.6, 1.35, 1.9)), "et"
    )
    trust, contacts = view.change("T"), view.change("N")
    assert trust is not None
    assert contacts is not None
    assert view.change_text("T", trust) == "+0,7 (0,3 kuni 1,1)"
    assert view.change_text("N", contacts) == "×1,60 (1,35–1,90)"


def test_protected_rounding_is_not_undone() -> None:
    frame = results(("S", "post", "change", 0.1, -0.2, 0.4)).estimates
    frame["method"] = "paired_t; rounded"
    view = view_results(Results("e", META, frame), "en")
    row = view.change("S")
    assert row is not None
    assert view.change_text("S", row) == "+0.1 (\N{MINUS SIGN}0.2 to 0.4)"


def test_suppressed_rows_hold_no_number() -> None:
    view = view_results(results(("T", "post", "change", None, None, None)), "en")
    assert view.row("T", "change") is not None
    assert view.number("T", "change") is None
    assert view.change("T") is None


def test_levels_name_scale_or_median() -> None:
    rows = [("T", w, "mean", v, None, None) for w, v in (("pre", 5.81), ("post", 6.49))]
    rows += [("N", w, "median", v, None, None) for w, v in (("pre", 5.0), ("post", 8.5))]
    view = view_results(results(*rows), "et")
    assert view.levels("T") == "5,8 → 6,5 (skaala 0–10)"
    assert view.levels("N") == "mediaan 5 → 8,5"
    assert view.levels("T", "pre", "followup") == ""


def test_units_of_the_smallest_change() -> None:
    view = view_results(results(), "en")
    assert view.in_units("T", 1.0) == pytest.approx(2.0)
    assert view.in_units("N", 1.25) == pytest.approx(1.0)
    assert view.in_units("N", 0.8) == pytest.approx(-1.0)


def test_order_survives_json() -> None:
    full = results(("T", "pre", "mean", 5.0, None, None), ("N", "pre", "mean", 5.0, None, None))
    again = from_dict(json.loads(to_json(full)))
    for read in (full, again):
        view = view_results(read, "en")
        assert view.waves == ("pre", "post", "followup")
        assert list(view.outcomes) == ["T", "N", "S"]
        assert view.primary == ("T", "N")


def test_labels_fall_back() -> None:
    view = view_results(results(), "et")
    assert view.item("A") == "Short"
    assert view.item("A", full=True) == "Long wording"
    assert view.title("nowhere") == "nowhere"
    assert view.answer("A", "4") == "4"


def test_events_are_kept_apart() -> None:
    first, second = (results(("T", "post", "change", v, 0.1, 2.0)).estimates for v in (1.0, 1.5))
    second["event"] = "f"
    import pandas as pd

    both = Results("e", META, pd.concat([first, second], ignore_index=True))
    changes = [view_results(both, "en", event).change("T") for event in ("e", "f", "g")]
    assert [c.estimate if c else None for c in changes] == [1.0, 1.5, None]
