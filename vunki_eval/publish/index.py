"""Write ``reports/index.html``, one page that links to every report."""

from pathlib import Path
from typing import Any

from vunki_eval.language import Localizer, localizer
from vunki_eval.project.project import Project
from vunki_eval.project.theme import THEME
from vunki_eval.publish.files import write_whole
from vunki_eval.publish.manifest import published_counts, read_manifest
from vunki_eval.report.render.html.pages import style_sheet, template

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
    texts = _texts(localizer(language))
    project_title = project.about.title.get(language) or next(iter(project.about.title.values()))
    rows = []
    for event in [e.id for e in project.events] + ["project"]:
        if manifest := read_manifest(project.reports / event):
            rows.append(_row(project, event, manifest, texts, language))
    style = style_sheet("publish/index.css", accent=project.config.style.accent or THEME.after, theme=THEME)
    return template("publish/index.html").render(
        language=language, title=f"{texts['title']} – {project_title}", style=style, texts=texts,
        project_title=project_title, synthetic=project.synthetic(), rows=rows,
    ) + "\n"  # fmt: skip


def _texts(say: Localizer) -> dict[str, str]:
    return {
        "title": say._("Evaluation reports"), "event": say._("Event"), "date": say._("Date"),
        "answers": say._("Answers (before / after / linked)"), "files": say._("Reports"),
        "final": say._("Whole project"), "skip": say._("Skip to content"), "none": say._("No reports yet."),
        "synthetic": say._("SYNTHETIC DATA - not real answers"), "numbers": say._("Numbers"),
        "table": say._("All reports"), "feedback": say._("participants' feedback (PDF)"),
    }  # fmt: skip


def _row(
    project: Project, event: str, manifest: dict[str, Any], texts: dict[str, str], language: str
) -> dict[str, Any]:
    say, folder = localizer(language), project.reports / event
    title, date = texts["final"], say.period(project.about.start, project.about.end)
    if event != "project":
        settings = project.event(event)
        title = settings.title.get(language) or next(iter(settings.title.values()))
        dates = settings.actual
        date = say.period(dates.start, dates.end) if dates.start else ""
    counts = published_counts(folder)
    formats = manifest["parameters"]["formats"]
    return {
        "event": event, "title": title, "date": date,
        "answers": " / ".join("–" if counts[k] is None else str(counts[k]) for k in ("before", "after", "linked")),
        "documents": [
            (spoken, LANGUAGES.get(spoken, spoken), _files(event, folder, spoken, formats, texts))
            for spoken in manifest["languages"]
        ],
        "numbers": [name for name in NUMBERS if (folder / name).is_file()],
    }  # fmt: skip


def _files(
    event: str, folder: Path, language: str, formats: list[str], texts: dict[str, str]
) -> list[tuple[str, str, str]]:
    """List the documents in one language: path, label and size."""
    names = [(f"report.{f}", f.upper()) for f in formats] + [("feedback.pdf", texts["feedback"])]
    return [
        (f"{event}/{language}/{name}", label, _size(folder / language / name))
        for name, label in names
        if (folder / language / name).is_file()
    ]


def _size(path: Path) -> str:
    return f"{max(1, round(path.stat().st_size / 1024))} kB"
