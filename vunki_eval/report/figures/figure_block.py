"""Make a figure of the report from a drawing and the texts and numbers that must stand beside it."""

from matplotlib.figure import Figure as MatplotlibFigure

from vunki_eval.report.figures.canvas import to_svg
from vunki_eval.results.blocks import Figure
from vunki_eval.results.view import ResultsView


def figure_block(
    drawing: MatplotlibFigure,
    name: str,
    *,
    title: str,
    subtitle: str,
    alt: str,
    base: str = "",
    source: str = "",
    data: list[list[str]] | None = None,
) -> Figure:
    """Make a figure of the report from a drawing and its texts.

    Parameters
    ----------
    drawing : matplotlib.figure.Figure
    name : str
        File name without extension, unique in a report.
    title : str
        What the figure shows, as a finding if it has one.
    subtitle : str
        Measure, population, period and unit.
    alt : str
        The figure in words, for those who do not see it.
    base : str
        Who the numbers are about: n, missing answers, suppression.
    source : str
        Where the numbers come from.
    data : list of list of str
        The numbers drawn, header first.
    """
    rows = tuple(tuple(row) for row in data or [])
    return Figure(name, title, subtitle, alt, to_svg(drawing), base, source, rows)


def omission_note(view: ResultsView, drawn: int, total: int) -> str:
    """Say how many rows were drawn if a page does not hold all of them; "" if it does."""
    if drawn >= total:
        return ""
    return view.say._(
        "Drawn: the first {n} of {m}; the data of the figure hold all.",
        n=view.say.count(drawn),
        m=view.say.count(total),
    )


def survey_source(view: ResultsView) -> str:
    """Name the participants' survey as the source."""
    return view.say._("participants' survey")
