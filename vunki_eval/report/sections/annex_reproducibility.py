"""The annex on reproducibility: versions, input files with their fingerprints, and the seed."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.sections.frame import build, text
from vunki_eval.report.tables import earlier_table
from vunki_eval.results.blocks import Column, Section, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

DIGEST_LENGTH = 16  # characters of a SHA-256 that fit the table and still tell files apart


def annex_reproducibility(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the annex on reproducibility."""
    view = view_results(results, language)
    say = view.say
    seed = view.meta.get("seed")
    blocks = [
        text(
            say._(
                "All numbers follow from the files below by the program named; the same files give the same "
                "report, byte for byte."
            ),
            say._(
                "The command “vunki-eval verify” recomputes them and says whether the report still follows from "
                "the data."
            ),
            say._("Random draws start from {seed}.", seed=str(seed)) if seed is not None else "",
        ),
        earlier_table(results, language),
        _inputs(view),
        text(_programs(view)),
    ]
    return build(
        view, "reproducibility", say._("How to get exactly the same numbers again"), blocks, commentary, part="annex"
    )


def _programs(view: ResultsView) -> str:
    """Name the program versions in one sentence; a table of them would take a third of a page."""
    versions = {"vunki_eval": view.meta.get("version", ""), **view.meta.get("packages", {})}
    listed = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()) if number)
    return f"{view.say._('Programs and versions')}: {listed}." if listed else ""


def _inputs(view: ResultsView) -> Table | None:
    say = view.say
    rows = tuple(
        (str(i["path"]), say.count(i["rows"]), str(i["sha256"])[:DIGEST_LENGTH]) for i in view.meta.get("inputs", [])
    )
    if not rows:
        return None
    columns = (Column(say._("File"), wide=True), Column(say._("Rows"), "right"), Column("SHA-256"))
    note = say._("First 16 of 64 characters; in full in manifest.json.")
    return Table("inputs", say._("Files that were read"), columns, rows, note)
