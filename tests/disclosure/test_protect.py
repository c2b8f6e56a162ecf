"""All tables together: bands, merges, means only as exact as is safe, and the counts of what was done."""

from typing import Any

import pandas as pd
import pytest

from vunki_eval.disclosure import protect
from vunki_eval.project.instrument import Instrument
from vunki_eval.results.results import rows_frame

Row = dict[str, Any]


def in_english(text: str) -> dict[str, str]:
    return {"en": text}


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    def options(values: Any) -> list[Row]:
        return [{"value": v, "label": in_english(str(v))} for v in values]

    def item(code: str, response_set: str, **more: Any) -> Row:
        return {
            "code": code,
            "role": "scale",
            "text": in_english(code),
            "waves": ["pre"],
            "response_set": response_set,
            **more,
        }

    return Instrument.model_validate({
        "id": "i", "title": in_english("i"), "languages": ["en"],
        "wave": [{"key": "pre", "order": 1, "title": in_english("pre")}],
        "response_set": [
            {"key": "agree", "options": options(range(1, 6)), "bands": [[1, 2], [3], [4, 5]]},
            {"key": "likely", "options": options(range(11)), "bands": [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9, 10]]},
            {"key": "place", "options": options(["north", "south", "east", "west"]), "ordered": False},
        ],
        "item": [item("X", "agree"), item("Y", "agree"), item("Z", "agree", reverse=True), item("L", "likely"),
                 item("P", "place", role="profile"), item("M", "place", kind="multiple", role="network"),
                 {**item("C", "agree", kind="number"), "response_set": None, "range": [0, 50]}],
        "scale": [{"key": "YZ", "title": in_english("yz"), "items": ["Y", "Z"], "range": [1, 5]},
                  {"key": "L", "title": in_english("l"), "items": ["L"], "range": [0, 10]}],
    })  # fmt: skip


def counted(item: str, counts: dict[str, int], missing: int = 0, total: int | None = None) -> list[Row]:
    total = sum(counts.values()) if total is None else total
    rows = {**counts, "total": total, "missing": missing}
    return [{"event": "e", "item": item, "group": "all", "wave": "pre", "answer": a, "n": n} for a, n in rows.items()]


def five(*n: int) -> dict[str, int]:
    return {str(i + 1): k for i, k in enumerate(n)}


def estimate(outcome: str, statistic: str, value: float, n: int, **more: Any) -> Row:
    return {"event": "e", "outcome": outcome, "group": "all", "wave": "pre", "statistic": statistic, "estimate": value,
            "n": n, "status": "ok", "method": "", "reason": "", **more}  # fmt: skip


def safe(instrument: Instrument, distributions: list[Row], estimates: list[Row] | None = None) -> dict[str, Any]:
    tables = {"distributions": rows_frame("distributions", distributions),
              "estimates": rows_frame("estimates", estimates or [])}  # fmt: skip
    published, counts = protect(tables, instrument, threshold=5, level=0.95)
    cells = published["distributions"].to_dict("records")
    return {
        "cells": {r["answer"]: r["n"] for r in cells},
        "shares": {r["answer"]: r["share"] for r in cells},
        "estimates": {(r["outcome"], r["statistic"]): r for r in published["estimates"].to_dict("records")},
        "counts": counts,
    }


def test_large_answers_stand_by_themselves(instrument: Instrument) -> None:
    published = safe(instrument, counted("X", five(10, 10, 10, 15, 15)))
    assert published["cells"] == {**five(10, 10, 10, 15, 15), "total": 60, "missing": 0}
    assert published["shares"]["4"] == 0.25


def test_small_answers_are_banded(instrument: Instrument) -> None:
    published = safe(instrument, counted("X", five(3, 10, 10, 15, 22)))
    assert published["cells"] == {"1-2": 13, "3": 10, "4-5": 37, "total": 60, "missing": 0}
    assert published["counts"]["banded"] == 1
    assert published["counts"]["hidden"] == 0


def test_hidden_only_where_bands_are_not_enough(instrument: Instrument) -> None:
    published = safe(instrument, counted("X", five(0, 1, 1, 0, 58)))
    assert published["cells"] == {"1-2": None, "3": None, "4-5": None, "total": 60, "missing": 0}


def test_few_refusals_are_left_out(instrument: Instrument) -> None:
    assert "missing" not in safe(instrument, counted("X", five(10, 10, 10, 15, 15), missing=2))["cells"]
    assert safe(instrument, counted("X", five(10, 10, 10, 15, 15), missing=7))["cells"]["missing"] == 7


def test_too_few_people_leave_only_a_hidden_total(instrument: Instrument) -> None:
    assert safe(instrument, counted("X", five(1, 1, 1, 0, 1)))["cells"] == {"total": None}


def test_small_categories_are_merged(instrument: Instrument) -> None:
    published = safe(instrument, counted("P", {"north": 30, "south": 20, "east": 3, "west": 2}))
    assert published["cells"] == {"north": 30, "south": 20, "_other": 5, "total": 55, "missing": 0}
    assert published["counts"]["merged"] == 2


def test_counts_are_merged_with_their_neighbours(instrument: Instrument) -> None:
    bands = {"0": 2, "1-2": 9, "3-5": 20, "6-10": 12, "11-20": 6, "21-50": 1}
    published = safe(instrument, counted("C", bands))
    assert published["cells"] == {"0-2": 11, "3-5": 20, "6-10": 12, "11-50": 7, "total": 50, "missing": 0}


def test_options_of_a_multiple_answer_are_hidden_one_by_one(instrument: Instrument) -> None:
    published = safe(
        instrument, counted("M", {"north": 30, "south": 3, "east": 52, "west": 20}, total=55),
        [estimate("M", "sectors_named", 1.9, 55), estimate("M", "blau", 0.7, 55)],
    )  # fmt: skip
    assert published["cells"] == {"north": 30, "south": None, "east": None, "west": 20, "total": 55, "missing": 0}
    assert published["estimates"]["M", "blau"]["status"] == "suppressed"
    assert published["estimates"]["M", "sectors_named"]["status"] == "suppressed"


def mean_of(*n: int) -> float:
    return sum((i + 1) * k for i, k in enumerate(n)) / sum(n)


def test_mean_stays_exact_where_it_tells_nothing(instrument: Instrument) -> None:
    counts = (10, 10, 10, 15, 15)
    published = safe(instrument, counted("X", five(*counts)), [estimate("X", "mean", mean_of(*counts), 60)])
    assert published["estimates"]["X", "mean"]["estimate"] == pytest.approx(mean_of(*counts))


def test_mean_and_interval_are_rounded_where_they_would_solve_a_cell(instrument: Instrument) -> None:
    counts = (3, 10, 10, 15, 22)
    mean, sd = mean_of(*counts), 1.2366
    half = sd / 60**0.5 * 2.0010
    rows = [estimate("X", "mean", mean, 60, low=mean - half, high=mean + half), estimate("X", "sd", sd, 60)]
    published = safe(instrument, counted("X", five(*counts)), rows)["estimates"]["X", "mean"]
    assert published["status"] == "ok"
    assert published["estimate"] == round(mean, 1)
    assert "rounded" in published["method"]


def test_items_of_a_scale_are_seen_together(instrument: Instrument) -> None:
    """With the scale's mean and one item's exact mean the other item's hidden mean could be found."""
    y, z = (3, 10, 10, 15, 22), (0, 0, 1, 1, 58)
    scale = (mean_of(*y) + 6 - mean_of(*z)) / 2
    published = safe(
        instrument, [*counted("Y", five(*y)), *counted("Z", five(*z))],
        [estimate("Y", "mean", mean_of(*y), 60), estimate("Z", "mean", mean_of(*z), 60),
         estimate("YZ", "mean", scale, 60)],
    )["estimates"]  # fmt: skip
    assert published["YZ", "mean"]["estimate"] == pytest.approx(scale)
    assert published["Z", "mean"]["status"] == "suppressed" or "rounded" in published["Z", "mean"]["method"]
    assert "rounded" in published["Y", "mean"]["method"]


def test_recommendation_keeps_its_own_bands(instrument: Instrument) -> None:
    counts = dict(zip(map(str, range(11)), (0, 0, 0, 0, 1, 3, 4, 10, 12, 10, 15), strict=True))
    rows = [estimate("L", "net_promoter", 30.9, 55), estimate("L", "share", 47 / 55, 55, method="answers=7-10; wilson")]
    published = safe(instrument, counted("L", counts), rows)
    assert {"0-3": 0, "4-6": 8, "7-8": 22, "9-10": 25}.items() <= published["cells"].items()
    assert published["estimates"]["L", "net_promoter"]["status"] == "ok"
    assert published["estimates"]["L", "share"]["status"] == "ok"


def test_a_share_that_cuts_a_band_is_hidden(instrument: Instrument) -> None:
    counts = five(3, 10, 10, 15, 22)
    published = safe(
        instrument, counted("X", counts), [estimate("X", "share", 22 / 60, 60, method="answers=5; wilson")]
    )
    assert published["estimates"]["X", "share"]["reason"] == "would_reveal"


def test_themes_named_by_few_are_hidden(instrument: Instrument) -> None:
    rows = [
        {"event": "e", "wave": "pre", "item": "X", "theme": t, "n": n, "status": "ok"} for t, n in (("a", 3), ("b", 9))
    ]
    published, _ = protect({"themes": rows_frame("themes", rows)}, instrument, threshold=5, level=0.95)
    assert list(published["themes"]["n"]) == [None, 9]


def test_tables_without_people_pass_through(instrument: Instrument) -> None:
    facts = pd.DataFrame({"key": ["teams"], "value": [3]})
    assert protect({"facts": facts}, instrument, threshold=5, level=0.95)[0]["facts"] is facts


def test_threshold_of_ten(instrument: Instrument) -> None:
    tables = {"distributions": rows_frame("distributions", counted("X", five(9, 10, 11, 15, 15)))}
    published, _ = protect(tables, instrument, threshold=10, level=0.95)
    assert list(published["distributions"]["answer"])[:3] == ["1-2", "3", "4-5"]


def banded(published: dict[str, Any]) -> list[str]:
    return [a for a in published["cells"] if a not in ("total", "missing")]


def test_a_border_between_bands_is_kept_so_that_agreement_can_be_told(instrument: Instrument) -> None:
    """1 | 2-4 | 5 would have three cells as well, but say nothing of those who agree."""
    rows = [estimate("X", "share", 47 / 60, 60, method="answers=4-5; wilson")]
    published = safe(instrument, counted("X", five(5, 0, 3, 20, 32)), rows)
    assert banded(published) == ["1-3", "4", "5"]
    assert published["estimates"]["X", "share"]["status"] == "ok"


def test_reversed_items_of_a_scale_are_banded_from_the_other_end(instrument: Instrument) -> None:
    rows = [*counted("Y", five(0, 2, 6, 20, 32)), *counted("Z", five(32, 20, 6, 2, 0))]
    tables = {"distributions": rows_frame("distributions", rows)}
    table = protect(tables, instrument, threshold=5, level=0.95)[0]["distributions"]
    cells = {i: list(table.loc[table["item"] == i, "answer"])[:-2] for i in ("Y", "Z")}
    assert cells == {"Y": ["1-3", "4", "5"], "Z": ["1", "2", "3-5"]}


def test_an_item_that_fits_the_bands_keeps_them_beside_one_that_does_not(instrument: Instrument) -> None:
    rows = [*counted("Y", five(0, 2, 6, 20, 32)), *counted("Z", five(30, 10, 10, 8, 2))]
    tables = {"distributions": rows_frame("distributions", rows)}
    table = protect(tables, instrument, threshold=5, level=0.95)[0]["distributions"]
    cells = {i: list(table.loc[table["item"] == i, "answer"])[:-2] for i in ("Y", "Z")}
    assert cells == {"Y": ["1-3", "4", "5"], "Z": ["1-2", "3", "4-5"]}
