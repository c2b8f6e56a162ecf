"""No text of any figure leaves its sheet or overlaps another, in both languages and with hostile content."""

import copy
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from vunki_eval import sections
from vunki_eval.project.svg import svg_size
from vunki_eval.report.figures.canvas import MM, sheet, text_width, to_svg, write
from vunki_eval.results.blocks import Block, Figure, PageOne, Section
from vunki_eval.results.results import Results

EVENT = ("page_one", "summary", "participants", "trust", "networking", "cocreation", "experience", "open_answers",
         "ideas", "other", "groups", "sensitivity")  # fmt: skip
PROJECT = ("page_one_project", "summary", "indicators", "initiatives", "money", "events", "theory")
WORD = "sektoritevahelisteusaldussuhetearendamise"
SENTENCE = f"{2 * WORD} " + "väga pikk küsimuse sõnastus, mis ei taha kuidagi lõppeda " * 3  # of 250 letters
MAX_HEIGHT = 590.0  # points: with its title and notes a figure fits on a page
LATER = ("second", "third")
SVG = "{http://www.w3.org/2000/svg}"
ASCENT, DESCENT = 0.66, 0.18  # above and below the line, as shares of the type size
TOLERANCE = 0.6  # points that a box may touch another one by: letters do not fill their boxes
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
        """Tell whether the letters of two lines overlap."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width > TOLERANCE and height > TOLERANCE


def boxes(svg: str) -> Iterator[Box]:
    """Yield every line of text of a drawing with its place."""
    for element in ET.fromstring(svg).iter(f"{SVG}text"):
        style = dict(re.findall(r"([\w-]+):\s*([^;]+)", element.get("style", "")))
        size, weight = float(style["font-size"].removesuffix("px")), int(style.get("font-weight", "400"))
        text = "".join(element.itertext())
        width = text_width(text, size, weight) * 72 / MM
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        left = x - SHARES[style.get("text-anchor", "start")] * width
        yield Box(text, left, y - ASCENT * size, left + width, y + DESCENT * size)


def layout_faults(figure: Figure) -> list[str]:
    """List every text that leaves the sheet or overlaps another one."""
    width, height = svg_size(figure.svg)
    lines = [second for second in boxes(figure.svg) if second.text.strip()]
    outside = [
        box
        for box in lines
        if box.left < -TOLERANCE
        or box.top < -TOLERANCE
        or box.right > width + TOLERANCE
        or box.bottom > height + TOLERANCE
    ]
    faults = [f"{figure.name}: {box.text!r} leaves the sheet" for box in outside]
    faults += [f"{figure.name} is higher than a page"] if height > MAX_HEIGHT else []
    return faults + [
        f"{figure.name}: {first.text!r} on {second.text!r}"
        for first, second in combinations(lines, 2)
        if first.meets(second)
    ]


def figures_of(*sections: Section) -> list[Figure]:
    """Collect every figure of sections, the chart of page one included."""
    blocks: list[Block] = [b for s in sections for b in s.blocks]
    charts = [b.chart for b in blocks if isinstance(b, PageOne) and b.chart]
    return [*charts, *(b for b in blocks if isinstance(b, Figure))]


def figures_of_report(results: Results, language: str, key: str) -> list[Figure]:
    """Collect every figure of a report."""
    names = PROJECT if key == "project" else EVENT
    built = [getattr(sections, name)(results, language) for name in names]
    return figures_of(*(s for s in built if s is not None))


def relabel(value: Any, change: Callable[[Any], str]) -> Any:
    """Change every title and label."""
    if isinstance(value, list):
        return [relabel(v, change) for v in value]
    if not isinstance(value, dict):
        return value
    if value and set(value) <= {"et", "en"}:
        return {k: change(v) for k, v in value.items()}
    return {k: v if k in ("event", "events") else relabel(v, change) for k, v in value.items()}


def multiply_counts(results: Results, factor: int) -> Results:
    """Multiply every count of people and answers."""
    tables = {}
    for name in ("estimates", "distributions", "flow", "ties"):
        frame = getattr(results, name).copy()
        frame["n"] = [None if n is None or n != n else n * factor for n in frame["n"]]
        tables[name] = frame
    return results.with_tables(**tables)


def reverse_changes(results: Results) -> Results:
    """Reverse every change; a ratio becomes its inverse."""
    frame = results.estimates.copy()
    change = frame["statistic"].str.startswith("change")
    ratio = [bool(results.meta["outcomes"].get(o, {}).get("transform")) for o in frame["outcome"]]
    swapped = {"estimate": "estimate", "low": "high", "high": "low"}
    reversed_columns = {
        name: [
            v if not c or v is None or v != v else 1 / v if r else -v
            for v, c, r in zip(frame[source], change, ratio, strict=True)
        ]
        for name, source in swapped.items()
    }
    return results.with_tables(
        estimates=frame.assign(**{n: pd.Series(v, dtype=object) for n, v in reversed_columns.items()})
    )


def one_answer_each(results: Results) -> Results:
    """Let everybody give the same answer to an item."""
    frame = results.distributions.copy()
    first = ~frame.duplicated(["item", "wave", "group"]) if "group" in frame else ~frame.duplicated(["item", "wave"])
    shares = [float(f) for f in first]
    return results.with_tables(distributions=frame.assign(share=shares))


def first_wave_only(results: Results) -> Results:
    """Keep only the wave before the event."""
    tables = {n: getattr(results, n) for n in ("estimates", "distributions")}
    return results.with_tables(**{n: f[f["wave"] == "pre"] for n, f in tables.items()})


def suppress_all(results: Results) -> Results:
    """Suppress every estimate and every answer."""
    estimates = results.estimates.assign(estimate=None, low=None, high=None, n=None, status="suppressed")
    answers = results.distributions.assign(n=None, share=None, status="suppressed")
    return results.with_tables(estimates=estimates, distributions=answers)


def at_most_five(results: Results) -> Results:
    """Reduce every count to at most five people."""
    names = ("estimates", "distributions", "flow", "ties")
    tables = {name: getattr(results, name).copy() for name in names}
    for frame in tables.values():
        frame["n"] = [None if n is None or n != n else min(n, 5) for n in frame["n"]]
    return results.with_tables(**tables)


def set_number_of_items(results: Results, number: int) -> Results:
    """Give every outcome this number of items."""
    meta = copy.deepcopy(results.meta)
    answers, numbers = [results.distributions], [results.estimates]
    for key, outcome in meta["outcomes"].items():
        if not (items := outcome.get("items", [])):
            continue
        first, new = items[0], [f"{key}_{k}" for k in range(number - len(items))]
        meta["items"] |= {code: {**meta["items"][first]} for code in new}
        answers += [answers[0][answers[0]["item"] == first].assign(item=code) for code in new]
        numbers += [numbers[0][numbers[0]["outcome"] == first].assign(outcome=code) for code in new]
        outcome["items"] = [*items, *new][:number]
    tables = {"distributions": pd.concat(answers), "estimates": pd.concat(numbers)}
    return replace(results, meta=meta).with_tables(**{n: f.reset_index(drop=True) for n, f in tables.items()})


def add_two_waves(results: Results) -> Results:
    """Add two waves after the follow-up."""
    meta = copy.deepcopy(results.meta)
    meta["waves"] |= {wave: {"et": f"järelküsitlus: {wave}", "en": f"follow-up: {wave}"} for wave in LATER}
    for item in meta["items"].values():
        item["waves"] = [*item["waves"], *(LATER if "followup" in item["waves"] else ())]
    tables = {}
    for name in ("estimates", "distributions", "ties", "themes"):
        frame = getattr(results, name)
        later = [frame[frame["wave"] == "followup"].assign(wave=wave) for wave in LATER]
        tables[name] = pd.concat([frame, *later], ignore_index=True)
    steps = results.flow[results.flow["step"].str.contains("followup")]
    later = [steps.assign(step=steps["step"].str.replace("followup", wave)) for wave in LATER]
    tables["flow"] = pd.concat([results.flow, *later], ignore_index=True)
    return replace(results, meta=meta).with_tables(**tables)


HOSTILE: dict[str, Callable[[Results], Results]] = {
    "long words": lambda r: replace(r, meta=relabel(r.meta, lambda label: f"{WORD} {label} {WORD}")),
    "long sentences": lambda r: replace(r, meta=relabel(r.meta, lambda _: SENTENCE)),
    "five people": at_most_five,
    "one question": lambda r: set_number_of_items(r, 1),
    "sixty questions": lambda r: set_number_of_items(r, 60),
    "five waves": add_two_waves,
    "sixty questions in five waves": lambda r: set_number_of_items(add_two_waves(r), 60),
    "large counts": lambda r: multiply_counts(r, 70),
    "everything fell": reverse_changes,
    "all answers alike": one_answer_each,
    "one wave": first_wave_only,
    "nothing may be shown": suppress_all,
}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("key", ["2020-antsla", "2021-online", "project"])
def test_shipped_figures(synthetic_results: dict[str, Results], key: str, language: str) -> None:
    figures = figures_of_report(synthetic_results[key], language, key)
    assert len(figures) >= 6
    assert [fault for figure in figures for fault in layout_faults(figure)] == []


@pytest.mark.slow
@pytest.mark.parametrize("shape", HOSTILE)
@pytest.mark.parametrize("key", ["2020-antsla", "project"])
def test_hostile_figures(synthetic_results: dict[str, Results], key: str, shape: str) -> None:
    figures = figures_of_report(HOSTILE[shape](synthetic_results[key]), "et", key)
    assert figures
    assert [fault for figure in figures for fault in layout_faults(figure)] == []


@pytest.mark.slow
def test_what_a_page_does_not_hold_is_said(synthetic_results: dict[str, Results]) -> None:
    results = set_number_of_items(synthetic_results["2020-antsla"], 60)
    (figure,) = (f for f in figures_of(sections.cocreation(results, "en")) if f.name == "skills-answers")
    assert re.search(r"Drawn: the first \d+ of 60; the data of the figure hold all\.", figure.base)
    assert len(figure.data) == 1 + 60 * 3


def test_no_code_is_a_label(synthetic_results: dict[str, Results]) -> None:
    """Merged small groups are "the rest", on scales and lists alike."""
    for key in ("2020-antsla", "2021-online"):
        figures = figures_of(sections.groups(synthetic_results[key], "en"))
        texts = [b.text for f in figures for b in boxes(f.svg)]
        assert "the rest" in texts
        assert [t for t in texts if "_" in t] == []


def test_faults_are_found() -> None:
    drawing, axes = sheet(20)
    write(axes, 0, 10, "one word")
    write(axes, 4, 11, "another")
    write(axes, 160, 4, "too far right")
    faults = layout_faults(Figure("f", "", "", "", to_svg(drawing)))
    assert faults == ["f: 'too far right' leaves the sheet", "f: 'one word' on 'another'"]
    assert not Box("a", 0, 0, 5, 5).meets(Box("b", 5, 0, 9, 5))
