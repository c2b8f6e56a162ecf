"""Documents of one page beside the report, set by Typst: the feedback summary and the sheet of a payment claim."""

import datetime as dt
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.labels import labels_with_defaults
from vunki_eval.report.render.pdf.typeset import TEMPLATES, compiled, logo_files, printable, theme_data
from vunki_eval.report.sections.feedback import Feedback


def feedback_pdf(page: Feedback, *, theme: Theme = THEME) -> bytes:
    """Set the feedback summary: one page, PDF/A-3a and PDF/UA-1; the same content always gives the same bytes."""
    return page_pdf("feedback.typ", asdict(page), page.labels, page.date, theme=theme)


def page_pdf(
    template: str, content: dict[str, Any], labels: dict[str, str], date: str, *, theme: Theme = THEME
) -> bytes:
    """Set ready texts with a template of their own.

    Parameters
    ----------
    template : str
        File in ``report/render/pdf/typst/``.
    content : dict
        Texts; must hold ``language``, ``draft`` and ``signature``.
    labels : dict
        The document's fixed words.
    date : str
        ISO date of the document, also the time stamp of the PDF; "" gives a fixed one.
    """
    day = dt.date.fromisoformat(date) if date else dt.date(2000, 1, 1)
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        root = Path(folder)
        shutil.copytree(TEMPLATES, root, dirs_exist_ok=True)
        data = {
            "theme": theme_data(theme),
            "logos": logo_files(theme, content["language"], root),
            "labels": printable(labels_with_defaults(labels)),
            "cover": printable(content),
            "date": [day.year, day.month, day.day],
        }
        (root / "document.json").write_text(json.dumps(data, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        return compiled(root, template, int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()), theme)
