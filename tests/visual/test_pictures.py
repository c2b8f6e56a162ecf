"""Pages as pictures, laid beside kept ones: what no other test sees - overlaps, lost letters, a broken grid.

Renew the kept pictures, then look at each that git says has changed::

    VUNKI_RENEW_PICTURES=1 python3 run.py test --all tests/visual
"""

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from PIL import Image, ImageChops

import vunki_eval as ve
from vunki_eval.report.render.export import export_notebook
from vunki_eval.results.blocks import SECTION_MIME, to_json

KEPT = Path(__file__).parent / "pictures"
RENEW = bool(os.environ.get("VUNKI_RENEW_PICTURES"))
DOTS = 50  # an inch
FAR = 70  # of 255: a pixel that is another one, not another shade of an edge
PAPER, SCREEN = 0.0015, 0.02  # share of far pixels that passes

pytestmark = pytest.mark.slow


def compare(picture: Image.Image, name: str, most: float, folder: Path) -> None:
    """Compare with the kept picture; what differs is left in the test's folder to be looked at."""
    kept = KEPT / f"{name}.png"
    small = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    if RENEW:
        small.save(kept, optimize=True)
        return
    assert kept.is_file(), f"There is no picture {kept.name}; see the head of this file."
    now, before = small.convert("RGB"), Image.open(kept).convert("RGB")
    now.save(folder / f"{name}.png")
    assert now.size == before.size, f"{name}: {now.size} pixels, kept {before.size}"
    difference = ImageChops.difference(now, before)
    difference.save(folder / f"{name}-difference.png")
    far = float((np.asarray(difference).max(axis=2) > FAR).mean())
    assert far <= most, f"{name}: {far:.2%} of the picture differs; look at {folder}"


def pages(pdf: bytes, folder: Path) -> list[Image.Image]:
    (folder / "report.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(DOTS), "-png", "report.pdf", "page"], cwd=folder, check=True)
    return [Image.open(io.BytesIO(p.read_bytes())) for p in sorted(folder.glob("page-*.png"))]


@pytest.fixture(scope="module")
def demo_module() -> Any:
    import importlib.util

    place = Path(__file__).parents[1] / "report" / "render" / "demo.py"
    spec = importlib.util.spec_from_file_location("vunki_visual_demo", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def demo_pages(demo_module: Any, tmp_path_factory: pytest.TempPathFactory) -> list[Image.Image]:
    return pages(export_notebook(demo_module.notebook(), "pdf"), tmp_path_factory.mktemp("demo"))


@pytest.mark.parametrize(
    ("name", "number"), [("cover", 1), ("page-one", 2), ("contents", 3), ("figures", 4), ("likert-and-table", 5)]
)
def test_demonstration_pages(demo_pages: list[Image.Image], name: str, number: int, tmp_path: Path) -> None:
    compare(demo_pages[number - 1], f"demo-{name}", PAPER, tmp_path)


def shown(*sections: Any) -> nbformat.NotebookNode:
    book = nbformat.v4.new_notebook()
    for section in sections:
        cell = nbformat.v4.new_code_cell("section")
        cell.outputs = [nbformat.v4.new_output("display_data", data={SECTION_MIME: to_json(section)})]
        book.cells.append(cell)
    return book


@pytest.mark.parametrize("language", ["et", "en"])
def test_synthetic_cover_page_one_and_trust(synthetic_results: Any, language: str, tmp_path: Path) -> None:
    """The pages that everybody sees, from the shipped data: cover, page one, answers to the questions of trust."""
    results = synthetic_results["2020-antsla"]
    s = ve.sections
    book = shown(s.cover(results, language), s.page_one(results, language), s.trust(results, language))
    drawn = pages(export_notebook(book, "pdf"), tmp_path)
    for name, number in (("cover", 1), ("page-one", 2), ("trust", 4)):
        compare(drawn[number - 1], f"antsla-{name}-{language}", PAPER, tmp_path)


@pytest.mark.parametrize("language", ["et", "en"])
def test_feedback_summary(synthetic_results: Any, language: str, tmp_path: Path) -> None:
    from vunki_eval.report.render.pdf.onepage import feedback_pdf
    from vunki_eval.report.sections.feedback import feedback

    (page,) = pages(feedback_pdf(feedback(synthetic_results["2020-antsla"], language)), tmp_path)
    compare(page, f"antsla-feedback-{language}", PAPER, tmp_path)


def test_a_lost_line_is_noticed(tmp_path: Path) -> None:
    """The tolerance passes other shades of edges, not a missing line of text."""
    if RENEW:
        return
    page = Image.open(KEPT / "demo-page-one.png").convert("RGB")
    page.paste("white", (40, 62, 380, 78))
    with pytest.raises(AssertionError, match="differs"):
        compare(page, "demo-page-one", PAPER, tmp_path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not on this machine")
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=path, args=["--no-sandbox", "--font-render-hinting=none"])
        yield opened
        opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "width"), [("phone", 360), ("desk", 1280)])
def test_demonstration_on_screens(
    demo_module: Any, browser: Any, name: str, width: int, scheme: str, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_bytes(export_notebook(demo_module.notebook(), "html"))
    page = browser.new_page(viewport={"width": width, "height": 1800}, color_scheme=scheme, offline=True)
    page.goto((tmp_path / "report.html").as_uri())
    picture = Image.open(io.BytesIO(page.screenshot()))
    page.close()
    half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    compare(half, f"screen-{name}-{scheme}", SCREEN, tmp_path)
