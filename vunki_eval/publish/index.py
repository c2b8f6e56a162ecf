"""Write ``reports/index.html``, one page that links to every report."""

from html import escape
from pathlib import Path
from typing import Any

from vunki_eval.language import localizer
from vunki_eval.project.project import Project
from vunki_eval.project.theme import THEME
from vunki_eval.publish.files import write_whole
from vunki_eval.publish.manifest import published_counts, read_manifest

STYLE = """
:root { color-scheme: light dark; --ink: #1b2327; --paper: #fff; --accent: #0b5d5e; --muted: #5a666d; --hair: #d8dee1 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecee; --paper: #14191c; --accent: #7cc4c2; --muted: #a9b4ba;
  --hair: #37424a } }
body { font: 1rem/1.5 "Source Sans 3", "Segoe UI", system-ui, sans-serif; margin: 0; color: var(--ink);
  background: var(--paper) }
h1 { font-size: 1.9rem; line-height: 1.2 } .muted { color: var(--muted) } a { color: var(--accent) }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100% }
.skip { position: absolute; left: -200vw }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem }
header, main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 0 } main { padding-top: .5rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px } td p { margin: 0 0 .3rem }
th, td { text-align: left; vertical-align: top; padding: .6rem .8rem .6rem 0; border-bottom: 1px solid var(--hair) }
thead th { border-bottom: 2px solid var(--accent); color: var(--accent) } .mark { color: #a85714; font-weight: 600 }
@media (prefers-color-scheme: dark) { .mark { color: #f0b070 } }
@media (max-width: 40rem) { table, tbody, tr, tbody th, td { display: block }
  thead { position: absolute; left: -200vw } th, td { border: 0; padding: .15rem 0 }
  tr { border-bottom: 1px solid var(--hair); padding: .8rem 0 }
  td[data-head]::before { content: attr(data-head) ": "; color: var(--muted) } }
@media print { a { color: inherit; text-decoration: none } .wide { overflow: visible } tr { break-inside: avoid } }
"""
TEXTS = {
    "et": {
        "title": "Hindamisaruanded", "event": "Sündmus", "date": "Aeg", "answers": "Vastuseid (enne / pärast / seotud)",
        "files": "Aruanded", "final": "Kogu projekt", "skip": "Liigu sisu juurde", "none": "Aruandeid veel ei ole.",
        "synthetic": "SÜNTEETILISED ANDMED – vastused on välja mõeldud", "numbers": "Arvud", "table": "Kõik aruanded",
        "feedback": "osalejate tagasiside (PDF)",
    },
    "en": {
        "title": "Evaluation reports", "event": "Event", "date": "Date", "answers": "Answers (before / after / linked)",
        "files": "Reports", "final": "Whole project", "skip": "Skip to content", "none": "No reports yet.",
        "synthetic": "SYNTHETIC DATA - not real answers", "numbers": "Numbers", "table": "All reports",
        "feedback": "participants' feedback (PDF)",
    },
}  # fmt: skip
NUMBERS = ("results.xlsx", "results.json")
LANGUAGES = {"et": "eesti", "en": "English"}


def write_index(project: Project) -> None:
    """Write the page from the manifests of the published reports, if it has changed."""
    page, text = project.reports / "index.html", index_html(project)
    try:
        if page.is_file() and not page.is_symlink() and page.read_text("utf-8") == text:
            return
    except ValueError:  # not UTF-8: damaged
        pass
    write_whole(page, text)


def index_html(project: Project) -> str:
    """Build the page; it sends no request to any address and has no script."""
    language = project.about.languages[0]
    texts = TEXTS.get(language, TEXTS["en"])
    rows = []
    for event in [e.id for e in project.events] + ["project"]:
        folder = project.reports / event
        manifest = read_manifest(folder)
        if manifest:
            rows.append(_row(project, event, folder, manifest, published_counts(folder), texts, language))
    header = "".join(f'<th scope="col">{escape(texts[k])}</th>' for k in ("event", "date", "answers", "files"))
    table = (
        f'<div class="wide" role="region" aria-label="{escape(texts["table"])}" tabindex="0"><table><thead><tr>{header}'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        if rows
        else f"<p>{escape(texts['none'])}</p>"
    )
    mark = f'<p class="mark">{escape(texts["synthetic"])}</p>' if project.synthetic() else ""
    title = escape(project.about.title.get(language) or next(iter(project.about.title.values())))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(texts['title'])} – {title}</title><style>{_style(project)}</style></head><body>"
        f'<a class="skip" href="#main">{escape(texts["skip"])}</a>'
        f"<header><h1>{escape(texts['title'])}</h1><p>{title}</p>{mark}</header>"
        f'<main id="main" tabindex="-1">{table}</main></body></html>\n'
    )


def _style(project: Project) -> str:
    """Return the style sheet in the project's colour; a dark page keeps the shipped colour."""
    accent = project.config.style.accent
    return STYLE.replace(THEME.after, accent, 1) if accent else STYLE


def _row(
    project: Project, event: str, folder: Path, manifest: dict[str, Any], counts: dict[str, int | None],
    texts: dict[str, str], language: str,
) -> str:  # fmt: skip
    title = texts["final"]
    date = escape(localizer(language).period(project.about.start, project.about.end))
    if event != "project":
        settings = project.event(event)
        title = settings.title.get(language) or next(iter(settings.title.values()))
        dates = settings.actual
        date = escape(localizer(language).period(dates.start, dates.end)) if dates.start else ""
    n = " / ".join("–" if counts[k] is None else str(counts[k]) for k in ("before", "after", "linked"))
    formats = manifest["parameters"]["formats"]
    links = [_links(event, folder, x, formats, texts) for x in manifest["languages"]]
    numbers = ", ".join(f'<a href="{event}/{name}">{name}</a>' for name in NUMBERS if (folder / name).is_file())
    files = "".join(f"<p>{line}</p>" for line in (*links, f"{escape(texts['numbers'])}: {numbers}"))
    headers = (texts["date"], texts["answers"])
    cells = [f'<td data-head="{escape(h)}">{c}</td>' for h, c in zip(headers, (date, n), strict=True)]
    return f'<tr><th scope="row">{escape(title)}</th>{"".join(cells)}<td>{files}</td></tr>'


def _links(event: str, folder: Path, language: str, formats: list[str], texts: dict[str, str]) -> str:
    """Link to the documents in one language, each with its size."""
    names = [(f"report.{f}", f.upper()) for f in formats] + [("feedback.pdf", texts["feedback"])]
    links = [
        f'<a href="{event}/{language}/{name}" hreflang="{language}">{escape(label)}</a> '
        f'<span class="muted">({_size(folder / language / name)})</span>'
        for name, label in names
        if (folder / language / name).is_file()
    ]
    own_name = LANGUAGES.get(language, language)
    return f'<span lang="{language}">{own_name}</span>: {", ".join(links)}'


def _size(path: Path) -> str:
    return f"{max(1, round(path.stat().st_size / 1024))} kB"
