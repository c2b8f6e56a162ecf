"""A report keeps to its pages however long the questionnaire, however many the waves and the groups."""

import copy
import io
from dataclasses import replace
from typing import Any

import nbformat
import pandas as pd
import pikepdf
import pytest

from vunki_eval import sections
from vunki_eval.report.render.export import export_notebook
from vunki_eval.results.blocks import SECTION_MIME, Table, to_json
from vunki_eval.results.results import Results

pytestmark = pytest.mark.slow

FIRST = ("cover", "page_one", "summary", "participants", "trust", "networking", "cocreation", "experience")
MIDDLE = ("open_answers", "ideas", "other", "groups", "sensitivity", "claims")
ANNEX = ("method", "items", "quality", "attrition", "disclosure", "reproducibility")
ORDER = (*FIRST, *MIDDLE, *(f"annex_{name}" for name in ANNEX), "selfcheck")
QUESTIONS = 120
LATER = ("second", "third")
GROUPS = {"PR6": "PR1", "PR7": "PR3", "PR8": "PR1", "PR9": "PR3"}


@pytest.fixture(scope="module")
def grown(synthetic_results: dict[str, Results]) -> Results:
    """Results of the shipped event, grown to 120 questions, five waves and eight questions that group people."""
    results = synthetic_results["2020-antsla"]
    meta: dict[str, Any] = copy.deepcopy(results.meta)
    frame = results.estimates
    last = frame[frame["wave"] == "followup"]
    means = frame[(frame["outcome"] == "TS1") & (frame["statistic"] == "mean")]
    grouped = {new: frame[frame["group"].str.startswith(f"{old}=")] for new, old in GROUPS.items()}
    parts = [frame, *(last.assign(wave=wave) for wave in LATER)]
    meta["waves"] |= {wave: {"et": f"voor {wave}", "en": f"wave {wave}"} for wave in LATER}
    for item in meta["items"].values():
        item["waves"] = [*item["waves"], *(LATER if "followup" in item["waves"] else ())]
    for k in range(QUESTIONS - len(meta["items"])):
        meta["items"][f"YY{k}"] = {**meta["items"]["TS1"], "waves": list(meta["waves"]), "source": f"source {k}"}
        parts.append(means.assign(outcome=f"YY{k}"))
    for new, old in GROUPS.items():
        meta["items"][new] = {**meta["items"][old], "short": {"et": f"Küsimus {new}", "en": f"Question {new}"}}
        parts.append(grouped[new].assign(group=grouped[new]["group"].str.replace(old, new)))
    return replace(results, meta=meta, estimates=pd.concat(parts, ignore_index=True))


def report(results: Results, language: str) -> bytes:
    book = nbformat.v4.new_notebook()
    for name in ORDER:
        shown = to_json(getattr(sections, name)(results, language))
        cell = nbformat.v4.new_code_cell(name)
        cell.outputs = [nbformat.v4.new_output("display_data", data={SECTION_MIME: shown})]
        book.cells.append(cell)
    return export_notebook(book, "pdf")


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


@pytest.mark.parametrize("language", ["et", "en"])
def test_a_large_questionnaire_keeps_to_the_pages(grown: Results, language: str) -> None:
    assert 6 <= pages(report(grown, language)) <= 29


def test_what_is_not_printed_is_said(grown: Results) -> None:
    items, groups = sections.annex_items(grown, "en"), sections.groups(grown, "en")
    assert "more questions do not stand here" in str(to_json(items))
    assert "stand in results.xlsx" in str(to_json(groups))
    assert all(len(b.columns) <= 7 for b in items.blocks if isinstance(b, Table))


@pytest.mark.parametrize("language", ["et", "en"])
@pytest.mark.parametrize("event", ["2020-antsla", "2021-online"])
def test_shipped_events_leave_room_and_are_legible(
    synthetic_results: dict[str, Results], pdf_text: Any, event: str, language: str
) -> None:
    """What an evaluator adds in words and figures needs pages, too; nothing is smaller than 9 points."""
    with pikepdf.open(io.BytesIO(report(synthetic_results[event], language))) as opened:
        assert len(opened.pages) <= 26
        assert min(pdf_text.sizes(opened)) >= 8.99
