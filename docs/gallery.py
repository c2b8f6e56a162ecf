"""Renew the pictures of report pages: ``python docs/gallery.py`` after ``python3 run.py report`` (needs pdftoppm)."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "page-one-et": ("2020-antsla", "et", 2),
    "page-one-en": ("2020-antsla", "en", 2),
    "cover-et": ("2020-antsla", "et", 1),
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


if __name__ == "__main__":
    main()
