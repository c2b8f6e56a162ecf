"""Build the documentation as a site that asks nothing of the network: ``python3 run.py docs``, into ``site/``.

One site per language, made by MkDocs Material: the pages of ``docs/et`` and ``docs/en``, in English also the technical
pages, the reference made from docstrings, and the contributor's guide. A link that leads nowhere stops the build.
"""

import json
import logging
import shutil
import sys
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from reference import reference_pages

from vunki_eval.project.theme import THEME

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
STAGE, SITE = ROOT / ".docs", ROOT / "site"
FIRST = ("index", "first-report", "windows", "surveys", "keys", "exports", "open-answers", "reading", "method",
         "privacy", "round-trip", "platforms")  # fmt: skip
LAST = ("researchers", "statistics", "strange-files", "batch", "contributing", "codes")
SECTIONS = {
    "et": {"guide": "Juhend", "more": "Lisaks", "reference": ""},
    "en": {"guide": "Guide", "more": "Technical", "reference": "Reference"},
}
NAMES = {"et": "vunki_eval: hindaja juhend", "en": "vunki_eval: guide"}
# Where links of the repository lead on the site, whose languages stand by themselves.
MOVED = (("../../CONTRIBUTING.md", "contributing.md"), ("../", ""), ("en/", ""))
CHOICE = f"""<!doctype html>
<html lang="et"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>vunki_eval</title>
<style>body {{ font: 1.2rem/1.6 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem }}
a {{ color: {THEME.after} }}</style></head>
<body><h1>vunki_eval</h1><p><a href="et/index.html">Eesti keeles</a></p>
<p lang="en"><a href="en/index.html">In English</a></p></body></html>
"""


def main(site: Path = SITE, work: Path = STAGE) -> int:
    """Build both languages into a folder; give 0, or 1 when a link leads nowhere or a page cannot be built."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(site, ignore_errors=True)
    for language in NAMES:
        folder = work / language
        stage(folder, language)
        path = work / f"{language}.json"
        path.write_text(json.dumps(settings(folder, language), ensure_ascii=False), encoding="utf-8")
        config = load_config(str(path), docs_dir=str(folder), site_dir=str(site / language), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        config.plugins.on_shutdown()
    (site / "index.html").write_text(CHOICE, encoding="utf-8")
    print(f"The documentation is in {site.name}/: open {site.name}/index.html.")
    return 0


def stage(folder: Path, language: str) -> None:
    """Gather the pages of a language."""
    shutil.copytree(HERE / language, folder)
    if (HERE / "images").is_dir():
        shutil.copytree(HERE / "images", folder / "images")
    if language == "en":
        for path in HERE.glob("*.md"):
            if path.name != "README.md":
                shutil.copy(path, folder / path.name)
        shutil.copy(ROOT / "CONTRIBUTING.md", folder / "contributing.md")
        reference(folder / "reference")
    for path in folder.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        for old, new in MOVED:
            text = text.replace(f"]({old}", f"]({new}")
        path.write_text(text, encoding="utf-8")


def reference(folder: Path) -> None:
    """Write the pages that are made from docstrings."""
    folder.mkdir()
    for name, text in reference_pages().items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def settings(folder: Path, language: str) -> dict[str, Any]:
    """Give MkDocs' settings; nothing in them names an address outside."""
    others = [{"name": n, "link": f"../{k}/index.html", "lang": k} for k, n in (("et", "Eesti"), ("en", "English"))]
    return {
        "site_name": NAMES[language],
        "use_directory_urls": False,
        "theme": {
            "name": "material", "language": language, "font": False,
            "palette": {"scheme": "default", "primary": "teal", "accent": "teal"},
            "features": ["navigation.sections", "navigation.top", "content.code.copy"],
        },
        "plugins": {"search": {"lang": ["en"]}},
        "markdown_extensions": ["tables", "admonition", "attr_list", "toc", "pymdownx.superfences"],
        "extra": {"generator": False, "alternate": others},
        "nav": navigation(folder, language),
        "validation": {"links": {"not_found": "warn", "anchors": "warn", "unrecognized_links": "warn"},
                       "nav": {"omitted_files": "warn", "not_found": "warn"}},
    }  # fmt: skip


def navigation(folder: Path, language: str) -> list[dict[str, Any]]:
    """Order the pages: the guide as an evaluator needs it, then what is technical, then the reference."""
    there = sorted(p.stem for p in folder.glob("*.md"))
    last = [n for n in LAST if n in there]
    guide = [n for n in FIRST if n in there] + [n for n in there if n not in FIRST and n not in LAST]
    words = SECTIONS[language]
    nav: list[dict[str, Any]] = [{words["guide"]: [f"{n}.md" for n in guide]}]
    nav.append({words["more"]: [f"{n}.md" for n in last]})
    reference = sorted(p.name for p in (folder / "reference").glob("*.md"))
    return [*nav, {words["reference"]: [f"reference/{n}" for n in reference]}] if reference else nav


if __name__ == "__main__":
    sys.exit(main())
