"""The self-check against UNEG and TREND, filled in by the program: each criterion, whether it is met, and where."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from vunki_eval.language import N_, banned
from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import build, text
from vunki_eval.results.blocks import Column, Section, Table, to_json
from vunki_eval.results.results import Results, find
from vunki_eval.results.view import ResultsView, view_results

# All checks take both arguments, used or not, so that the table of criteria can call them alike.
Check = Callable[[ResultsView, Commentary | None], bool]


def _project(key: str) -> Check:
    return lambda view, commentary: bool(view.meta.get("project", {}).get(key))


def _period(view: ResultsView, commentary: Commentary | None) -> bool:
    actual = (view.meta.get("event") or {}).get("actual") or {}
    return bool(actual.get("start") or view.meta.get("project", {}).get("start"))


def _evaluator(view: ResultsView, commentary: Commentary | None) -> bool:
    return bool((view.meta.get("project", {}).get("evaluator") or {}).get("name"))


def _flow(view: ResultsView, commentary: Commentary | None) -> bool:
    steps = {r["step"]: r["n"] for r in view.results.flow.to_dict("records")}
    return all(steps.get(k) is not None for k in ("registered", "attended", "usable_pre", "usable_post", "linked_post"))


def _has_estimate(statistic: str) -> Check:
    return lambda view, commentary: bool(len(find(view.results, "estimates", statistic=statistic, status="ok")))


def _changes(view: ResultsView, commentary: Commentary | None) -> bool:
    return bool(view.primary) and all(view.change(k) for k in view.primary)


def _smallest_changes(view: ResultsView, commentary: Commentary | None) -> bool:
    return bool(view.primary) and all(view.smallest_change(k) for k in view.primary)


def _advice(view: ResultsView, commentary: Commentary | None) -> bool:
    return bool(commentary and commentary.advice and all(a.owner and a.date for a in commentary.advice))


def _reviewed(view: ResultsView, commentary: Commentary | None) -> bool:
    items = view.meta.get("items", {}).values()
    return bool(items) and all(i.get("translation") != "draft" for i in items)


def _protected(view: ResultsView, commentary: Commentary | None) -> bool:
    return bool(view.meta.get("suppression")) and int(view.meta.get("threshold", 0)) >= 3


def _signed(view: ResultsView, commentary: Commentary | None) -> bool:
    return bool(view.meta.get("signed"))


def _summed_up(view: ResultsView, commentary: Commentary | None) -> bool:
    """Tell whether there is anything to sum up: a level of a main outcome in any wave, or an average change."""
    return any(
        view.number(k, "mean", w) or view.number(k, "median", w) for k in view.primary for w in view.waves
    ) or any(view.change(k) for k in view.primary)


def _method(view: ResultsView, commentary: Commentary | None) -> bool:
    """Tell whether the method annex can state what was declared: main outcomes and the level of the intervals."""
    return bool(view.primary) and view.meta.get("level") is not None


def _no_reasons(view: ResultsView, commentary: Commentary | None) -> bool:
    """Tell whether the evaluator's commentary avoids causal wording, as generated text does."""
    texts = [to_json(dict(commentary.comments)), to_json(commentary.advice)] if commentary else []
    return not any(banned(t, view.say.language) for t in _texts(texts))


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in nested blocks."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _texts(part)


CRITERIA: tuple[tuple[str, str, Check, str], ...] = (
    ("UNEG 1", N_("Object, period and place are named"), _period, N_("cover")),
    ("UNEG 1", N_("Funder and applicant are named"), _project("funder"), N_("cover")),
    ("UNEG 1", N_("The evaluator is named"), _evaluator, N_("cover")),
    ("UNEG 2", N_("A summary stands by itself"), _summed_up, N_("page one, summary")),
    ("UNEG 4", N_("Method and its limits are described"), _method, N_("method, page one")),
    ("UNEG 4", N_("The wording of all questions has passed an editor"), _reviewed, N_("questionnaire")),
    ("UNEG 6", N_("Conclusions follow from numbers with intervals"), _changes, N_("summary")),
    ("UNEG 7", N_("Recommendations have an owner and a date"), _advice, N_("page one")),
    ("UNEG 8", N_("People are protected by a threshold"), _protected, N_("protection of people")),
    ("UNEG 8", N_("Somebody has signed the report"), _signed, N_("cover")),
    ("TREND 12", N_("Flow of participants through every step"), _flow, N_("participants")),
    ("TREND 13", N_("Response rates with denominators"), _has_estimate("response_rate"), N_("who answered again")),
    (
        "TREND 15",
        N_("Those who answered again are compared with the others"),
        _has_estimate("smd_attrition"),
        N_("who answered again"),
    ),
    ("TREND 6", N_("Reliability of the scales in these data"), _has_estimate("alpha"), N_("questionnaire")),
    ("TREND 6", N_("Main outcomes and smallest changes were declared before"), _smallest_changes, N_("method")),
    (
        "TREND 17",
        N_("Each main outcome has an estimate with an interval"),
        _changes,
        N_("trust, networking, co-creation"),
    ),
    ("TREND 20", N_("No reason for a change is claimed"), _no_reasons, N_("what may be said")),
)


def selfcheck(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the self-check; it shows failed criteria as plainly as met ones."""
    view = view_results(results, language)
    say = view.say
    rows, met = [], 0
    for norm, criterion, check, where in CRITERIA:
        passed = check(view, commentary)
        met += passed
        mark = "✓\N{NO-BREAK SPACE}" + say._("pass") if passed else "✗\N{NO-BREAK SPACE}" + say._("fail")
        rows.append((norm, say._(criterion), mark, say._(where)))
    columns = (
        Column(say._("Standard")),
        Column(say._("Criterion"), wide=True),
        Column(say._("Result")),
        Column(say._("Where")),
    )
    table = Table("selfcheck", say._("Self-check, filled in by the program"), columns, tuple(rows), row_header=False)
    lead = text(say._("What fails is for the evaluator to supply or to explain."))
    title = say._("{k} of {n} criteria of UNEG and TREND are met", k=say.count(met), n=say.count(len(CRITERIA)))
    return build(view, "selfcheck", title, [lead, table], commentary, part="annex")
