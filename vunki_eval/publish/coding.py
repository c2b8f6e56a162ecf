"""Coding sheets for the evaluator: prepared in ``checks/<event>/``, with what two coders still see differently. Private."""

from dataclasses import dataclass
from pathlib import Path

from vunki_eval.coding import (
    COLUMNS,
    agreements,
    coding_rows,
    disagreements,
    lemmas_known,
    open_items,
    settled,
    sheet_csv,
    sheet_xlsx,
)
from vunki_eval.project import Project
from vunki_eval.publish.quality import private_folder
from vunki_eval.publish.store import write_whole, write_whole_bytes
from vunki_eval.study import Study

OPEN = "disagreements.csv"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was written for an event, in counts.

    Attributes
    ----------
    event : str
    files : tuple of Path
        Sheets, and the list of disagreements where there is one.
    answers : dict of str to int
        Answers per open question.
    coded : dict of str to int
        Those coded by everybody or settled.
    kappa : dict of str to (value, low, high, n)
        Over all themes, per question; only with two coders.
    waiting : int
        Answers that the coders see differently and have not settled.
    coders : int
    suggestions : bool
        Whether the extra for suggestions is installed.
    """

    event: str
    files: tuple[Path, ...]
    answers: dict[str, int]
    coded: dict[str, int]
    kappa: dict[str, tuple[float, float, float, int]]
    waiting: int
    coders: int
    suggestions: bool


def prepare_coding(project: Project, study: Study) -> Prepared:
    """Write a sheet per open question (CSV and XLSX) and the open disagreements into the event's private folder."""
    folder, coding = private_folder(project, study.event.id), study.coding
    language = project.about.languages[0]
    sheets = coding_rows(study.responses, project.instrument, coding.codebook, seed=project.method.seed)
    files = []
    for item, rows in sheets.items():
        for name in (f"coding.{item}.csv", f"coding.{item}.xlsx"):
            if name.endswith("csv"):
                write_whole(folder / name, sheet_csv(rows), private=True)
            else:
                write_whole_bytes(folder / name, sheet_xlsx(rows, coding.codebook, item, language), private=True)
            files.append(folder / name)
    apart = list(disagreements(coding))
    (folder / OPEN).unlink(missing_ok=True)
    if apart:
        shown = {(r["item"], r["file"], int(r["row"])): r for rows in sheets.values() for r in rows}
        names = [s.coder for s in coding.coders]
        rows = [
            {**shown[place], "themes": "", **{n: "; ".join(sorted(given[n])) or "-" for n in names}}
            for place, given in apart
            if place in shown
        ]
        columns = [c for c in COLUMNS if c not in ("suggestion", "themes", "note")] + [*names, "themes", "note"]
        write_whole(folder / OPEN, sheet_csv(rows, columns), private=True)
        files.append(folder / OPEN)
    items = [i.code for i in open_items(project.instrument) if i.code in sheets]
    found = {i: agreements(coding, i, level=project.method.level).get("all", (None, 0, 0))[0] for i in items}
    return Prepared(
        study.event.id,
        tuple(files),
        {i: len(sheets[i]) for i in items},
        {i: sum(settled(coding, p) is not None for p in coding.places(i)) for i in items},
        {i: (k.value, k.low, k.high, k.n) for i, k in found.items() if k is not None},
        len(apart),
        len(coding.coders),
        lemmas_known(),
    )
