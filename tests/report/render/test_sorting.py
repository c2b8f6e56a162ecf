"""Tables sorted in a browser: by number, by word, with the keys alone; whole without a script and on paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vunki_eval.report.render.html.webpage import document_html
from vunki_eval.report.render.notebook import Document
from vunki_eval.results.blocks import Column, Cover, Section, Table

pytestmark = pytest.mark.slow

ROWS = {
    "et": (
        ("õpe", "1 204", "−0,5 (−0,9 kuni −0,1)", "2. mai 2021", "•"),
        ("äri", "87", "+1,25 (0,3 kuni 2,2)", "10. juuni 2020", "85 %"),
        ("Küla", "5", "•", "1. jaanuar 2022", "7 %"),
        ("10. tee", "–", "0,75", "3. mai 2021", "–"),
        ("2. tee", "61", "−2", "4. mai 2021", "100 %"),
    ),
    "en": (
        ("school", "1,204", "−0.5 (−0.9 to −0.1)", "2 May 2021", "•"),
        ("business", "87", "+1.25 (0.3 to 2.2)", "10 June 2020", "85%"),
        ("Village", "5", "•", "1 January 2022", "7%"),
        ("way 10", "–", "0.75", "3 May 2021", "–"),
        ("way 2", "61", "−2", "4 May 2021", "100%"),
    ),
}
ORDERS = {
    "et": {0: [4, 3, 2, 0, 1], 1: [2, 4, 1, 0, 3], 2: [4, 0, 3, 1, 2], 4: [2, 1, 4, 0, 3]},
    "en": {0: [1, 0, 2, 4, 3], 1: [2, 4, 1, 0, 3], 2: [4, 0, 3, 1, 2], 4: [2, 1, 4, 0, 3]},
}
FEW = ("a", "1", "1", "1", "1"), ("b", "2", "2", "2", "2")
GROUPED = ("a", "1", "1", "1", "1"), ("", "2", "2", "2", "2"), ("b", "3", "3", "3", "3")
UNDER = [(k, word, *"123") for k in "ab" for word in ("so", "na")]


def page_of(language: str) -> str:
    """Make a page with a table to sort and four that must stay as they are: short, with gaps, all alike, in groups."""
    columns = (Column("Sector"), Column("n", "right"), Column("Change", "decimal"), Column("Date"), Column("Share"))
    tables = [Table("t", "T", columns, rows) for rows in (ROWS[language], FEW, GROUPED, [FEW[0]] * 4)]
    tables.append(Table("t", "T", (columns[0], Column("Answer"), *columns[1:4]), tuple(UNDER)))
    cover = Cover("Title", "", language, "", (), (), "2021-05-02", "A", "", "", {})
    return document_html(Document(cover, (Section("a", "A finding", tuple(tables)),)))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not on this machine")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def shown(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """Open a page in a language under its own policy, offline; what the browser complains of fails the test."""
    contexts, wrong = [], []

    def show(language: str = "et", **how: Any) -> Any:
        path = tmp_path / f"{language}.html"
        path.write_text(page_of(language), "utf-8")
        contexts.append(chromium.new_context(offline=True, **how))
        page = contexts[-1].new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert not wrong


def order(page: Any, language: str) -> list[int]:
    """Give the rows of the first table as they stand, by their place in what was written."""
    first = [row[0] for row in ROWS[language]]
    return [first.index(cell) for cell in page.locator("main table").first.locator("tbody th, tbody td:first-child")
            .all_inner_texts()]  # fmt: skip


@pytest.mark.parametrize("language", ["et", "en"])
def test_columns_are_sorted_as_the_language_writes_numbers_and_words(shown: Any, language: str) -> None:
    page = shown(language)
    head = page.locator("main table").first.locator("thead > tr > *")
    for column, wanted in ORDERS[language].items():
        button = head.nth(column).locator("button")
        button.click()
        assert order(page, language) == wanted
        assert head.nth(column).get_attribute("aria-sort") == "ascending"
        assert page.locator("[aria-sort]").count() == 1
    assert head.nth(3).locator("button").count() == 0, "an order of written dates by their letters would be wrong"


def test_a_second_press_turns_it_and_a_third_gives_back_what_was_written(shown: Any) -> None:
    page = shown()
    button = page.locator("button.sort").nth(1)
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.locator("[aria-sort]").get_attribute("aria-sort") == "descending"
    assert order(page, "et") == [0, 1, 4, 2, 3], "what is no number stays below"
    assert button.evaluate("b => b === document.activeElement")
    page.keyboard.press("Enter")
    assert page.locator("[aria-sort]").count() == 0
    assert order(page, "et") == [0, 1, 2, 3, 4]


def test_tables_that_sorting_would_spoil_have_no_buttons(shown: Any) -> None:
    tables = shown().locator("main table")
    assert [tables.nth(i).locator("button").count() for i in range(5)] == [4, 0, 0, 0, 0]


def test_heads_keep_their_names_and_a_width_that_a_finger_hits(shown: Any) -> None:
    page = shown()
    assert page.get_by_role("columnheader", name="Sector", exact=True).first.is_visible()
    assert page.get_by_role("button", name="Change", exact=True).count() == 1
    boxes = page.locator("button.sort").evaluate_all("all => all.map(b => b.getBoundingClientRect().height)")
    assert min(boxes) >= 20


def test_without_a_script_it_is_whole_and_shows_no_buttons(shown: Any) -> None:
    page = shown(java_script_enabled=False)
    assert page.locator("button").count() == 0
    assert order(page, "et") == [0, 1, 2, 3, 4]


def test_marks_of_sorting_are_not_printed(shown: Any) -> None:
    page = shown()
    page.emulate_media(media="print")
    mark = "b => getComputedStyle(b, '::after').display"
    assert set(page.locator("button.sort").evaluate_all(f"all => all.map({mark})")) == {"none"}
