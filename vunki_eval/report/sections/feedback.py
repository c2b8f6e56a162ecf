"""The feedback summary: one page on what people answered after an event, for the payment claim.

It is made only from protected results and the evaluator's commentary, and needs no answers from before the event.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.cover import pick_or_text
from vunki_eval.report.sections.experience import NEXT, RECOMMEND, SATISFIED, recommended, satisfied
from vunki_eval.report.sections.frame import labels, place_and_time
from vunki_eval.results.blocks import Bullets, Heading, Paragraph, Rich
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

VALUABLE, HINDERED, WAVE = "OQ1", "OQ2", "post"
MOST_THEMES = 5
TOTALS = ("total", "missing")


@dataclass(frozen=True, slots=True)
class Bar:
    """An answer or a theme and how many people gave it; no bar is drawn when ``share`` (0–1) is None."""

    label: str
    n: str
    share_text: str
    share: float | None


@dataclass(frozen=True, slots=True)
class FeedbackPart:
    """A part of the page: its title, its bars, and a sentence about them or about why there are none."""

    title: str
    sentence: str = ""
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """The contents of the page, with every text in its final form.

    ``facts`` are (label, value) lines. ``sentences`` are the evaluator's paragraphs; the last ones are left out when
    the page is full. ``sign`` are the lines beside the place for a signature.
    """

    language: str
    title: str
    event: str
    place: str
    facts: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]
    parts: tuple[FeedbackPart, ...]
    themes: tuple[FeedbackPart, ...]
    next_title: str
    sentences: tuple[str, ...]
    more: str
    sign: tuple[tuple[str, str], ...]
    symbols: tuple[str, ...]
    banner: str
    draft: str
    date: str
    author: str
    base: str
    signature: tuple[tuple[str, str], ...] = ()
    labels: dict[str, str] = field(default_factory=dict)


def feedback(results: Results, language: str, commentary: Commentary | None = None) -> Feedback:
    """Make the feedback summary of an event in a language."""
    view = view_results(results, language)
    say, event, project = view.say, view.meta.get("event") or {}, view.meta.get("project", {})
    actual = event.get("actual") or {}
    return Feedback(
        language=language,
        title=say._("Summary of participants' feedback"),
        event=say.pick(event.get("title"), view.event),
        place=place_and_time(view) or say.no_data,
        facts=_facts(view),
        numbers=_numbers(view),
        parts=(
            _rated(view, SATISFIED, say._("How satisfied people were with the event"), satisfied(view)),
            _rated(view, RECOMMEND, say._("How ready people are to recommend the event (0–10)"), recommended(view)),
        ),
        themes=(
            _themes(view, VALUABLE, say._("What was most valuable")),
            _themes(view, HINDERED, say._("What hindered")),
        ),
        next_title=say._("What will be changed next time"),
        sentences=_sentences(commentary) or (say._("(to be written by the organisers: commentary, section “next”)"),),
        more=say._("The whole text stands in the event's report."),
        sign=_sign(view),
        symbols=(
            say._("Place for the Estonian LEADER symbol with the EU emblem"),
            say._("Place for the European LEADER symbol"),
        ),
        banner=say._("SYNTHETIC DATA - not real answers") if view.meta.get("synthetic") else "",
        draft="" if view.meta.get("signed") else say._("DRAFT - not signed yet"),
        date=str(project.get("report_date") or actual.get("end") or project.get("end") or ""),
        author=(project.get("evaluator") or project.get("applicant") or {}).get("name", ""),
        base=_base(view),
        labels=labels(say),
    )


def _facts(view: ResultsView) -> tuple[tuple[str, str], ...]:
    """Return the (label, value) lines of the claim; a value that is not entered gets dots, to be filled in by hand."""
    say, project, claim = view.say, view.meta.get("project", {}), view.meta.get("claim", {})
    applicant = project.get("applicant") or {}
    code = applicant.get("registry_code") or ""
    place = "………………"
    return (
        (say._("Project"), say.pick(project.get("title"))),
        (say._("Measure"), say.pick(project.get("measure")) or place),
        (say._("Applicant"), applicant.get("name", "")),
        (say._("Registry code"), code or place),
        (say._("Reference number"), claim.get("reference") or place),
        (say._("Payment claim no."), claim.get("number") or place),
        (say._("Agenda"), pick_or_text(say, claim.get("agenda")) or place),
    )


def _numbers(view: ResultsView) -> tuple[tuple[str, str], ...]:
    say = view.say
    rate, satisfaction = view.number("response", "response_rate"), view.number(SATISFIED, "share")
    mean = view.number(RECOMMEND, "mean")
    answered, came = view.fact("usable_post"), view.fact("attended")
    responses = say.no_data if answered is None else say.count(answered["value"])
    if answered is not None and came is not None:
        responses = say._("{n} of {total}", n=responses, total=say.count(came["value"]))
    share = say._("answered, {share}", share=say.percent(rate.estimate)) if rate else say._("answered")
    satisfied_share = say.percent(satisfaction.estimate) if satisfaction else say.no_data
    recommend = say.number(mean.estimate, 1) if mean else say.no_data
    shares = _limits(satisfaction, say.between_shares)
    means = _limits(mean, partial(say.between, decimals=1))
    return (
        (responses, share),
        (satisfied_share, say._("satisfied or very satisfied") + shares),
        (recommend, say._("readiness to recommend, mean of 10") + means),
    )


def _limits(row: EstimateRow | None, write: Callable[[float, float], str]) -> str:
    if row is None or row.low is None or row.high is None:
        return ""
    return f" ({write(row.low, row.high)})"


def _rated(view: ResultsView, item: str, title: str, sentence: str) -> FeedbackPart:
    """Show the distribution of an item's answers as bars, from low to high."""
    say, answers = view.say, view.distribution(item, WAVE)
    bars = []
    for answer, row in answers.items():
        if answer in TOTALS:
            continue
        published = row["status"] == "ok" and row["n"] is not None
        share = float(row["share"]) if published and row["share"] is not None else None
        n, share_text = say.count(row["n"]) if published else say.hidden, "" if share is None else say.percent(share)
        bars.append(Bar(view.answer(item, answer), n, share_text, share))
    return FeedbackPart(title, sentence or say._("There are no data."), tuple(bars))


def _themes(view: ResultsView, item: str, title: str) -> FeedbackPart:
    """List the coded themes, most frequent first, or say that the answers are not coded yet."""
    say = view.say
    rows = [r for r in view.rows("themes", item=item, wave=WAVE) if r["theme"] not in TOTALS and r["n"] != 0]
    if not rows:
        return FeedbackPart(title, say._("not coded yet"))
    rows = sorted(rows, key=lambda r: (r["n"] is None, -(r["n"] or 0)))[:MOST_THEMES]
    bars = [
        Bar(_theme(view, str(r["theme"])), say.hidden if r["n"] is None else say.count(r["n"]), "", None) for r in rows
    ]
    return FeedbackPart(title, "", tuple(bars))


def _theme(view: ResultsView, theme: str) -> str:
    entry = view.meta.get("themes", {}).get(theme) or {}
    return view.say.pick(entry.get("title"), theme)


def _sentences(commentary: Commentary | None) -> tuple[str, ...]:
    """Return the evaluator's commentary on what will be changed: a text per paragraph or list entry."""
    texts: list[str] = []
    for block in commentary.comments.get(NEXT, ()) if commentary else ():
        if isinstance(block, Paragraph):
            texts.append(_plain(block.content))
        elif isinstance(block, Bullets):
            texts += [f"– {_plain(i)}" for i in block.items]
        elif isinstance(block, Heading):
            texts.append(block.text)
    return tuple(texts)


def _plain(content: Rich) -> str:
    return "".join(span.text for span in content)


def _sign(view: ResultsView) -> tuple[tuple[str, str], ...]:
    say, claim = view.say, view.meta.get("claim", {})
    preparer, place = claim.get("preparer") or {}, "………………"
    day = say.date(claim["date"]) if claim.get("date") else place
    return (
        (say._("Prepared by"), preparer.get("name") or place),
        (say._("Role"), pick_or_text(say, preparer.get("role")) or place),
        (say._("Date"), day),
    )


def _base(view: ResultsView) -> str:
    say = view.say
    level = say.percent(view.meta.get("level", 0.95))
    interval_note = say._("In brackets: {level} confidence interval.", level=level)
    threshold = say.count(view.meta.get("threshold", 5))
    return f"{interval_note} " + say._("{mark} kept back: fewer than {t} people.", mark=say.hidden, t=threshold)
