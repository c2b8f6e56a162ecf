"""The site is built without a warning, asks nothing of the network, and works in a browser that has none."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
FETCHED = re.compile(r"""<(?:script|link|img|iframe|source|object|form)\b[^>]*?(?:src|href|action)=["']?(https?:)?//""")


def module(name: str) -> Any:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made)
        return made
    finally:
        sys.path.remove(str(ROOT / "docs"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    assert module("build").main(folder / "site", folder / "work") == 0
    return folder / "site"


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_every_page_is_there_and_asks_nothing_of_the_network(site: Path) -> None:
    for language in ("et", "en"):
        pages = {p.stem for p in (site / language).glob("*.html")}
        assert {p.stem for p in (ROOT / "docs" / language).glob("*.md")} <= pages
        assert f'lang="{language}"' in (site / language / "index.html").read_text(encoding="utf-8")
    assert (site / "en" / "reference" / "stats.html").is_file()
    assert (site / "en" / "contributing.html").is_file()
    for path in site.rglob("*.html"):
        assert not FETCHED.search(path.read_text(encoding="utf-8")), path.name
    for path in site.rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(https?:)?//|@import", path.read_text(encoding="utf-8")), path.name


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_link_that_leads_nowhere_stops_the_build(tmp_path: Path) -> None:
    from mkdocs.exceptions import Abort

    build = module("build")
    stage = build.stage

    def broken(folder: Path, language: str) -> None:
        stage(folder, language)
        page = folder / "privacy.md"
        page.write_text(page.read_text(encoding="utf-8") + "\n[gone](gone.md)\n", encoding="utf-8")

    build.stage = broken
    with pytest.raises(Abort):
        build.main(tmp_path / "site", tmp_path / "work")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not on this machine")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("page", ["index", "et/index", "et/surveys", "en/codes", "en/reference/stats"])
def test_a_browser_without_a_network_shows_it(site: Path, browser: Any, page: str) -> None:
    context = browser.new_context(offline=True)
    tab = context.new_page()
    faults: list[str] = []
    asked: list[str] = []
    tab.on("pageerror", lambda e: faults.append(str(e)))
    tab.on("request", lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else asked.append(r.url))
    tab.goto((site / f"{page}.html").as_uri())
    tab.wait_for_load_state("load")
    assert tab.locator("h1").first.is_visible()
    assert asked == []
    assert faults == []
    context.close()


def test_the_reference_is_made_of_what_is_public() -> None:
    import vunki_eval as ve

    pages = module("reference").reference_pages()
    for name in ve.__all__:
        if name not in ("__version__", "figures", "sections", "stats", "tables"):
            assert f"## {name}\n" in pages["vunki_eval"]
    for name in ve.stats.__all__:
        if name != "network":
            assert f"## {name}\n" in pages["stats"]
    assert "doi.org/" in pages["stats"]
    assert ">>>" in pages["project-tokens"]
    assert all(text.count("```") % 2 == 0 for text in pages.values())
    assert "<function" not in "".join(pages.values())
