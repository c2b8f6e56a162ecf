"""Pages without holes: where a tall figure or a whole table left the foot of a page blank, what follows comes forward.

The template marks where each figure and table would have begun, where it stands, where sections begin, and where the
report ends. Figures that left much of a page blank are let float to the head of the next page, and so are the later
ones of their section; a table that did may break between rows; a report whose last page holds a few lines, or that is
very long, is set a little tighter (one that is plainly so from the start: laying all of it out again takes long), and
where that does not save the few lines, the rows of its tables too.
Whatever does not make the report better is taken back: a figure never stands before an earlier one or the head of its
section, and amid a table only where that saves much. Typst keeps what a change does not touch, so that a try takes a
tenth of the time of the first layout; the PDF is made once, at the end.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

FOOT = (297 - 23) * 72 / 25.4  # of the text on a page, in points from its top
HEAD = 26 * 72 / 25.4
MUCH, SHORT = 95.0, 200.0
SOME = 110.0  # a table is broken only for the sake of so much paper
CUT = 250.0  # a figure amid a table is as bad as so much blank paper
MOST_TRIES = 6
ACROSS = 115  # letters on a line of a table
LONG = 27  # pages: a report of so many is set tighter
_FILLING = ("paragraph", "bullets", "table", "callout", "heading")

Content = dict[str, Any]
Place = tuple[int, float]


@dataclass(frozen=True, slots=True)
class LayoutMarks:
    """What the template says of its pages.

    ``moved`` are the figures and tables (by file) that did not fit where they would have begun, with the page they
    left; ``reach`` says how far down each page goes; ``early`` counts figures before an earlier one or before the head
    of their section, ``amid`` those between the rows of a table.
    """

    moved: dict[str, int]
    reach: dict[int, float]
    early: int = 0
    amid: int = 0

    @property
    def pages(self) -> int:
        """The last page."""
        return max(self.reach, default=1)

    def blank(self, page: int) -> float:
        """Give the points of blank paper at the foot of a page, 0 when it is as good as full or the last."""
        left = FOOT - self.reach.get(page, FOOT)
        return left if left > MUCH and page < self.pages else 0.0

    @property
    def cost(self) -> tuple[int, int, int]:
        """Figures that stand too early, then pages, then blank paper: one large hole is worse than two small ones."""
        return self.early, self.pages, round(sum(self.blank(p) ** 2 for p in self.reach) + CUT**2 * self.amid)


Measure = Callable[[Content], LayoutMarks]


def read_marks(found: str) -> LayoutMarks:
    """Read the marks as Typst lists them."""
    places: dict[str, dict[str, Place]] = {}
    table = 0  # the page where an unfinished table began
    reach: dict[int, float] = {}
    for mark in json.loads(found):
        page, y, kind = int(mark["page"]), float(mark["y"]), str(mark["place"])
        places.setdefault(kind, {})[str(mark["key"])] = (page, y)
        reach[page] = max(reach.get(page, 0.0), y)
        if table:  # it breaks where a page is full
            reach.update(dict.fromkeys(range(table, page), FOOT))
        table = page if kind == "table" else 0
    begun = places.get("before", {})
    stands = places.get("inside", {}) | places.get("table", {})
    moved = {key: begun[key][0] for key, at in stands.items() if key in begun and begun[key][0] < at[0]}
    return LayoutMarks(moved, reach, _early(places), _amid(places))


def _early(places: Mapping[str, Mapping[str, Place]]) -> int:
    begun, stands = places.get("before", {}), places.get("inside", {})
    order = [stands[key] for key in sorted(stands, key=lambda k: begun.get(k, stands[k]))]
    heads = places.get("section", {}).values()
    overtaken = sum(second < first for first, second in pairwise(order))
    return overtaken + sum(any(at < head <= begun.get(key, at) for head in heads) for key, at in stands.items())


def _amid(places: Mapping[str, Mapping[str, Place]]) -> int:
    ends = places.get("after", {})
    tables = [(at, ends[key]) for key, at in places.get("table", {}).items() if key in ends]
    return sum(first < at < last for at in places.get("inside", {}).values() for first, last in tables)


def settle(content: Content, measure: Measure) -> None:
    """Decide which figures float, which tables break and whether the report is set tighter.

    Parameters
    ----------
    content : dict
        The document as the template reads it; ``floats`` of sections and figures, ``breaks`` of tables, ``tight``
        and ``snug`` (rows of tables) are changed here, and kept only where that makes the report better.
    measure : callable
        Lays the content out, without making a PDF of it, and gives its marks.
    """
    content["tight"], content["snug"] = rough_pages(content) >= LONG, False
    marks = measure(content)
    if marks.pages >= LONG and not content["tight"]:
        marks = _tightened(content, measure, marks, "tight")
    marks = _loosened(content, measure, marks)
    for way in ("tight", "snug"):
        if marks.pages > 2 and marks.reach[marks.pages] - HEAD < SHORT and not content[way]:
            marks = _tightened(content, measure, marks, way)


def rough_pages(content: Content) -> float:
    """Guess the pages of a report from the heights of its figures and the letters of its rows and paragraphs."""
    sections = content["sections"]
    body = sum(60 * bool(s.get("title")) + sum(map(_about, s["blocks"])) for s in sections) / (FOOT - HEAD)
    return body + 2  # cover, contents, and what stays blank at the feet of pages


def _about(block: Content) -> float:
    """Guess a block's height in points, with the space around it."""
    kind = block["kind"]
    if kind == "figure":
        return 75 + float(block.get("height", 0))
    if kind == "table":
        return (
            60
            + 11 * len(block.get("note", "")) / ACROSS
            + sum(map(_row, block.get("rows", ())))
            + 14 * len(block.get("heads", ()))
        )
    if kind == "paragraph":
        return 10 + 15.6 * ceil(_letters(block.get("content", ())) / 78)
    if kind == "bullets":
        return 8 + sum(5 + 15.6 * ceil(_letters(item) / 74) for item in block.get("items", ()))
    return 40 if kind == "heading" else 60


def _row(cells: Sequence[str]) -> float:
    """Guess a row's height: its letters share the width, the longest cell least well."""
    letters = sum(map(len, cells)) + 3 * len(cells)
    return 7.5 + 11 * ceil(1.25 * letters / ACROSS)


def _letters(content: Iterable[Content]) -> int:
    return sum(len(span.get("text", "")) for span in content)


def _tightened(content: Content, measure: Measure, marks: LayoutMarks, way: str) -> LayoutMarks:
    """Set the report tighter where that saves a page."""
    content[way] = True
    found = measure(content)
    content[way] = found.pages < marks.pages
    return found if content[way] else marks


def _loosened(content: Content, measure: Measure, marks: LayoutMarks) -> LayoutMarks:
    """Fill the largest hole first, and keep what makes the report better."""
    tried: set[str] = set()
    for _ in range(MOST_TRIES):
        place = _worst(content, marks, tried)
        if place is None:
            break
        section, j = place
        tried.add(section["blocks"][j]["file"])
        loose = _loosest(section["blocks"][j:])
        _let(section, loose, True)
        found = measure(content)
        if found.cost < marks.cost:
            marks, tried = found, set()
        else:
            _let(section, loose, False)
    return marks


def _worst(content: Content, marks: LayoutMarks, tried: set[str]) -> tuple[Content, int] | None:
    """Find the figure or table before the largest hole that it, or something after it, could fill."""
    worst, most = None, 0.0
    for section in content["sections"]:
        blocks = section["blocks"]
        for j, block in enumerate(blocks):
            if block["kind"] not in ("figure", "table") or block["file"] in tried or block["file"] not in marks.moved:
                continue
            if block.get("floats") or block.get("breaks"):
                continue
            hole = marks.blank(marks.moved[block["file"]])
            fills = any(b["kind"] in _FILLING for b in blocks[j + 1 :]) if block["kind"] == "figure" else hole > SOME
            if hole > most and fills:
                worst, most = (section, j), hole
    return worst


def _loosest(blocks: list[Content]) -> list[Content]:
    """Give the table itself, or the figure and those after it that do not float yet."""
    if blocks[0]["kind"] == "table":
        return blocks[:1]
    return [b for b in blocks if b["kind"] == "figure" and not b.get("floats")]


def _let(section: Content, blocks: list[Content], loose: bool) -> None:
    for block in blocks:
        block["floats" if block["kind"] == "figure" else "breaks"] = loose
    section["floats"] = any(b.get("floats") for b in section["blocks"])
