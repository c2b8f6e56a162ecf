"""Colours, typefaces and sizes: the one place where figures, PDF and HTML take them from."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

LEGIBLE = 4.5
#: How readers see colours, with and without colour blindness, as matrices on linear RGB.
#: Machado, Oliveira & Fernandes (2009), severity 1. DOI 10.1109/TVCG.2009.113
VISIONS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "normal vision": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.95047, 1.0, 1.08883)


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo: the file's bytes, its kind (png or svg), and its alternative text per language."""

    data: bytes
    kind: str
    alt: tuple[tuple[str, str], ...]

    def alt_text(self, language: str) -> str:
        """Return the alternative text in a language, else in the first language that has one."""
        texts = dict(self.alt)
        return texts.get(language) or next(iter(texts.values()), "")


@dataclass(frozen=True, slots=True)
class Theme:
    """The style of a project's reports.

    Colours are ``#rrggbb``. Every text colour has a contrast of at least 4.5 on white and on ``tint``, every drawn
    colour at least 3 on white. ``warm`` emphasises and never carries meaning alone. Colour-blind readers can tell the
    ``sector_colours`` from each other; assign them to sectors in the instrument's order, the same way everywhere.

    Sizes are in inches. A figure drawn ``text_width`` wide (the chart on page one: ``chart_width``) is printed at its
    own size, so the point sizes it was drawn with are those on paper. Nothing is smaller than ``smallest`` points.
    ``faces`` and ``logos`` are fonts and logos that a project supplies (see `vunki_eval.project.style`).
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
    faces: tuple[str, ...] = ()
    logos: tuple[Logo, ...] = ()

    def replace(self, **changes: Any) -> "Theme":
        """Make a theme with some parts changed."""
        return replace(self, **changes)

    @property
    def wave_colours(self) -> dict[str, str]:
        """Colour of each wave, by the instrument's wave keys."""
        return {"pre": self.before, "post": self.after, "followup": self.followup}


THEME = Theme()


def font_folder() -> Path:
    """Return the folder of the shipped font files (for matplotlib's font manager and for Typst)."""
    return Path(__file__).parent / "fonts"


def contrast(first: str, second: str) -> float:
    """Compute the WCAG 2 contrast ratio of two ``#rrggbb`` colours (1 to 21)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, share: float) -> str:
    """Mix a share of a colour with white."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - p) * share):02x}" for p in parts)


def darker(colour: str) -> str:
    """Find the lightest shade of a colour that is legible on white and on a tint of itself."""
    for percent in range(99, -1, -1):
        shade = "#" + "".join(f"{int(colour[i : i + 2], 16) * percent // 100:02x}" for i in (1, 3, 5))
        if min(contrast(shade, "#ffffff"), contrast(shade, mixed(shade, 0.07))) >= LEGIBLE + 0.1:
            break
    return shade


def colour_distance(first: str, second: str, vision: str = "normal vision") -> float:
    """Compute the distance of two colours (CIE 1976, in L*a*b*) for a type of colour vision."""
    first_lab, second_lab = _lab(first, VISIONS[vision]), _lab(second, VISIONS[vision])
    return float(sum((a - b) ** 2 for a, b in zip(first_lab, second_lab, strict=True)) ** 0.5)


def _lab(colour: str, vision: tuple[tuple[float, float, float], ...]) -> tuple[float, float, float]:
    linear = _linear(colour)
    rgb = [min(max(sum(m * c for m, c in zip(row, linear, strict=True)), 0.0), 1.0) for row in vision]
    xyz = [sum(m * c for m, c in zip(row, rgb, strict=True)) / w for row, w in zip(_XYZ, _WHITE, strict=True)]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(colour: str) -> list[float]:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
