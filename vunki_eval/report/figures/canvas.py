"""The sheet that figures are drawn on: millimetres, the shipped typefaces, SVG that is the same from run to run.

Coordinates are millimetres on paper and start at the top left: x runs to the right, y runs down. Type keeps its size:
letters of 9 points are printed at 9 points.

Shapes are added with `add_artist`. `add_patch` and `add_line` would also update the data limits, which costs time and
is not needed: the limits of a sheet are fixed.
"""

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from vunki_eval.language.text import plain
from vunki_eval.project.theme import THEME, Theme, font_folder

Scale = Callable[[float], float]
MM = 25.4
WIDTH = THEME.text_width * MM
TALLEST = 185.0  # leaves room on the page for the title and the notes
CHART_WIDTH = THEME.chart_width * MM
SMALL, NORMAL, LARGE = THEME.smallest, 9.5, 10.5
_FILES = {400: "SourceSans3_400Regular.ttf", 600: "SourceSans3_600SemiBold.ttf", 700: "SourceSans3_700Bold.ttf"}
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "vunki_eval",
    "font.family": [THEME.sans],
    "figure.dpi": 144,
    "path.simplify": False,
}


class Drawing(Figure):
    """A matplotlib figure that a notebook shows as SVG, without pyplot; ``theme`` holds its colours."""

    theme = THEME

    def _repr_svg_(self) -> str:
        return to_svg(self)


def sheet(height: float, width: float = WIDTH, *, theme: Theme = THEME) -> tuple[Drawing, Axes]:
    """Make an empty drawing, its size in millimetres, and axes that cover all of it."""
    _register()
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(width / MM, height / MM))
        drawing.theme = theme
        axes = drawing.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    drawing.patch.set_visible(False)
    return drawing, axes


def theme_of(axes: Axes) -> Theme:
    """Return the theme of the drawing that the axes belong to."""
    return getattr(axes.figure, "theme", THEME)


def count_fitting(heights: Sequence[float], height: float = TALLEST) -> int:
    """Count how many of the rows, from the first on, fit into a height in millimetres; at least one."""
    return max(1, sum(end <= height for end in accumulate(heights)))


def scale(low: float, high: float, left: float, right: float) -> Scale:
    """Return a function that maps values to millimetres; values outside the scale are drawn at its nearer end."""

    def at(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    return at


def to_svg(drawing: Figure) -> str:
    """Write a drawing as SVG: text stays text, there is no date, and the bytes are the same every time."""
    buffer = io.StringIO()
    with mpl.rc_context(_STYLE), _rare_letters():
        drawing.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float = NORMAL,
    weight: int = 400,
    colour: str = "",
    align: str = "left",
    vertical: str = "center",
) -> None:
    """Write one or more lines of text; y is the middle of the block, or its top when ``vertical`` is "top"."""
    lines = [plain(line) for line in text.split("\n")]
    step = line_height(size)
    first = y - (len(lines) - 1) * step / 2 if vertical == "center" else y + step / 2
    for k, line in enumerate(lines):
        # The baseline lies a third of the type size below the middle of a line of lower-case letters with capitals.
        base = first + k * step + size / 72 * MM * 0.34
        font = FontProperties(family=[THEME.sans], weight=weight, size=size)
        axes.text(
            x,
            base,
            line,
            fontproperties=font,
            color=colour or theme_of(axes).ink,
            ha=align,
            va="baseline",
            parse_math=False,
            clip_on=False,
        )


def line_height(size: float) -> float:
    """Return the distance between two lines, in millimetres, for a type size in points."""
    return size * 1.18 / 72 * MM


def text_width(text: str, size: float = NORMAL, weight: int = 400) -> float:
    """Measure a line of text in millimetres; without kerning, so the result errs on the wide side."""
    return sum(_advance(letter, weight) for letter in text) * size / 72 * MM


@lru_cache(2048)
def _advance(letter: str, weight: int) -> float:
    """Return the width of a letter as a share of the type size; letters of the fallback typeface count as square."""
    font = get_font(str(font_folder() / _FILES[weight]))
    if not font.get_char_index(ord(letter)):
        return 1.0
    font.set_size(100, 72)
    return float(font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 100


@contextmanager
def _rare_letters() -> Iterator[None]:
    """Silence the warning about missing glyphs: the page has a fallback typeface that matplotlib does not know of."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def wrap(text: str, width: float, size: float = NORMAL, weight: int = 400, max_lines: int = 9) -> list[str]:
    """Break a text into lines that fit a width in millimetres; a text longer than ``max_lines`` ends with "…"."""
    lines: list[str] = []
    for word in plain(text).split(" "):
        if lines and text_width(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines += _pieces(word, width, size, weight)
    if len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], f"{lines[max_lines - 1]} …"]
        while text_width(lines[-1], size, weight) > width and len(lines[-1]) > 3:
            lines[-1] = lines[-1][:-3].rstrip() + " …"
    return lines


def shorten(text: str, width: float, size: float = SMALL, weight: int = 400) -> str:
    """Shorten a text to one line of a width in millimetres; a shortened text ends with "…"."""
    return wrap(text, width, size, weight, max_lines=1)[0]


def block(axes: Axes, x: float, y: float, width: float, text: str, **style: Any) -> float:
    """Write a text broken into lines of a width, and return its height in millimetres."""
    size, weight = style.get("size", NORMAL), style.get("weight", 400)
    lines = wrap(text, width, size, weight, style.pop("max_lines", 9))
    write(axes, x, y, "\n".join(lines), **style)
    return len(lines) * line_height(size)


def bar(
    axes: Axes, x: float, y: float, width: float, height: float, colour: str, *, edge: str = "none", line: float = 0.0
) -> None:
    """Draw a filled rectangle; y is its top."""
    axes.add_artist(Rectangle((x, y), width, height, facecolor=colour, edgecolor=edge, linewidth=line, clip_on=False))


def stroke(
    axes: Axes,
    x: tuple[float, float],
    y: tuple[float, float],
    colour: str = "",
    width: float = 0.6,
    **style: Any,
) -> None:
    """Draw a straight line; its width is in points."""
    style = {"solid_capstyle": "butt", "clip_on": False, **style}
    axes.add_artist(Line2D(x, y, color=colour or theme_of(axes).hair, linewidth=width, **style))


def mark(axes: Axes, x: float, y: float, shape: str, colour: str, *, size: float = 6.5, hollow: bool = False) -> None:
    """Draw a marker: "o" circle, "D" diamond, "s" square, "^" triangle; hollow ones have a white middle."""
    face = "white" if hollow else colour
    axes.add_artist(
        Line2D(
            [x],
            [y],
            marker=shape,
            markersize=size,
            markerfacecolor=face,
            markeredgecolor=colour,
            markeredgewidth=1.3,
            linestyle="none",
            clip_on=False,
        )
    )


def _pieces(word: str, width: float, size: float, weight: int) -> list[str]:
    """Split a word that is wider than a line; every piece but the last ends with a hyphen."""
    pieces = [word]
    while text_width(pieces[-1], size, weight) > width and len(pieces[-1]) > 2:
        whole, cut = pieces.pop(), 1
        while cut < len(whole) - 2 and text_width(f"{whole[: cut + 1]}-", size, weight) <= width:
            cut += 1
        pieces += [f"{whole[:cut]}-", whole[cut:]]
    return pieces


@lru_cache(1)
def _register() -> None:
    for weight, name in _FILES.items():
        path = str(font_folder() / name)
        entry = FontEntry(
            fname=path,
            name=THEME.sans,
            style="normal",
            variant="normal",
            weight=weight,
            stretch="normal",
            size="scalable",
        )
        fontManager.ttflist.append(entry)
