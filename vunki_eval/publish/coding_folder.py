"""Write coding sheets and the disagreements of two coders into ``checks/<event>/``, for the evaluator only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.project.project import Project
from vunki_eval.publish.files import write_all
from vunki_eval.publish.private_folder import private_folder
from vunki_eval.survey.coding import (
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
from vunki_eval.survey.participants import listed_names
from vunki_eval.survey.scan import scan
from vunki_eval.survey.study import Study

OPEN = "disagreements.csv"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The sheets written for an event, and how far coding has come.

    Attributes
    ----------
    event : str
    files : tuple of Path
        Sheets, and the list of disagreements if there are any.
    answers : dict of str to int
        Number of answers per open question.
    coded : dict of str to int
        Number of answers that all coders agree on or that were settled.
    kappa : dict of str to (value, low, high, n)
        Cohen's kappa over all themes, per question; only with two coders.
    waiting : int
        Number of answers that the coders coded differently and have not settled.
    coders : int
    suggestions : bool
        Whether the optional package for suggested themes is installed.
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
    """Write a sheet per open question (CSV and XLSX) and the unsettled disagreements into the private folder."""
    folder, coding = private_folder(project, study.event.id), study.coding
    language = project.about.languages[0]
    names = listed_names(project.surveys / study.event.id, study.event.participants)
    sheets = coding_rows(
        study.responses, project.instrument, coding.codebook, seed=project.method.seed,
        scan=lambda text: ", ".join(scan(text, names)),
    )  # fmt: skip
    files: dict[Path, str | bytes | None] = {}
    for item, rows in sheets.items():
        files[folder / f"coding.{item}.csv"] = sheet_csv(rows)
        files[folder / f"coding.{item}.xlsx"] = sheet_xlsx(rows, coding.codebook, item, language)
    unsettled = list(disagreements(coding))
    files[folder / OPEN] = _disagreements(study, sheets) if unsettled else None
    write_all(files, private=True)
    items = [i.code for i in open_items(project.instrument) if i.code in sheets]
    kappas = {i: agreements(coding, i, level=project.method.level).get("all", (None, 0, 0))[0] for i in items}
    return Prepared(
        study.event.id,
        tuple(path for path, content in files.items() if content is not None),
        {i: len(sheets[i]) for i in items},
        {i: sum(settled(coding, p) is not None for p in coding.places(i)) for i in items},
        {i: (k.value, k.low, k.high, k.n) for i, k in kappas.items() if k is not None},
        len(unsettled),
        len(coding.coders),
        lemmas_known(),
    )


def _disagreements(study: Study, sheets: Mapping[str, list[dict[str, str]]]) -> str:
    """List unsettled disagreements with their answers; they are settled in ``coding.agreed.csv`` beside the exports."""
    by_place = {(r["item"], r["file"], int(r["row"])): r for rows in sheets.values() for r in rows}
    coders = [s.coder for s in study.coding.coders]
    rows = [
        {**by_place[place], "themes": "", **{c: "; ".join(sorted(themes[c])) or "-" for c in coders}}
        for place, themes in disagreements(study.coding)
        if place in by_place
    ]
    columns = [c for c in COLUMNS if c not in ("suggestion", "themes", "note")]
    return sheet_csv(rows, [*columns, *coders, "themes", "note"])
