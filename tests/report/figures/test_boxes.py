"""No letter of any figure leaves its sheet or lies on another one, in both languages and with hostile content."""

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
HIGHEST = 590.0  # points: with its title and notes a figure fits on a page
LATER = ("second", "third")
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
    outside = [
        b for b in found if b.left < -ROOM or b.top < -ROOM or b.right > width + ROOM or b.bottom > height + ROOM
    ]
    lost = [f"{figure.name}: {b.text!r} leaves the sheet" for b in outside]
    lost += [f"{figure.name} is higher than a page"] if height > HIGHEST else []
    return lost + [f"{figure.name}: {a.text!r} on {b.text!r}" for a, b in combinations(found, 2) if a.meets(b)]


def figures_of(*sections: Section) -> list[Figure]:
    """Give every figure of sections, page one's chart too."""
    blocks: list[Block] = [b for s in sections for b in s.blocks]
    charts = [b.chart for b in blocks if isinstance(b, PageOne) and b.chart]
    return [*charts, *(b for b in blocks if isinstance(b, Figure))]


def drawn(results: Results, language: str, key: str) -> list[Figure]:
    """Give every figure of a report."""
    names = PROJECT if key == "project" else EVENT
    made = [getattr(sections, name)(results, language) for name in names]
    return figures_of(*(s for s in made if s is not None))


def wordy(known: Any, words: Callable[[Any], str]) -> Any:
    """Change every title and label."""
    if isinstance(known, list):
        return [wordy(v, words) for v in known]
    if not isinstance(known, dict):
        return known
    if known and set(known) <= {"et", "en"}:
        return {k: words(v) for k, v in known.items()}
    return {k: v if k in ("event", "events") else wordy(v, words) for k, v in known.items()}


def times(results: Results, factor: int) -> Results:
    """Multiply every count of people and answers."""
    tables = {}
    for name in ("estimates", "distributions", "flow", "ties"):
        frame = getattr(results, name).copy()
        frame["n"] = [None if n is None or n != n else n * factor for n in frame["n"]]
        tables[name] = frame
    return results.with_tables(**tables)


def fallen(results: Results) -> Results:
    """Turn every change to its opposite: a ratio to its inverse."""
    frame = results.estimates.copy()
    change = frame["statistic"].str.startswith("change")
    ratio = [bool(results.meta["outcomes"].get(o, {}).get("transform")) for o in frame["outcome"]]
    new = {"estimate": "estimate", "low": "high", "high": "low"}
    turned = {
        name: [
            v if not c or v is None or v != v else 1 / v if r else -v
            for v, c, r in zip(frame[other], change, ratio, strict=True)
        ]
        for name, other in new.items()
    }
    return results.with_tables(estimates=frame.assign(**{n: pd.Series(v, dtype=object) for n, v in turned.items()}))


def alike(results: Results) -> Results:
    """Give all answers of every item to one answer."""
    frame = results.distributions.copy()
    first = ~frame.duplicated(["item", "wave", "group"]) if "group" in frame else ~frame.duplicated(["item", "wave"])
    shares = [float(f) for f in first]
    return results.with_tables(distributions=frame.assign(share=shares))


def one_wave(results: Results) -> Results:
    """Keep what was asked before the event."""
    tables = {n: getattr(results, n) for n in ("estimates", "distributions")}
    return results.with_tables(**{n: f[f["wave"] == "pre"] for n, f in tables.items()})


def kept_back(results: Results) -> Results:
    """Suppress every estimate and every answer."""
    estimates = results.estimates.assign(estimate=None, low=None, high=None, n=None, status="suppressed")
    answers = results.distributions.assign(n=None, share=None, status="suppressed")
    return results.with_tables(estimates=estimates, distributions=answers)


def few(results: Results) -> Results:
    """Let at most five people stand behind every number."""
    names = ("estimates", "distributions", "flow", "ties")
    tables = {name: getattr(results, name).copy() for name in names}
    for frame in tables.values():
        frame["n"] = [None if n is None or n != n else min(n, 5) for n in frame["n"]]
    return results.with_tables(**tables)


def questions(results: Results, many: int) -> Results:
    """Give every outcome so many questions."""
    meta = copy.deepcopy(results.meta)
    answers, numbers = [results.distributions], [results.estimates]
    for key, known in meta["outcomes"].items():
        if not (items := known.get("items", [])):
            continue
        first, new = items[0], [f"{key}_{k}" for k in range(many - len(items))]
        meta["items"] |= {code: {**meta["items"][first]} for code in new}
        answers += [answers[0][answers[0]["item"] == first].assign(item=code) for code in new]
        numbers += [numbers[0][numbers[0]["outcome"] == first].assign(outcome=code) for code in new]
        known["items"] = [*items, *new][:many]
    tables = {"distributions": pd.concat(answers), "estimates": pd.concat(numbers)}
    return replace(results, meta=meta).with_tables(**{n: f.reset_index(drop=True) for n, f in tables.items()})


def five_waves(results: Results) -> Results:
    """Ask twice more, months after the follow-up."""
    meta = copy.deepcopy(results.meta)
    meta["waves"] |= {wave: {"et": f"järelküsitlus: {wave}", "en": f"follow-up: {wave}"} for wave in LATER}
    for known in meta["items"].values():
        known["waves"] = [*known["waves"], *(LATER if "followup" in known["waves"] else ())]
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
    "long words": lambda r: replace(r, meta=wordy(r.meta, lambda said: f"{WORD} {said} {WORD}")),
    "long sentences": lambda r: replace(r, meta=wordy(r.meta, lambda _: SENTENCE)),
    "five people": few,
    "one question": lambda r: questions(r, 1),
    "sixty questions": lambda r: questions(r, 60),
    "five waves": five_waves,
    "sixty questions in five waves": lambda r: questions(five_waves(r), 60),
    "large counts": lambda r: times(r, 70),
    "everything fell": fallen,
    "all answers alike": alike,
    "one wave": one_wave,
    "nothing may be shown": kept_back,
}


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("key", ["2020-antsla", "2021-online", "project"])
def test_shipped_figures(synthetic_results: dict[str, Results], key: str, language: str) -> None:
    found = drawn(synthetic_results[key], language, key)
    assert len(found) >= 6
    assert [fault for figure in found for fault in faults(figure)] == []


@pytest.mark.slow
@pytest.mark.parametrize("shape", HOSTILE)
@pytest.mark.parametrize("key", ["2020-antsla", "project"])
def test_hostile_figures(synthetic_results: dict[str, Results], key: str, shape: str) -> None:
    found = drawn(HOSTILE[shape](synthetic_results[key]), "et", key)
    assert found
    assert [fault for figure in found for fault in faults(figure)] == []


def test_what_a_page_does_not_hold_is_said(synthetic_results: dict[str, Results]) -> None:
    many = questions(synthetic_results["2020-antsla"], 60)
    (found,) = (f for f in figures_of(sections.cocreation(many, "en")) if f.name == "skills-answers")
    assert re.search(r"Drawn: the first \d+ of 60; the data of the figure hold all\.", found.base)
    assert len(found.data) == 1 + 60 * 3


def test_no_code_is_a_label(synthetic_results: dict[str, Results]) -> None:
    """Merged small groups are "the rest", on scales and lists alike."""
    for key in ("2020-antsla", "2021-online"):
        found = figures_of(sections.groups(synthetic_results[key], "en"))
        texts = [b.text for f in found for b in boxes(f.svg)]
        assert "the rest" in texts
        assert [t for t in texts if "_" in t] == []


def test_faults_are_found() -> None:
    drawing, axes = sheet(20)
    write(axes, 0, 10, "one word")
    write(axes, 4, 11, "another")
    write(axes, 160, 4, "too far right")
    found = faults(Figure("f", "", "", "", to_svg(drawing)))
    assert found == ["f: 'too far right' leaves the sheet", "f: 'one word' on 'another'"]
    assert not Box("a", 0, 0, 5, 5).meets(Box("b", 5, 0, 9, 5))
