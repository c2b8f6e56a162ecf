"""A drawing with everything that must stand beside it: title, subtitle, alt text, base, source, its numbers."""

from matplotlib.figure import Figure as Drawn

from vunki_eval.report.figures.canvas import to_svg
from vunki_eval.results.blocks import Figure
from vunki_eval.results.view import ResultsView


def figure_block(
    drawing: Drawn,
    name: str,
    *,
    title: str,
    subtitle: str,
    alt: str,
    base: str = "",
    source: str = "",
    data: list[list[str]] | None = None,
) -> Figure:
    """Join a drawing and its words.

    Parameters
    ----------
    drawing : matplotlib.figure.Figure
    name : str
        File name without extension, unique in a report.
    title, subtitle, alt, base, source : str
        Finding; measure, population, place, period, unit; the message in words; n and missing n; where from.
    data : list of list of str
        The numbers drawn, header first.
    """
    rows = tuple(tuple(row) for row in data or [])
    return Figure(name, title, subtitle, alt, to_svg(drawing), base, source, rows)


def not_all(view: ResultsView, drawn: int, there: int) -> str:
    """Say how many rows were drawn where a page does not hold all; nothing when it does."""
    if drawn >= there:
        return ""
    return view.say._(
        "Drawn: the first {n} of {m}; the data of the figure hold all.",
        n=view.say.count(drawn),
        m=view.say.count(there),
    )


def survey_source(view: ResultsView) -> str:
    """Name the source of what participants answered."""
    return view.say._("participants' survey")
