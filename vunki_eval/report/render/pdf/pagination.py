"""Fill pages: where a tall figure or a whole table left the foot of a page blank, what follows moves forward.

The template marks where each figure and table would have begun, where it stands, where sections begin, and where the
report ends. From these marks the following is tried, the largest gap first:

- A figure that left much of a page blank may float to the top of the next page, and so may the later figures of its
  section. It never stands before an earlier figure or the heading of its section, and between the rows of a table only
  where that saves much.
- A table that left much of a page blank may break between rows.
- A report that is very long, or whose last page holds only a few lines, is set a little tighter. Where that does not
  save the few lines, the rows of its tables are set tighter too. A report that is plainly long is tight from the start,
  because laying all of it out again takes long.

What does not make the report better is undone. Typst keeps what a change does not touch, so that a try takes a tenth of
the time of the first layout. The PDF itself is made once, at the end.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

# Distances are in points; those on a page are measured from its top.
FOOT = (297 - 23) * 72 / 25.4  # where the text of a page ends
HEAD = 26 * 72 / 25.4  # where it begins
GAP = 95.0  # blank paper at the foot of a page that is worth filling
TABLE_GAP = 110.0  # blank paper that is worth breaking a table for
SHORT_PAGE = 200.0  # a last page with less text than this is worth saving
CUT_TABLE = 250.0  # a figure between the rows of a table is as bad as so much blank paper
MOST_TRIES = 6
TABLE_LETTERS = 115  # on a line of a table
LONG_REPORT = 27  # pages
_FILLING = ("paragraph", "bullets", "table", "callout", "heading")

Content = dict[str, Any]
Place = tuple[int, float]


@dataclass(frozen=True, slots=True)
class LayoutMarks:
    """What the marks of the template tell about its pages.

    ``moved`` holds the figures and tables (by file) that did not fit where they would have begun, with the page they
    left. ``reach`` is how far down the text of each page goes. ``early`` counts the figures that stand before an
    earlier one or before the heading of their section; ``amid`` counts those between the rows of a table.
    """

    moved: dict[str, int]
    reach: dict[int, float]
    early: int = 0
    amid: int = 0

    @property
    def pages(self) -> int:
        """Number of pages."""
        return max(self.reach, default=1)

    def blank(self, page: int) -> float:
        """Measure the blank paper at the foot of a page; 0 if the page is nearly full or the last."""
        left = FOOT - self.reach.get(page, FOOT)
        return left if left > GAP and page < self.pages else 0.0

    @property
    def cost(self) -> tuple[int, int, int]:
        """Figures that stand too early, then pages, then blank paper."""
        # Squares make one large gap worse than two small ones.
        return self.early, self.pages, round(sum(self.blank(p) ** 2 for p in self.reach) + CUT_TABLE**2 * self.amid)


Measure = Callable[[Content], LayoutMarks]


def read_marks(marks: str) -> LayoutMarks:
    """Read the marks from the JSON that Typst returns."""
    places: dict[str, dict[str, Place]] = {}
    table = 0  # the page where an unfinished table began
    reach: dict[int, float] = {}
    for mark in json.loads(marks):
        page, y, kind = int(mark["page"]), float(mark["y"]), str(mark["place"])
        places.setdefault(kind, {})[str(mark["key"])] = (page, y)
        reach[page] = max(reach.get(page, 0.0), y)
        if table:  # a table breaks only where a page is full
            reach.update(dict.fromkeys(range(table, page), FOOT))
        table = page if kind == "table" else 0
    begun = places.get("before", {})
    stands = places.get("inside", {}) | places.get("table", {})
    moved = {key: begun[key][0] for key, at in stands.items() if key in begun and begun[key][0] < at[0]}
    return LayoutMarks(moved, reach, _early(places), _amid(places))


def _early(places: Mapping[str, Mapping[str, Place]]) -> int:
    """Count figures that stand before an earlier one or before the heading of their section."""
    begun, stands = places.get("before", {}), places.get("inside", {})
    order = [stands[key] for key in sorted(stands, key=lambda k: begun.get(k, stands[k]))]
    headings = places.get("section", {}).values()
    overtaken = sum(second < first for first, second in pairwise(order))
    return overtaken + sum(
        any(at < heading <= begun.get(key, at) for heading in headings) for key, at in stands.items()
    )


def _amid(places: Mapping[str, Mapping[str, Place]]) -> int:
    """Count figures between the rows of a table."""
    ends = places.get("after", {})
    tables = [(at, ends[key]) for key, at in places.get("table", {}).items() if key in ends]
    return sum(first < at < last for at in places.get("inside", {}).values() for first, last in tables)


def settle(content: Content, measure: Measure) -> None:
    """Decide which figures float, which tables break and whether the report is set tighter.

    Parameters
    ----------
    content : dict
        The document as the template reads it. Changed in place, where that makes the report better: ``floats`` of
        sections and figures, ``breaks`` of tables, ``tight``, and ``snug`` (tighter rows of tables).
    measure : callable
        Lays the content out without making a PDF, and returns its marks.
    """
    content["tight"], content["snug"] = rough_pages(content) >= LONG_REPORT, False
    marks = measure(content)
    if marks.pages >= LONG_REPORT and not content["tight"]:
        marks = _tightened(content, measure, marks, "tight")
    marks = _loosened(content, measure, marks)
    for setting in ("tight", "snug"):
        if marks.pages > 2 and marks.reach[marks.pages] - HEAD < SHORT_PAGE and not content[setting]:
            marks = _tightened(content, measure, marks, setting)


def rough_pages(content: Content) -> float:
    """Estimate the pages of a report from the heights of its figures and the letters of its rows and paragraphs."""
    sections = content["sections"]
    body = sum(60 * bool(s.get("title")) + sum(map(_block_height, s["blocks"])) for s in sections) / (FOOT - HEAD)
    return body + 2  # cover, contents and blank paper


def _block_height(block: Content) -> float:
    """Estimate the height of a block in points, with the space around it."""
    kind = block["kind"]
    if kind == "figure":
        return 75 + float(block.get("height", 0))
    if kind == "table":
        return (
            60
            + 11 * len(block.get("note", "")) / TABLE_LETTERS
            + sum(map(_row_height, block.get("rows", ())))
            + 14 * len(block.get("heads", ()))
        )
    if kind == "paragraph":
        return 10 + 15.6 * ceil(_letters(block.get("content", ())) / 78)
    if kind == "bullets":
        return 8 + sum(5 + 15.6 * ceil(_letters(item) / 74) for item in block.get("items", ()))
    return 40 if kind == "heading" else 60


def _row_height(cells: Sequence[str]) -> float:
    """Estimate the height of a row from its letters; they never fill the width evenly, hence the quarter more."""
    letters = sum(map(len, cells)) + 3 * len(cells)
    return 7.5 + 11 * ceil(1.25 * letters / TABLE_LETTERS)


def _letters(content: Iterable[Content]) -> int:
    return sum(len(span.get("text", "")) for span in content)


def _tightened(content: Content, measure: Measure, marks: LayoutMarks, setting: str) -> LayoutMarks:
    """Set the report tighter, if that saves a page."""
    content[setting] = True
    tighter = measure(content)
    content[setting] = tighter.pages < marks.pages
    return tighter if content[setting] else marks


def _loosened(content: Content, measure: Measure, marks: LayoutMarks) -> LayoutMarks:
    """Let figures float and tables break, the largest gap first, as long as that makes the report better."""
    tried: set[str] = set()
    for _ in range(MOST_TRIES):
        place = _largest_gap(content, marks, tried)
        if place is None:
            break
        section, j = place
        tried.add(section["blocks"][j]["file"])
        blocks = _movable(section["blocks"][j:])
        _set_loose(section, blocks, True)
        loosened = measure(content)
        if loosened.cost < marks.cost:
            marks, tried = loosened, set()
        else:
            _set_loose(section, blocks, False)
    return marks


def _largest_gap(content: Content, marks: LayoutMarks, tried: set[str]) -> tuple[Content, int] | None:
    """Find the figure or table that left the largest gap which it, or something after it, could fill."""
    place, largest = None, 0.0
    for section in content["sections"]:
        blocks = section["blocks"]
        for j, block in enumerate(blocks):
            if block["kind"] not in ("figure", "table") or block["file"] in tried or block["file"] not in marks.moved:
                continue
            if block.get("floats") or block.get("breaks"):
                continue
            gap = marks.blank(marks.moved[block["file"]])
            table, rest = block["kind"] == "table", blocks[j + 1 :]
            fills = gap > TABLE_GAP if table else any(b["kind"] in _FILLING for b in rest)
            if gap > largest and fills:
                place, largest = (section, j), gap
    return place


def _movable(blocks: list[Content]) -> list[Content]:
    """Return the first block if it is a table, else the figures that do not float yet."""
    if blocks[0]["kind"] == "table":
        return blocks[:1]
    return [b for b in blocks if b["kind"] == "figure" and not b.get("floats")]


def _set_loose(section: Content, blocks: list[Content], loose: bool) -> None:
    for block in blocks:
        block["floats" if block["kind"] == "figure" else "breaks"] = loose
    section["floats"] = any(b.get("floats") for b in section["blocks"])
