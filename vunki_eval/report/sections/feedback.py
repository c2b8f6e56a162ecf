"""The feedback summary: one page of an event's answers after it, for the payment claim.

Made from protected results and the evaluator's words alone; it needs no answers from before the event.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.cover import pick_or_text
from vunki_eval.report.sections.experience import NEXT, RECOMMEND, SATISFIED, recommended, satisfied
from vunki_eval.report.sections.frame import labels, place_and_time
from vunki_eval.results.blocks import Bullets, Heading, Paragraph, Rich
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_results

VALUABLE, HINDERED, WAVE = "OQ1", "OQ2", "post"
MOST_THEMES = 5
TOTALS = ("total", "missing")


@dataclass(frozen=True, slots=True)
class Bar:
    """An answer with how many gave it; ``share`` None draws no bar."""

    label: str
    n: str
    said: str
    share: float | None


@dataclass(frozen=True, slots=True)
class FeedbackPart:
    """A part of the page: its title, a sentence, bars or themes, and what stands there when there is nothing."""

    title: str
    said: str = ""
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What stands on the page; every text is ready.

    ``facts`` are (label, value) lines; ``sentences`` of the evaluator in paragraphs, cut at their ends when the page is
    full; ``sign`` the lines beside the place for a signature.
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


def feedback(results: Results, language: str, words: Commentary | None = None) -> Feedback:
    """Make the page of an event in a language."""
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
        sentences=_sentences(words) or (say._("(to be written by the organisers: commentary, section “next”)"),),
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
    """Give the lines of the claim: project, applicant, numbers, agenda; a number that is not entered has its place."""
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
    rate, good = view.number("response", "response_rate"), view.number(SATISFIED, "share")
    mean = view.number(RECOMMEND, "mean")
    answered, came = view.fact("usable_post"), view.fact("attended")
    said = say.no_data if answered is None else say.count(answered["value"])
    if answered is not None and came is not None:
        said = say._("{n} of {total}", n=said, total=say.count(came["value"]))
    share = say._("answered, {share}", share=say.percent(rate["estimate"])) if rate else say._("answered")
    happy = say.percent(good["estimate"]) if good else say.no_data
    recommend = say.number(mean["estimate"], 1) if mean else say.no_data
    shares = _limits(good, say.between_shares)
    means = _limits(mean, partial(say.between, decimals=1))
    return (
        (said, share),
        (happy, say._("satisfied or very satisfied") + shares),
        (recommend, say._("readiness to recommend, mean of 10") + means),
    )


def _limits(row: Row | None, written: Callable[[float, float], str]) -> str:
    if row is None or row["low"] is None or row["high"] is None:
        return ""
    return f" ({written(row['low'], row['high'])})"


def _rated(view: ResultsView, item: str, title: str, said: str) -> FeedbackPart:
    """Give the distribution of an item's answers as bars, low to high."""
    say, found = view.say, view.distribution(item, WAVE)
    bars = []
    for answer, row in found.items():
        if answer in ("total", "missing"):
            continue
        shown = row["status"] == "ok" and row["n"] is not None
        share = float(row["share"]) if shown and row["share"] is not None else None
        n, said_share = say.count(row["n"]) if shown else say.hidden, "" if share is None else say.percent(share)
        bars.append(Bar(view.answer(item, answer), n, said_share, share))
    return FeedbackPart(title, said or say._("There are no data."), tuple(bars))


def _themes(view: ResultsView, item: str, title: str) -> FeedbackPart:
    """Give the themes that people coded, most frequent first; say so when nobody has coded the answers yet."""
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
    known = view.meta.get("themes", {}).get(theme) or {}
    return view.say.pick(known.get("title"), theme)


def _sentences(words: Commentary | None) -> tuple[str, ...]:
    """Give the evaluator's words on what will be changed: a text per paragraph or list entry."""
    found: list[str] = []
    for block in words.commentary.get(NEXT, ()) if words else ():
        if isinstance(block, Paragraph):
            found.append(_plain(block.content))
        elif isinstance(block, Bullets):
            found += [f"– {_plain(i)}" for i in block.items]
        elif isinstance(block, Heading):
            found.append(block.text)
    return tuple(found)


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
    said = say._("In brackets: {level} confidence interval.", level=level)
    threshold = say.count(view.meta.get("threshold", 5))
    return f"{said} " + say._("{mark} kept back: fewer than {t} people.", mark=say.hidden, t=threshold)
