"""Draw a survey plan: how many pairs it takes to notice the smallest change that matters."""

import io
import math
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from vunki_eval.cli.desk.plan_text import plan_texts
from vunki_eval.errors import M_, Problem, UsageError
from vunki_eval.language import Localizer, localizer
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.planning import Prospect, SurveyPlan, detectable_curve
from vunki_eval.project.theme import THEME
from vunki_eval.publish.files import make_folder, write_whole
from vunki_eval.report.figures.canvas import (
    LARGE,
    SMALL,
    Drawing,
    Scale,
    block,
    scale,
    sheet,
    stroke,
    text_width,
    wrap,
    write,
)

FORMATS = ("svg", "png", "pdf")
HEIGHT, LEFT, RIGHT, BOTTOM = 108.0, 14.0, 50.0, 18.0
SIZES = tuple(round(8 * 1.06**k) for k in range(66))
TICKS = (10, 20, 40, 80, 160, 320)
MULTIPLES = (0.5, 1.0, 2.0, 4.0)
DASHES = ("solid", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (3, 3)))


def write_plan_figure(plan: SurveyPlan, instrument: Instrument, language: str, path: Path) -> None:
    """Write the picture as SVG, PNG or PDF, by the file's extension; a file of that name is replaced.

    Parameters
    ----------
    plan : SurveyPlan
    instrument : Instrument
    language : str
    path : Path

    Raises
    ------
    UsageError
        For another extension, a folder that cannot be written, and a plan without any smallest change that matters.
    """
    kind = path.suffix.removeprefix(".").casefold()
    if kind not in FORMATS:
        hint = M_("Use one of: {formats}.", formats=", ".join("." + f for f in FORMATS))
        raise UsageError(
            Problem(path.name, 0, "--figure", M_("A picture cannot have this file extension."), hint, "VE-828")
        )
    if not _with_smallest(plan):
        problem = M_("No primary outcome has a smallest change that matters.")
        hint = M_("Declare smallest_change in surveys/project.toml.")
        raise UsageError(Problem(path.name, 0, "--figure", problem, hint, "VE-829"))
    drawing = plan_figure(plan, instrument, language)
    buffer = io.BytesIO()
    style: Any = {"svg.fonttype": "path", "svg.hashsalt": "vunki_eval", "pdf.fonttype": 42}
    dates: dict[str, Any] = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}}
    with mpl.rc_context(style):
        drawing.savefig(
            buffer,
            format=kind,
            dpi=200,
            facecolor="white",
            bbox_inches="tight",
            pad_inches=0.2,
            metadata=dates.get(kind),
        )
    make_folder(path.parent)
    write_whole(path, buffer.getvalue())


def plan_figure(plan: SurveyPlan, instrument: Instrument, language: str) -> Drawing:
    """Draw, per outcome, the smallest change noticed with each number of pairs, in units of what matters."""
    texts, say = plan_texts(language), localizer(language)
    drawing, axes = sheet(HEIGHT)
    width = axes.get_xlim()[1]
    top = block(axes, 0, 1, width, texts["figure_title"], size=LARGE, weight=600, vertical="top") + 3
    shares = {k: say.percent(getattr(plan.design, k)) for k in ("response", "linking")}
    about = texts["figure_about"].format(people=say.count(plan.design.people), **shares)
    top += block(axes, 0, top, width, about, size=SMALL, colour=THEME.muted, vertical="top") + 4
    across = scale(math.log(8), math.log(320), LEFT, width - RIGHT)
    down = scale(math.log(0.4), math.log(6), HEIGHT - BOTTOM, top)
    _grid(axes, across, down, say)
    _expected(axes, plan, across, (top, HEIGHT - BOTTOM), texts, say)
    ends = [_curve(axes, plan, p, n, across, down) for n, p in enumerate(_with_smallest(plan))]
    labels = [_label(plan, p, instrument, texts, say) for p in _with_smallest(plan)]
    for y, n in zip(_spread(ends), sorted(range(len(ends)), key=lambda k: ends[k]), strict=True):
        stroke(axes, (width - RIGHT + 2, width - RIGHT + 9), (y, y), _colour(n), 1.8, linestyle=DASHES[n % len(DASHES)])
        write(axes, width - RIGHT + 11, y, labels[n], size=SMALL)
    write(axes, (LEFT + width - RIGHT) / 2, HEIGHT - 4.5, texts["pairs_axis"], size=SMALL, align="center")
    return drawing


def _with_smallest(plan: SurveyPlan) -> list[Prospect]:
    return [p for p in plan.prospects if p.smallest]


def _colour(n: int) -> str:
    return THEME.sector_colours[n % len(THEME.sector_colours)]


def _units(prospect: Prospect, change: float) -> float:
    """Express a change in units of the smallest that matters; ratios are compared on the log scale."""
    smallest = prospect.smallest or 1.0
    return math.log(change) / math.log(smallest) if prospect.ratio else change / smallest


def _grid(axes: Axes, across: Scale, down: Scale, say: Localizer) -> None:
    left, right = across(math.log(8)), across(math.log(320))
    for multiple in MULTIPLES:
        y, strong = down(math.log(multiple)), multiple == 1
        stroke(axes, (left, right), (y, y), THEME.ink if strong else THEME.hair, 1.0 if strong else 0.6)
        write(axes, left - 2, y, f"{say.number(multiple, 0 if multiple >= 1 else 1)}×", size=SMALL, align="right")
    for size in TICKS:
        write(axes, across(math.log(size)), down(math.log(0.4)) + 4, say.count(size), size=SMALL, align="center")


def _expected(
    axes: Axes, plan: SurveyPlan, across: Scale, span: tuple[float, float], texts: dict[str, str], say: Localizer
) -> None:
    if plan.design.pairs < 8:
        return
    x = across(math.log(plan.design.pairs))
    stroke(axes, (x, x), span, THEME.muted, 0.8, linestyle=(0, (2, 2)))
    text = texts["expected"].format(pairs=say.count(plan.design.pairs))
    is_left = x + 1.5 + text_width(text, SMALL) > across(math.log(320))
    write(axes, x + (-1.5 if is_left else 1.5), span[0] + 2.5, text, size=SMALL, colour=THEME.muted,
          align="right" if is_left else "left")  # fmt: skip


def _curve(axes: Axes, plan: SurveyPlan, prospect: Prospect, n: int, across: Scale, down: Scale) -> float:
    """Draw one outcome's curve and return the height at which it ends."""
    points = [(s, _units(prospect, c)) for s, c in detectable_curve(prospect, plan.level, SIZES) if s <= 320]
    drawn = [(across(math.log(s)), down(math.log(u))) for s, u in points if 0.4 <= u <= 6]
    if not drawn:
        return down(0)
    x, y = zip(*drawn, strict=True)
    axes.plot(x, y, color=_colour(n), linewidth=1.8, linestyle=DASHES[n % len(DASHES)], clip_on=False)
    return float(y[-1])


def _label(plan: SurveyPlan, prospect: Prospect, instrument: Instrument, texts: dict[str, str], say: Localizer) -> str:
    outcome_scale = instrument.scale(prospect.outcome)
    title = "\n".join(wrap(say.pick(outcome_scale.title), RIGHT - 12, SMALL, max_lines=2))
    needed = texts["pairs_needed"].format(pairs=say.count(prospect.pairs_needed or 0))
    return f"{title}\n{needed}"


def _spread(ends: list[float], least: float = 13.0) -> list[float]:
    """Spread labels from the top down, then push those that are too low back up."""
    placed: list[float] = []
    for y in sorted(ends):
        placed.append(max(y, placed[-1] + least) if placed else y)
    low = HEIGHT - BOTTOM - 2
    for k in range(len(placed) - 1, -1, -1):
        limit = low if k == len(placed) - 1 else placed[k + 1] - least
        placed[k] = min(placed[k], limit)
    return placed
