"""Published ranges of answers, whatever disclosure control merged, on the right side of the middle."""

from typing import Any

import pytest
from matplotlib.patches import Rectangle

from vunki_eval.report.figures.answer_bands import Answers, collect_answers, range_label, read_answers, total_of
from vunki_eval.report.figures.likert_bars import likert, likert_figure
from vunki_eval.results.results import Results, rows_frame
from vunki_eval.results.view import view_results

META: dict[str, Any] = {
    "waves": {"post": {"en": "after"}},
    "items": {
        "A": {"response_set": "five", "waves": ["post"], "text": {"en": "Statement"}},
        "B": {"response_set": "eleven", "waves": ["post"], "text": {"en": "Trust"}},
        "C": {"response_set": "nominal", "waves": ["post"], "text": {"en": "Sector"}},
    },
    "answers": {
        "five": {str(k): {"en": f"label {k}"} for k in range(1, 6)},
        "eleven": {str(k): {"en": {0: "0 – none", 10: "10 – full"}.get(k, str(k))} for k in range(11)},
        "nominal": {"x": {"en": "X"}},
    },
    "bands": {
        "five": [["1", "2"], ["3"], ["4", "5"]],
        "eleven": [[str(k) for k in r] for r in (range(4), range(4, 7), range(7, 11))],
    },
}


def results_of(item: str, missing: int | None = 0, **shares: float | None) -> Results:
    rows = [
        {
            "event": "e", "item": item, "group": "all", "wave": "post", "answer": a.strip("_").replace("_", "-"),
            "n": None if s is None else round(s * 100), "share": s, "status": "suppressed" if s is None else "ok",
        }
        for a, s in shares.items()
    ]  # fmt: skip
    rows.append({**rows[0], "answer": "total", "n": 100, "share": 1.0, "status": "ok"})
    if missing is not None:
        rows.append({**rows[0], "answer": "missing", "n": missing, "share": None, "status": "ok"})
    return Results("e", META, distributions=rows_frame("distributions", rows))


def published(item: str, missing: int | None = 0, **shares: float | None) -> Answers | None:
    return read_answers(view_results(results_of(item, missing, **shares), "en"), item, "post")


def texts_of(results: Results) -> list[str]:
    return [text.get_text() for text in likert(results, "en", ("A",)).axes[0].texts]


def ranges(answers: Answers | None) -> tuple[list[str], list[str], list[str], str, str]:
    assert answers is not None
    low, middle, high = ([p.range for p in parts] for parts in (answers.low, answers.middle, answers.high))
    return low, middle, high, answers.merged.range if answers.merged else "", answers.place


@pytest.mark.parametrize(
    ("item", "shares", "expected"),
    [
        ("A", {"_1": 0.1, "_2": 0.1, "_3": 0.2, "_4": 0.3, "_5": 0.3}, (["1", "2"], ["3"], ["4", "5"], "", "")),
        ("A", {"1_2": 0.2, "_3": 0.2, "4_5": 0.6}, (["1–2"], ["3"], ["4–5"], "", "")),
        ("A", {"1_3": 0.4, "_4": 0.3, "_5": 0.3}, ([], [], ["4", "5"], "1–3", "low")),
        ("A", {"_1": 0.4, "2_5": 0.6}, (["1"], [], [], "2–5", "high")),
        ("A", {"_1": 0.1, "2_4": 0.6, "_5": 0.3}, (["1"], [], ["5"], "2–4", "middle")),
        ("A", {"1_4": 0.7, "_5": 0.3}, ([], [], ["5"], "1–4", "low")),
        ("B", {"0_3": 0.2, "4_6": 0.3, "7_10": 0.5}, (["0–3"], ["4–6"], ["7–10"], "", "")),
        ("B", {"0_5": 0.4, "_6": 0.2, "7_8": 0.2, "9_10": 0.2}, ([], [], ["7–10"], "0–6", "low")),
    ],
)
def test_ranges_find_their_side(item: str, shares: dict[str, float], expected: tuple[object, ...]) -> None:
    assert ranges(published(item, 0, **shares)) == expected


def test_shares_are_added_not_lost() -> None:
    answers = published("B", 0, **{"0_5": 0.4, "_6": 0.2, "7_8": 0.25, "9_10": 0.15})
    assert answers is not None
    assert total_of(answers.side(-1)) == pytest.approx(0.6)
    assert total_of(answers.side(1)) == pytest.approx(0.4)


def test_kept_back_parts_hide_their_sum() -> None:
    answers = published("A", None, _1=0.3, _2=None, _3=0.2, **{"4_5": 0.5})
    assert answers is not None
    assert total_of(answers.low) is None
    assert answers.missing is None


@pytest.mark.parametrize(
    ("item", "shares"),
    [("A", {"1_5": 1.0}), ("A", {"1_2": None, "_3": None, "4_5": None}), ("C", {"x": 1.0})],
)
def test_what_cannot_be_drawn_is_none(item: str, shares: dict[str, float | None]) -> None:
    assert published(item, 0, **shares) is None


def test_names_are_labels_on_short_scales_and_ranges_on_long_ones() -> None:
    view = view_results(Results("e", META), "en")
    short, long = (
        published("A", 0, **{"1_2": 0.2, "_3": 0.2, "4_5": 0.6}),
        published("B", 0, **{"0_3": 0.2, "4_6": 0.3, "7_10": 0.5}),
    )
    assert short is not None
    assert long is not None
    assert [range_label(view, "A", p) for p in (*short.low, *short.middle)] == ["label 1 / label 2", "label 3"]
    assert [range_label(view, "B", p) for p in (*long.low, *long.middle, *long.high)] == [
        "0–3 (0: none)",
        "4–6",
        "7–10 (10: full)",
    ]


def test_collect_leaves_out_items_without_answers() -> None:
    assert collect_answers(view_results(Results("e", META), "en"), ("A", "B")) == []


def test_merged_answers_are_named_beside_their_share() -> None:
    texts = texts_of(results_of("A", 0, **{"1_3": 0.4, "_4": 0.25, "_5": 0.35}))
    assert {"40%", "(1–3)", "60%", "25%", "35%"} <= set(texts)


def test_columns_with_nothing_to_say_give_their_room_to_the_bars() -> None:
    def widest(**shares: float) -> float:
        axes = likert(results_of("A", int(shares.pop("missing", 0)), **shares), "en", ("A",)).axes[0]
        return max(bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle))

    merged, separate = {"1_3": 0.2, "4_5": 0.8}, {"1_2": 0.1, "_3": 0.6, "4_5": 0.8}
    assert widest(**merged) > widest(**separate)
    assert widest(**separate) > widest(**separate, missing=9)
    assert not {"no opinion", "label 3"} & set(texts_of(results_of("A", 0, **merged)))
    assert {"no", "opinion"} <= set(" ".join(texts_of(results_of("A", 9, **separate))).split())


def test_the_base_says_whether_people_without_an_opinion_stand_apart() -> None:
    def base(missing: int | None) -> str:
        figure = likert_figure(results_of("A", missing, **{"1_3": 0.4, "4_5": 0.6}), "en", ("A",), name="a", title="A")
        assert figure is not None
        return figure.base

    assert "stand apart" in base(9)
    assert "kept back" in base(0)
    assert base(0) == base(None)
    assert "In brackets" in base(0)
