"""What every section shares: its frame, the people's words in it, and honest sentences for what is missing."""

from collections.abc import Iterable, Iterator

from vunki_eval.language import Localizer
from vunki_eval.report.commentary import Commentary
from vunki_eval.report.render.html.blocks import section_html
from vunki_eval.results.blocks import (
    Block,
    Bullets,
    Callout,
    Heading,
    Paragraph,
    Section,
    Span,
    paragraph,
    rich,
)
from vunki_eval.results.view import ResultsView


def build(
    view: ResultsView,
    key: str,
    title: str,
    blocks: Iterable[Block | None],
    words: Commentary | None = None,
    *,
    subtitle: str = "",
    part: str = "",
) -> Section:
    """Make a section: its blocks without the missing ones, then what people wrote for it."""
    found = [block for block in blocks if block is not None]
    found += written(view, key, words)
    return Section(key, title, tuple(found), subtitle, part, view.say.language, labels(view.say), section_html)


def written(view: ResultsView, key: str, words: Commentary | None) -> Iterator[Block]:
    """Give the evaluator's commentary and the approved quotes of a section."""
    if words is None:
        return
    commentary = words.commentary.get(key, ())
    if commentary:
        yield Heading(view.say._("Evaluator's comment"), 2)
        yield from (Heading(b.text, max(b.level, 3), b.key) if isinstance(b, Heading) else b for b in commentary)
    quotes = tuple(rich(q.text, "emphasis") for q in words.quotes if q.section == key)
    if quotes:
        yield Callout(view.say._("In people's own words"), quotes)


def text(*parts: str, style: str = "body") -> Paragraph | None:
    """Make a paragraph of sentences; None when all are empty."""
    said = " ".join(p for p in parts if p)
    return paragraph(said, style) if said else None


def with_footnote(said: str, footnote: str) -> Paragraph:
    """Make a paragraph that ends with a footnote."""
    return Paragraph((Span(said, footnote=footnote),))


def bullets(items: Iterable[str]) -> Bullets | None:
    """Make a list; None when it is empty."""
    found = tuple(rich(i) for i in items if i)
    return Bullets(found) if found else None


def absent(view: ResultsView, said: str = "") -> Paragraph:
    """Say in one sentence that there is nothing to show."""
    return paragraph(said or view.say._("There are no data for this section."))


def place_and_time(view: ResultsView) -> str:
    """Write where and when the event was held as far as that is known, or the project's period."""
    event, project = view.meta.get("event"), view.meta.get("project", {})
    if not event:
        return view.say.period(project["start"], project.get("end")) if project.get("start") else ""
    actual = event.get("actual") or {}
    when = view.say.period(actual["start"], actual.get("end")) if actual.get("start") else ""
    return ", ".join(p for p in (view.say.pick(actual.get("place")), when) if p)


def subtitle(view: ResultsView, measure: str, n: int | None = None) -> str:
    """Write the statistical subtitle: measure, population, place, period, n."""
    parts = [measure, view.say._("people who came and answered"), place_and_time(view)]
    if n:
        parts.append(f"n = {view.say.count(n)}")
    return " · ".join(p for p in parts if p)


def explained_interval(view: ResultsView) -> str:
    """Explain the confidence interval where it first stands."""
    level = view.say.percent(view.meta.get("level", 0.95))
    return view.say._(
        "Confidence interval: the range in which the true mean change lies with {level} certainty, as far as chance "
        "goes. It speaks of certainty, not of people's trust.",
        level=level,
    )


def labels(say: Localizer) -> dict[str, str]:
    """Give the document's own words."""
    return {
        "contents": say._("Contents"),
        "figure": say._("Figure"),
        "figures": say._("Figures"),
        "table": say._("Table"),
        "tables": say._("Tables"),
        "annex": say._("Annex"),
        "page": say._("Page"),
        "skip": say._("Skip to content"),
        "source": say._("Source"),
        "note": say._("Note"),
        "data": say._("Data of the figure"),
        "footnote": say._("Footnote"),
        "back": say._("Back to the text"),
        "symbols": say._("Place for the funder's symbols"),
        "draft": say._("Draft"),
        "signature": say._("Signature"),
    }
