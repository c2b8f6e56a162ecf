"""The flow of participants names every number and every loss."""

from vunki_eval.report.figures import flow_figure
from vunki_eval.results.results import Results, rows_frame

STEPS = [
    ("registered", 104, ""),
    ("attended", 92, ""),
    ("returned_pre", 81, ""),
    ("usable_pre", 78, "duplicate"),
    ("returned_post", 66, ""),
    ("usable_post", 64, "consent"),
    ("linked_post", 55, "ambiguous"),
    ("linked_post_exact", 48, ""),
    ("linked_post_one_difference", 7, ""),
    ("analysed_post", 87, ""),
]
META = {"waves": {"pre": {"en": "before"}, "post": {"en": "after"}}, "items": {"A": {"waves": ["pre", "post"]}}}


def results(*steps: tuple[str, int | None, str]) -> Results:
    rows = [{"event": "e", "step": s, "n": n, "reason": r} for s, n, r in steps]
    return Results("e", META, flow=rows_frame("flow", rows))


def test_every_number_and_reason_is_said() -> None:
    figure = flow_figure(results(*STEPS), "en")
    assert figure is not None
    for text in (
        "Registered: 104",
        "Came: 92 (12 registered and did not come)",
        "Answered: before: 78",
        "85% of those who came",
        "81 returned, 3 not used: mostly submitted twice",
        "66 returned, 2 not used: mostly without consent",
        "Linked: before and after: 55 (48 exactly, 7 with one difference; 87 people in the analysis)",
    ):
        assert text in figure.alt


def test_unknown_steps_say_so() -> None:
    figure = flow_figure(results(("registered", None, ""), ("attended", 92, "")), "en")
    assert figure is not None
    assert "Registered: no data" in figure.alt


def test_without_any_number_there_is_no_figure() -> None:
    assert flow_figure(results(("registered", None, ""), ("attended", None, "")), "en") is None
