"""Where the letters of a drawing stand: what is cut off at an edge, what lies on other letters."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from vunki_eval.content.model import Block, Figure, PageOne, Section
from vunki_eval.content.svg import svg_size
from vunki_eval.figures.canvas import MM, text_width

SVG = "{http://www.w3.org/2000/svg}"
TALL, DEEP = 0.66, 0.18  # above and below the line, as shares of the type size
ROOM = 0.6  # points that a box may touch another one by: letters do not fill their boxes
SHARES = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True, slots=True)
class Box:
    """A line of text and the rectangle of its letters, in points from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Tell whether letters lie on letters."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > ROOM and high > ROOM


def boxes(svg: str) -> Iterator[Box]:
    """Give every line of text of a drawing with its place."""
    for element in ET.fromstring(svg).iter(f"{SVG}text"):
        style = dict(re.findall(r"([\w-]+):\s*([^;]+)", element.get("style", "")))
        size, weight = float(style["font-size"].removesuffix("px")), int(style.get("font-weight", "400"))
        text = "".join(element.itertext())
        wide = text_width(text, size, weight) * 72 / MM
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        left = x - SHARES[style.get("text-anchor", "start")] * wide
        yield Box(text, left, y - TALL * size, left + wide, y + DEEP * size)


def faults(figure: Figure) -> list[str]:
    """Name every text that leaves the sheet or lies on another one."""
    width, height = svg_size(figure.svg)
    found = [b for b in boxes(figure.svg) if b.text.strip()]
    outside = [b for b in found if b.left < -ROOM or b.top < -ROOM or b.right > width + ROOM or b.bottom > height + ROOM]
    lost = [f"{figure.name}: {b.text!r} leaves the sheet" for b in outside]
    return lost + [f"{figure.name}: {a.text!r} on {b.text!r}" for a, b in combinations(found, 2) if a.meets(b)]


def figures_of(*sections: Section) -> list[Figure]:
    """Give every figure of sections, page one's chart too."""
    blocks: list[Block] = [b for s in sections for b in s.blocks]
    charts = [b.chart for b in blocks if isinstance(b, PageOne) and b.chart]
    return [*charts, *(b for b in blocks if isinstance(b, Figure))]
