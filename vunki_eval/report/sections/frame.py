"""What all sections share: their frame, the commentary in them, and sentences for what is missing."""

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
    commentary: Commentary | None = None,
    *,
    subtitle: str = "",
    part: str = "",
) -> Section:
    """Make a section of the blocks that are not None, followed by what people wrote for it."""
    content = [block for block in blocks if block is not None]
    content += commentary_blocks(view, key, commentary)
    return Section(key, title, tuple(content), subtitle, part, view.say.language, labels(view.say), section_html)


def commentary_blocks(view: ResultsView, key: str, commentary: Commentary | None) -> Iterator[Block]:
    """Yield the evaluator's comments on a section and its approved quotes, each under a heading."""
    if commentary is None:
        return
    comments = commentary.comments.get(key, ())
    if comments:
        yield Heading(view.say._("Evaluator's comment"), 2)
        yield from (Heading(b.text, max(b.level, 3), b.key) if isinstance(b, Heading) else b for b in comments)
    quotes = tuple(rich(q.text, "emphasis") for q in commentary.quotes if q.section == key)
    if quotes:
        yield Callout(view.say._("In people's own words"), quotes)


def text(*parts: str, style: str = "body") -> Paragraph | None:
    """Join sentences to a paragraph; None when all are empty."""
    sentences = " ".join(p for p in parts if p)
    return paragraph(sentences, style) if sentences else None


def with_footnote(sentence: str, footnote: str) -> Paragraph:
    """Make a paragraph that ends with a footnote."""
    return Paragraph((Span(sentence, footnote=footnote),))


def bullets(items: Iterable[str]) -> Bullets | None:
    """Make a list of the entries that are not empty; None when there are none."""
    entries = tuple(rich(i) for i in items if i)
    return Bullets(entries) if entries else None


def absent(view: ResultsView, sentence: str = "") -> Paragraph:
    """Say in one sentence that there is nothing to show."""
    return paragraph(sentence or view.say._("There are no data for this section."))


def place_and_time(view: ResultsView) -> str:
    """Write where and when the event was held, as far as known, or the period of the project."""
    event, project = view.meta.get("event"), view.meta.get("project", {})
    if not event:
        return view.say.period(project["start"], project.get("end")) if project.get("start") else ""
    actual = event.get("actual") or {}
    when = view.say.period(actual["start"], actual.get("end")) if actual.get("start") else ""
    return ", ".join(p for p in (view.say.pick(actual.get("place")), when) if p)


def subtitle(view: ResultsView, measure: str, n: int | None = None) -> str:
    """Write the subtitle of a figure or section: measure, population, place, period and n."""
    parts = [measure, view.say._("people who came and answered"), place_and_time(view)]
    if n:
        parts.append(f"n = {view.say.count(n)}")
    return " · ".join(p for p in parts if p)


def explained_interval(view: ResultsView) -> str:
    """Explain the confidence interval, for the place where the first one appears."""
    level = view.say.percent(view.meta.get("level", 0.95))
    return view.say._(
        "Confidence interval: the range in which the true mean change lies with {level} certainty, as far as chance "
        "goes. It speaks of certainty, not of people's trust.",
        level=level,
    )


def labels(say: Localizer) -> dict[str, str]:
    """Return the document's fixed labels, such as "Figure" and "Contents"."""
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
