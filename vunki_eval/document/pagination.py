"""Pages without holes: where a tall figure left the foot of a page blank, the text after it comes forward.

The template marks where each figure would have begun, where it stands, where tables begin, and where the report ends.
Figures that left much of a page blank are let float to the head of the next page, and so are the later ones of their
section, so that their order holds; a report whose last page holds a few lines, or that is very long, is set a little
tighter. Whatever does not make the report better is taken back. Typst keeps what a change does not touch, so that a
try takes a tenth of the time of the first layout; the PDF is made once, at the end.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

FOOT = (297 - 23) * 72 / 25.4  # of the text on a page, in points from its top
HEAD = 26 * 72 / 25.4
MUCH, SHORT = 95.0, 200.0
MOST_TRIES = 8
LONG = 27  # pages: a report of so many is set tighter
_FILLING = ("paragraph", "bullets", "table", "callout", "heading")

Content = dict[str, Any]
Measure = Callable[[Content], "Marks"]


@dataclass(frozen=True, slots=True)
class Marks:
    """What the template says of its pages.

    ``moved`` are the figures (by file) that did not fit where they would have begun, with the page they left;
    ``reach`` says how far down each page goes, ``stands`` where (page, height) each figure is.
    """

    moved: dict[str, int]
    reach: dict[int, float]
    stands: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """The last page."""
        return max(self.reach, default=1)

    def blank(self, page: int) -> float:
        """Give the points of blank paper at the foot of a page, 0 when it is as good as full or the last."""
        left = FOOT - self.reach.get(page, FOOT)
        return left if left > MUCH and page < self.pages else 0.0

    @property
    def cost(self) -> tuple[int, int]:
        """Pages, then blank paper."""
        return self.pages, round(sum(map(self.blank, self.reach)))


def read_marks(found: str) -> Marks:
    """Read the marks as Typst lists them."""
    begun: dict[str, int] = {}
    moved: dict[str, int] = {}
    table = 0  # the page where an unfinished table began
    reach: dict[int, float] = {}
    stands: dict[str, tuple[int, float]] = {}
    for mark in json.loads(found):
        page, key = int(mark["page"]), str(mark["key"])
        reach[page] = max(reach.get(page, 0.0), float(mark["y"]))
        if table:  # it breaks where a page is full
            reach.update(dict.fromkeys(range(table, page), FOOT))
        table = page if mark["place"] == "table" else 0
        if mark["place"] == "before":
            begun[key] = page
        elif mark["place"] == "inside":
            stands[key] = page, float(mark["y"])
            moved |= {key: begun[key]} if begun.get(key, page) < page else {}
    return Marks(moved, reach, stands)


def settle(content: Content, measure: Measure) -> None:
    """Decide which figures float and whether the report is set tighter; keep only what makes it better.

    Parameters
    ----------
    content : dict
        The document as the template reads it; ``floats`` of sections and figures and ``tight`` are changed here.
    measure : callable
        Lays the content out, without making a PDF of it, and gives its marks.
    """
    marks = _loosened(content, measure, measure(content))
    if marks.pages > 2 and (marks.reach[marks.pages] - HEAD < SHORT or marks.pages >= LONG):
        content["tight"] = True
        found = measure(content)
        if found.pages < marks.pages:
            _loosened(content, measure, found)
        else:
            content["tight"] = False


def _loosened(content: Content, measure: Measure, marks: Marks) -> Marks:
    """Let figures float, the one that leaves the largest hole first, and keep what makes the report better."""
    tried: set[str] = set()
    for _ in range(MOST_TRIES):
        place = _worst(content, marks, tried)
        if place is None:
            break
        section, j = place
        tried.add(section["blocks"][j]["file"])
        loose = [b for b in section["blocks"][j:] if b["kind"] == "figure" and not b.get("floats")]
        _let(section, loose, True)
        found = measure(content)
        if found.cost < marks.cost and _in_order(content, found):
            marks = found
        else:
            _let(section, loose, False)
    return marks


def _in_order(content: Content, marks: Marks) -> bool:
    """Tell whether the figures stand in the order of their numbers."""
    files = [b["file"] for s in content["sections"] for b in s["blocks"] if b["kind"] == "figure"]
    places = [marks.stands[f] for f in files if f in marks.stands]
    return places == sorted(places)


def _worst(content: Content, marks: Marks, tried: set[str]) -> tuple[Content, int] | None:
    """Find the figure before the largest hole that something after it could fill."""
    worst, most = None, 0.0
    for section in content["sections"]:
        blocks = section["blocks"]
        for j, block in enumerate(blocks):
            if block["kind"] != "figure" or block["file"] in tried or block["file"] not in marks.moved:
                continue
            hole = marks.blank(marks.moved[block["file"]])
            if hole > most and any(b["kind"] in _FILLING for b in blocks[j + 1 :]):
                worst, most = (section, j), hole
    return worst


def _let(section: Content, figures: list[Content], loose: bool) -> None:
    for figure in figures:
        figure["floats"] = loose
    section["floats"] = any(b.get("floats") for b in section["blocks"])
