"""Renew the pictures of report pages: ``python docs/gallery.py`` after ``run.py report`` and ``run.py final``.

Needs pdftoppm, and chromium for the page on a screen.
"""

import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "page-one-et": ("2020-antsla", "et", 2),
    "page-one-en": ("2020-antsla", "en", 2),
    "cover-et": ("2020-antsla", "et", 1),
    "answers-et": ("2020-antsla", "et", 8),
    "table-en": ("2020-antsla", "en", 14),
}
WIDTH = 900


def main() -> None:
    """Draw each page as a small picture into ``docs/images``."""
    images = ROOT / "docs" / "images"
    images.mkdir(exist_ok=True)
    for name, (event, language, page) in PAGES.items():
        report = ROOT / "reports" / event / language / "report.pdf"
        command = ["pdftoppm", "-png", "-singlefile", "-f", str(page), "-l", str(page), "-scale-to-x", str(WIDTH)]
        subprocess.run([*command, "-scale-to-y", "-1", str(report), str(images / name)], check=True)
    _screen(ROOT / "reports" / "2020-antsla" / "et" / "report.html", images / "screen-et.png")


def _screen(page: Path, picture: Path) -> None:
    quiet = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--no-first-run"]
    with tempfile.TemporaryDirectory() as profile:
        command = ["chromium", "--headless", *quiet, f"--user-data-dir={profile}", f"--screenshot={picture}"]
        subprocess.run([*command, "--window-size=1200,1500", page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
