"""Colours, typefaces and sizes of everything that is drawn: one place for figures, PDF and HTML."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Theme:
    """The look of a project's reports.

    Colours are ``#rrggbb``. Every text colour keeps a contrast of 4.5 on white and on ``tint``, every drawn colour 3
    on white; ``warm`` emphasises and is never the only carrier of meaning. ``sector_colours`` stay apart for
    colour-blind readers; give them to sectors in the instrument's order, everywhere alike.

    Sizes are inches: a figure drawn ``text_width`` wide (page one's chart ``chart_width``) is printed at its own size,
    so the point sizes it was drawn with are the ones on paper. Nothing goes below ``smallest`` points.
    """

    ink: str = "#1b2327"
    muted: str = "#5a666d"
    hair: str = "#d8dee1"
    before: str = "#88959c"
    after: str = "#0b5d5e"
    followup: str = "#a85714"
    warm: str = "#a85714"
    tint: str = "#eef4f3"
    sector_colours: tuple[str, ...] = ("#0b5d5e", "#a85714", "#4579d3", "#541c33", "#a0971a", "#8a7cb7")
    sans: str = "Source Sans 3"
    serif: str = "Source Serif 4"
    text_width: float = 6.5
    chart_width: float = 2.5
    smallest: float = 9.0

    @property
    def wave_colours(self) -> dict[str, str]:
        """Give each wave its one colour, by the instrument's wave keys."""
        return {"pre": self.before, "post": self.after, "followup": self.followup}


THEME = Theme()


def font_folder() -> Path:
    """Give the folder of the shipped font files (for matplotlib's font manager and for Typst)."""
    return Path(__file__).parent / "document" / "fonts"


def contrast(first: str, second: str) -> float:
    """Give the WCAG 2 contrast ratio of two ``#rrggbb`` colours (1 to 21)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
