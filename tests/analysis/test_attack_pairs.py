"""The attacker compares: languages, waves, events with the project, two builds; and reads what is printed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from itertools import product
from typing import Any

import pandas as pd
import pytest

from vunki_eval import sections
from vunki_eval.analysis import analyse, analyse_project
from vunki_eval.analysis.area import _hidden_places as hidden_places
from vunki_eval.project.project import Project
from vunki_eval.results.results import Results, to_dict
from vunki_eval.survey.study import Study

pytestmark = pytest.mark.slow

T = 5
SILENT = {"svg", "key", "link", "name", "footnote"}
TWELVE = {"pre": 12, "post": 12, "linked": 12}
ONCE = {"cover", "page_one"}


def printed(part: object) -> Iterator[str]:
    """Give every text of a section: paragraphs, tables, figures' alternative texts and their numbers."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from printed(tuple(part.values()))
    elif isinstance(part, tuple | list):
        for inner in part:
            yield from printed(inner)
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in SILENT:
                yield from printed(getattr(part, field.name))


def pages(results: Results, language: str) -> dict[str, list[str]]:
    """Give the texts of every section of a report."""
    whole = results.event == "project"
    wanted = [n for n in sections.__all__ if n.removesuffix("_project") not in ONCE or n.endswith("_project") == whole]
    return {name: list(printed(getattr(sections, name)(results, language))) for name in wanted}


def numbers(texts: list[str], language: str) -> Counter[str]:
    """Count the numbers of texts, written alike: no blanks between thousands, a point before decimals."""
    counts: Counter[str] = Counter()
    for text in texts:
        without_spaces = re.sub(r"(?<=\d)[\u00a0\u202f](?=\d)", "", text)
        for number in re.findall(r"\d+(?:[.,]\d+)*", without_spaces):
            counts[number.replace(",", ".") if language == "et" else re.sub(r",(?=\d{3}\b)", "", number)] += 1
    return counts


@pytest.fixture(params=["twelve", "2020-antsla", "2021-online", "project"])
def published(request: pytest.FixtureRequest) -> Results:
    if request.param == "twelve":
        results: Results = request.getfixturevalue("analysed")(**TWELVE)
        return results
    shipped: Results = request.getfixturevalue("synthetic_results")[request.param]
    return shipped


@pytest.mark.slow
def test_languages_print_the_same_numbers(published: Results) -> None:
    """Rounded or worded differently, two languages would tell more together than each alone."""
    et, en = pages(published, "et"), pages(published, "en")
    for name in et:
        assert numbers(et[name], "et") == numbers(en[name], "en"), name


@pytest.mark.slow
def test_no_hidden_answer_is_printed(published: Results) -> None:
    """No table, figure or sentence has a number where the protected table has none; shares show no more than counts."""
    rows = published.distributions.to_dict("records")
    hidden = [r for r in rows if r["status"] == "suppressed"]
    assert all(r["n"] is None and r["share"] is None for r in hidden)
    for section, texts in pages(published, "en").items():
        for text in texts:
            for k, n in re.findall(r"\b(\d+) (?:of|out of) (?:the )?(\d+) (?:people|answers|participants)\b", text):
                assert 0 < T <= int(k) or int(k) == 0, (section, text)
                assert int(n) - int(k) not in range(1, T), (section, text)


@pytest.mark.slow
def test_facts_and_indicators_count_nobody_alone(published: Results) -> None:
    """Counts of people among facts: none of 1-4 where people answered (lists of teams and ideas are public)."""
    data = to_dict(published)
    for fact in data["facts"]:
        if fact["key"].startswith("area_") and fact["unit"] == "people" and fact["status"] == "ok":
            assert fact["value"] not in range(1, T), fact
    for row in data["estimates"]:
        if row["statistic"] == "kappa" and row["status"] == "ok":
            assert row["n"] >= T
    coded = {(r["event"], r["outcome"], r["wave"]): r["n"] for r in data["estimates"]
             if r["statistic"] == "answers_coded"}  # fmt: skip
    for row in data["themes"]:
        if row["status"] == "ok":
            total = coded[row["event"], row["item"], row["wave"]]
            assert row["n"] not in range(1, T)
            assert total - row["n"] not in range(1, T)


@pytest.mark.slow
@pytest.mark.parametrize(("event", "most"), [("2020-antsla", 0.04), ("2021-online", 0.035), ("project", 0.04)])
def test_the_report_says_all_it_can(synthetic_results: dict[str, Results], event: str, most: float) -> None:
    """Hidden cells are few, since answers are merged first; and the annex says how many of how many."""
    results = synthetic_results[event]
    counts = results.meta["suppression"]
    tables = [getattr(results, name)["status"] for name in ("estimates", "distributions", "ties", "themes")]
    assert counts["cells"] == sum(map(len, tables))
    assert counts["hidden"] == sum(int((status == "suppressed").sum()) for status in tables)
    assert 0 < counts["hidden"] / counts["cells"] <= most
    answers = results.distributions["status"]
    assert (answers == "suppressed").mean() <= 0.01
    printed_numbers = numbers(list(printed(sections.annex_disclosure(results, "en"))), "en")
    assert {str(counts["hidden"]), str(counts["cells"])} <= printed_numbers.keys()


def test_what_is_published_of_the_events_gives_no_hidden_number_of_one(
    make: Callable[..., Study], small: Project
) -> None:
    """The project's number less one event's gives the other's: never where exactly one is hidden."""
    for first, second in ((60, 12), (60, 4), (12, 4), (5, 5)):
        studies = [make(pre=first, post=first, linked=first), make(pre=second, post=second, linked=second, event="two")]
        event_results = {s.event.id: analyse(s) for s in studies}
        project_results = to_dict(analyse_project(small, event_results, studies))
        own: dict[tuple[str, ...], list[str]] = {}
        for r in project_results["estimates"]:
            if r["event"] != "project":
                place = r["outcome"], r["wave"], r["group"], r["statistic"]
                own.setdefault(place, []).append(r["status"])
        for r in project_results["estimates"]:
            place = r["outcome"], r["wave"], r["group"], r["statistic"]
            pooled = r["event"] == "project" and r["status"] == "ok" and r["statistic"] in ("mean", "share", "sd")
            assert not pooled or own.get(place, []).count("suppressed") != 1, place


def test_places_are_kept_back_with_enough_others() -> None:
    """Everybody on the list has one of three places and the total is public: what is hidden stays as wide as five."""
    for inside, outside, unknown in product((0, 1, 2, 4, 5, 9, 60), repeat=3):
        counted = {"inside": inside, "outside": outside, "": unknown}
        hidden = hidden_places(counted, T)
        assert hidden >= {place for place, n in counted.items() if 0 < n < T}
        visible = [n for place, n in counted.items() if place not in hidden and n]
        if hidden and visible:
            width = sum(counted[p] for p in hidden) - len(hidden)
            assert len(hidden) > 1
            assert width >= T


def five(people: list[str]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Put exactly these people into a sector, with answers of their own."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        selected = frame["respondent"].isin(people)
        sector = frame["PR1"].where(frame["PR1"] != "public", "community").mask(selected, "public")
        return frame.assign(PR1=sector, S1=frame["S1"].mask(selected & frame["S1"].notna(), 1))

    return change


@pytest.fixture(scope="module")
def with_and_without(make: Callable[..., Study]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A build with five people of a sector, and one without the first of them."""
    people = [f"p{i}" for i in range(5)]

    def four(frame: pd.DataFrame) -> pd.DataFrame:
        return five(people)(frame)[lambda f: f["respondent"] != people[0]]

    return to_dict(analyse(make(change=five(people)))), to_dict(analyse(make(change=four)))


def test_a_group_of_five_is_gone_without_one_of_them(
    with_and_without: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    """No number of the five is published beside one of the four: their difference would be the fifth's answer."""
    before, after = with_and_without
    assert [r for r in before["distributions"] if (r["item"], r["answer"], r["n"]) == ("PR1", "public", T)]
    for name, key in (("estimates", "group"), ("distributions", "answer"), ("ties", "from_sector")):
        rows = [r for r in after[name] if r.get("item", "PR1") == "PR1"]
        there = [r for r in rows if r[key] in ("public", "PR1=public") and r["status"] == "ok" and r["n"]]
        assert there == [], name
    one = {(r["item"], r["wave"], r["answer"]): r["n"] for r in before["distributions"] if r["status"] == "ok"}
    two = {(r["item"], r["wave"], r["answer"]): r["n"] for r in after["distributions"] if r["status"] == "ok"}
    assert not [p for p in one.keys() & two.keys() if min(one[p], two[p]) < T and one[p] != two[p]]


def test_a_build_that_lacks_one_person_keeps_no_numbers_of_the_one_before(
    with_and_without: tuple[dict[str, Any], dict[str, Any]], tmp_path: Any
) -> None:
    """The table of changes since the last report would give the person's share of every mean."""
    from vunki_eval.publish.earlier import with_earlier
    from vunki_eval.results.results import from_dict, to_json

    before, after = map(from_dict, with_and_without)
    (tmp_path / "results.json").write_text(to_json(before), "utf-8")
    kept = with_earlier(after, tmp_path).meta.get("earlier", {})
    shown = [v for numbers in kept.values() for row in numbers.get("changes", {}).values() for v in row.values()]
    assert [v for v in shown if v is not None] == []
