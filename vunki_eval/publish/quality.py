"""The data-quality report of an event: what was read, what was changed, what a person must settle. Private.

It holds files, rows, columns and counts, never an answer or a code; it is written into ``checks/<event>/``.
"""

import json
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from vunki_eval.project import Project
from vunki_eval.publish.store import refuse_link, write_whole
from vunki_eval.study import Study

STYLE = """
:root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto;
  padding: 2rem 1rem } table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8888 }
.n { text-align: right } .private { border-left: 4px solid #b5611a; padding-left: 1rem } .wide { overflow-x: auto }
"""


def quality(study: Study) -> dict[str, Any]:
    """Sum up what cleaning and linking did.

    Returns
    -------
    dict
        ``event``, ``files`` (path, rows), ``flow``, ``changes`` (rule, column, n), ``look`` and ``notes`` (problems).
    """
    log = study.log
    changes = Counter(zip(log["rule"], log["column"], strict=True)) if len(log) else Counter[tuple[str, str]]()
    flow = study.flow.astype(object).where(study.flow.notna(), None)
    return {
        "event": study.event.id,
        "files": [{"path": i.path, "rows": i.rows} for i in study.inputs],
        "flow": flow.to_dict("records"),
        "changes": [{"rule": r, "column": c, "n": n} for (r, c), n in sorted(changes.items())],
        "look": [f.as_dict() for f in study.findings if f.level == "look"],
        "notes": [f.as_dict() for f in study.findings if f.level != "look"],
    }


def write_quality(project: Project, study: Study) -> Path:
    """Write ``quality.json``, ``quality.html`` and the cleaning log into the private folder of the event."""
    folder = private_folder(project, study.event.id)
    data = quality(study)
    text = json.dumps(data, ensure_ascii=False, indent=1, default=int) + "\n"
    write_whole(folder / "quality.json", text, private=True)
    write_whole(folder / "quality.html", quality_html(data), private=True)
    write_whole(folder / "changes.csv", study.log.to_csv(index=False, lineterminator="\n"), private=True)
    return folder


def private_folder(project: Project, event: str) -> Path:
    """Make ``checks/<event>/``, which only its owner may open."""
    folder = project.checks / event
    for private in (project.checks, folder):
        refuse_link(private)
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        private.chmod(0o700)
    return folder


def quality_html(data: dict[str, Any]) -> str:
    """Show the summary as a page that asks nothing of the network."""
    parts = [
        _table("Files", ("File", "Rows"), [(f["path"], f["rows"]) for f in data["files"]]),
        _table("From file to analysis", ("Step", "Wave", "n", "Main loss"), [
            (s.get("step"), s.get("wave"), s.get("n"), s.get("reason")) for s in data["flow"]
        ]),
        _table("To be settled by a person", ("Place", "What", "What to do", "Code"), [_told(p) for p in data["look"]]),
        _table("Changes beyond plain coding", ("Rule", "Column", "Cells"), [
            (c["rule"], c["column"], c["n"]) for c in data["changes"]
        ]),
        _table("For information", ("Place", "What", "What to do", "Code"), [_told(p) for p in data["notes"]]),
    ]  # fmt: skip
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Data quality: {escape(data['event'])}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>Data quality: {escape(data['event'])}</h1>"
        '<p class="private">For the evaluator only. It names files and rows; do not publish it.</p>'
        f"{''.join(parts)}</main></body></html>\n"
    )


def _told(problem: dict[str, Any]) -> tuple[str, str, str, str]:
    place = ":".join(str(problem[k]) for k in ("file", "row", "column") if problem[k])
    return place, problem["problem"], problem["cure"], problem["code"]


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    if not rows:
        return f"<h2>{escape(title)}</h2><p>Nothing.</p>"
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{'' if c is None else escape(str(c))}</td>" for c in row) + "</tr>" for row in rows
    )
    return (
        f'<h2>{escape(title)}</h2><div class="wide" role="region" aria-label="{escape(title)}" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
