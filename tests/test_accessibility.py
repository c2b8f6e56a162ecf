"""Every page that is published or written for the evaluator, looked at by axe-core in a browser without a network."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
REPORTS = [f"reports/{e}/{lang}/report.html" for e in ("2020-antsla", "project") for lang in ("et", "en")]
PAGES = [*REPORTS, "reports/index.html", "checks/2020-antsla/quality.html"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not on this machine")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(browser: Any, path: Path, view: dict[str, int], **how: Any) -> tuple[Any, list[str]]:
    """Open a file; every request for anything else is refused and remembered."""
    context = browser.new_context(viewport=view, bypass_csp=True, offline=True, **how)
    page, asked = context.new_page(), []

    def decide(route: Any) -> None:
        if route.request.url == path.as_uri():
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", decide)
    page.goto(path.as_uri())
    return page, asked


@pytest.mark.parametrize(
    ("view", "scheme"),
    [
        pytest.param(DESK, "light", id="desk-light"),
        pytest.param(PHONE, "dark", id="phone-dark"),
        pytest.param(DESK, "dark", id="desk-dark", marks=pytest.mark.deep),
        pytest.param(PHONE, "light", id="phone-light", marks=pytest.mark.deep),
    ],
)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    published_project: Path, browser: Any, node_modules: Path, name: str, view: dict[str, int], scheme: str
) -> None:
    page, asked = opened(browser, published_project / name, view, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    said = [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"]) for v in found["violations"]]
    page.context.close()
    assert found["passes"]
    assert not said, json.dumps(said, indent=1, ensure_ascii=False)
    assert not asked


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_it_without_sideways_scrolling(published_project: Path, browser: Any, name: str) -> None:
    page, _ = opened(browser, published_project / name, PHONE, java_script_enabled=True)
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    page.context.close()
    assert wide <= seen


@pytest.mark.parametrize("name", REPORTS)
def test_keys_reach_the_text_and_the_data_of_figures(published_project: Path, browser: Any, name: str) -> None:
    page, _ = opened(browser, published_project / name, DESK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    page.context.close()


@pytest.mark.parametrize("name", REPORTS)
def test_it_is_whole_without_a_script(published_project: Path, browser: Any, name: str) -> None:
    page, asked = opened(browser, published_project / name, DESK, java_script_enabled=False)
    assert page.locator("h1").count() == 1
    assert page.locator("main table").first.is_visible()
    assert page.locator("main figure svg").first.is_visible()
    assert {page.locator(landmark).count() for landmark in ("main", "nav", "body > header", "body > footer")} == {1}
    page.context.close()
    assert not asked
