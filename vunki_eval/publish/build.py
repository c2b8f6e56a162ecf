"""Build one unit: results first, then a notebook and its exports for each language, the manifest last."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from vunki_eval.errors import M_, BuildError, Problem
from vunki_eval.project.project import Project, load_project
from vunki_eval.publish.earlier import with_earlier
from vunki_eval.publish.files import write_whole
from vunki_eval.publish.fingerprint import WHOLE, notebook_of, require_same, unit_key
from vunki_eval.publish.forks import in_fork
from vunki_eval.publish.last_check import check_export, check_texts, written_texts
from vunki_eval.publish.manifest import counts_of, write_manifest
from vunki_eval.publish.private_folder import failed_notebook
from vunki_eval.publish.results_workbook import NAME, results_workbook
from vunki_eval.publish.unit import Built
from vunki_eval.readers.files.delimited import join_rows
from vunki_eval.results.results import COLUMNS, Results, load_results, to_dict, to_json
from vunki_eval.survey.coding.prepared_sheets import FORMULA

FEEDBACK = "feedback.pdf"
CLAIMED = "et"  # the payment claim needs the feedback summary in this language, so it is always made


def build_unit(
    root: Path, event: str, languages: Sequence[str], formats: Sequence[str], work: Path, *, engine: str = "auto",
    parallel: bool = False,
) -> Built:  # fmt: skip
    """Build an event's reports, or the end-of-project report, into ``work/<event>`` without publishing them.

    Parameters
    ----------
    root : Path
        The project's folder.
    event : str
        Event id or ``project``.
    languages, formats : sequence of str
        What to build; the executed notebook is always written as well.
    work : Path
        The run's private folder.
    engine : str
        See `vunki_eval.publish.engine.run_notebook`.
    parallel : bool
        Whether to build the languages at the same time, where processes can be forked.

    Returns
    -------
    Built

    Raises
    ------
    ConfigError, InputError, BuildError
        With every problem. No manifest is written then, so that ``work/<event>`` cannot be published.
    """
    from vunki_eval.analysis.evaluation import evaluate_with_findings

    project = load_project(root)
    key = unit_key(project, event)
    folder, private = work / event, work / f"private-{event}"
    folder.mkdir(parents=True)
    private.mkdir(mode=0o700)
    pages = [partial(build_language, project, event, x, formats, folder, private / x, engine) for x in languages]
    results, findings = evaluate_with_findings(project, event)
    results = with_earlier(results, project.reports / event)
    write_results(folder, results)
    in_fork(pages, parallel=parallel, forks=engine != "standard")
    written = written_texts(project.surveys)
    for language in languages:
        check_texts(folder, language, written)
    require_same(load_project(root), event, key)
    to_settle = sum(f.level == "look" for f in findings)
    write_manifest(folder, project, results, key=key, languages=languages, formats=formats, findings=to_settle)
    return Built(event, counts_of(results.flow.to_dict("records")), tuple(findings))


def write_results(folder: Path, results: Results) -> None:
    """Write ``results.json``, a CSV file per table (UTF-8, line feeds) and one workbook with all tables."""
    (folder / NAME).write_bytes(results_workbook(results))
    (folder / "results").mkdir()
    (folder / "results.json").write_text(to_json(results), "utf-8", newline="\n")
    data = to_dict(results)
    for name, columns in COLUMNS.items():
        rows = [[_cell(row[c]) for c in columns] for row in data[name]]
        (folder / "results" / f"{name}.csv").write_text(csv_text([list(columns), *rows]), "utf-8", newline="\n")


def build_language(
    project: Project, event: str, language: str, formats: Sequence[str], folder: Path, private: Path, engine: str
) -> None:
    """Run the notebook in one language and export it, both in this process so that nothing is imported twice."""
    from vunki_eval.publish.engine import run_notebook
    from vunki_eval.report.render.export import export_notebook

    target = folder / language
    private.mkdir(mode=0o700)
    (target / "figures").mkdir(parents=True)
    results_path = folder / "results.json"
    source = notebook_of(project, event)
    parameters = {"event": event, "language": language} if event != WHOLE else {"language": language}
    try:
        executed: Any = run_notebook(
            source, parameters, cwd=project.root, results=results_path, private=private, engine=engine
        )
    except BuildError as error:
        executed_part = private / source.name
        raise BuildError(_with_notebook(p, executed_part, project, event, language) for p in error.problems) from None
    import nbformat

    (target / "report.ipynb").write_text(nbformat.writes(executed) + "\n", "utf-8", newline="\n")
    write_figures(executed, target / "figures")
    for name in formats:
        if name != "ipynb":
            data = export_notebook(executed, name, results_path=results_path, theme=project.theme)
            check_export(data, name, event, language)
            (target / f"report.{name}").write_bytes(data)
    if event != WHOLE and ("pdf" in formats or language == CLAIMED):
        (target / FEEDBACK).write_bytes(feedback_page(project, event, language, load_results(results_path)))


def feedback_page(project: Project, event: str, language: str, results: Results) -> bytes:
    """Typeset the feedback summary of an event: one PDF page for the payment claim."""
    from vunki_eval.report.commentary import load_commentary
    from vunki_eval.report.render.pdf.onepage import feedback_pdf
    from vunki_eval.report.sections.feedback import feedback

    data = feedback_pdf(feedback(results, language, load_commentary(project, event, language)), theme=project.theme)
    check_export(data, "pdf", event, language)
    return data


def _with_notebook(problem: Problem, executed: Path, project: Project, event: str, language: str) -> Problem:
    """Copy the notebook that failed into the event's private folder, and point its author there."""
    if not executed.is_file():
        return problem
    copy = failed_notebook(project, event, language)
    write_whole(copy, executed.read_text("utf-8"), private=True)
    return replace(problem, hint=M_("See checks/{event}/{file} (private).", event=event, file=copy.name))


def write_figures(executed: Any, folder: Path) -> None:
    """Write every figure of the report as SVG, and its numbers as CSV."""
    for block in _blocks(executed):
        for figure in (block, block.get("chart")) if block["kind"] == "page_one" else (block,):
            if figure and figure["kind"] == "figure":
                if not figure["alt"]:
                    problem = M_("The figure {name} has no alternative text.", name=repr(figure["name"]))
                    raise BuildError(Problem("", 0, "", problem, M_("Give it one in its section."), "VE-403"))
                (folder / f"{figure['name']}.svg").write_text(figure["svg"], "utf-8", newline="\n")
                (folder / f"{figure['name']}.csv").write_text(csv_text(figure["data"]), "utf-8", newline="\n")


def csv_text(rows: Sequence[Sequence[Any]]) -> str:
    """Write rows as CSV; an apostrophe keeps a spreadsheet from running text as a formula."""
    return join_rows([_defused(c) for c in row] for row in rows)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _defused(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if value.startswith(FORMULA) and not _is_number(value) else text


def _is_number(text: str) -> bool:
    try:
        float(text.replace("\u2212", "-").replace(",", "."))
    except ValueError:
        return False
    return True


def _blocks(executed: Any) -> list[dict[str, Any]]:
    from vunki_eval.results.blocks import SECTION_MIME

    outputs = [o for c in executed.cells if c.cell_type == "code" for o in c.outputs if "data" in o]
    return [b for o in outputs if SECTION_MIME in o["data"] for b in o["data"][SECTION_MIME]["blocks"]]
