"""Write the package: all files into a folder beside, then one rename; a folder that is not empty is refused.

The primary outcomes of everybody are compared with those in the package: they can differ, since people were left out
and extreme counts were moved.
"""

import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.language import localizer
from vunki_eval.privacy.open_data.anonymous import Anonymous, Ladder, anonymise, ladder, unanimous_pairs
from vunki_eval.privacy.open_data.descriptor import citation, codebook_page, codebook_rows, descriptor, licence_text
from vunki_eval.privacy.open_data.people import EVENT, people
from vunki_eval.privacy.open_data.variables import PERSON, Variable, variables
from vunki_eval.project.project import Project
from vunki_eval.publish.build import csv_text
from vunki_eval.publish.files import refuse_link, require_empty, whole_folder, write_whole
from vunki_eval.survey.study import Study


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean change of an outcome at an event, for everybody and in the package; None with fewer than ten pairs."""

    event: str
    outcome: str
    pairs: int | None
    everybody: float | None
    package: float | None

    @property
    def difference(self) -> float | None:
        """Package minus everybody, in scale points."""
        if self.everybody is None or self.package is None:
            return None
        return self.package - self.everybody


LONGEST_LABEL = 250  # characters of a variable label, within the limit of the file format
LEAST = 10
"""Smallest number of people behind anything that is counted or tabulated in a package."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a package.

    ``steps``: how many steps coarser each quasi-identifier became for everybody; ``published_for``: the number of
    people for whom each has a value; ``information``: the share of their information that is kept (0-1), by whole
    columns and after restoring values that k people share; ``licence``: its name, empty when none is chosen;
    ``unanimous_pairs``: pairs of class and question with one answer only; ``moved_counts``: cells of counts moved to a
    value that enough people share.
    """

    files: tuple[str, ...]
    k: int
    smallest: int
    classes: int
    people: int
    dropped: int
    steps: Mapping[str, int]
    published_for: Mapping[str, int]
    information: tuple[float, float]
    licence: str
    unanimous_pairs: int
    moved_counts: int
    effects: tuple[Effect, ...]
    notes: tuple[str, ...]


def export_package(
    project: Project, studies: Sequence[Study], folder: Path, *, language: str, seed: int | None = None
) -> Exported:
    """Write the research package of some events.

    Parameters
    ----------
    project : Project
    studies : sequence of Study
    folder : Path
        A new or empty folder.
    language : str
        Language of the labels.
    seed : int, optional
        Makes ids and order repeatable; without it they are new every time, so that packages cannot be joined.

    Raises
    ------
    UsageError
        If the folder is not empty or cannot be written.
    InputError
        If fewer than ten people answered, or fewer than a class must have: then no package can be anonymous.
    """
    refuse_link(folder)
    require_empty(folder)
    settings = project.config.export
    quasi = settings.quasi_identifiers or _profile(project)
    frame, counted = people(studies, quasi, least=LEAST)
    if len(frame) < (needed := max(LEAST, settings.k)):
        problem = M_(
            "Fewer than {needed} people answered, so no package of their answers can be anonymous.", needed=needed
        )
        raise InputError(Problem("surveys/", 0, "", problem, M_("Publish the report instead."), "VE-731"))
    anonymous = anonymise(frame[[EVENT, *quasi]], _ladders(project, frame, quasi), k=settings.k, least=LEAST,
                     parts=_parts(project, frame), answers=frame.drop(columns=[EVENT, *quasi]))  # fmt: skip
    rows = _shuffled(frame, anonymous, quasi, seed)
    answers = [c for c in rows if c not in (PERSON, EVENT, *quasi)]
    rows = rows.drop(columns=[c for c in answers if rows[c].count() < LEAST])
    unanimous = unanimous_pairs(rows[[EVENT, *quasi]], rows[[c for c in answers if c in rows]], settings.k)
    compared = effects(project, frame.assign(**counted), frame.iloc[anonymous.kept], least=LEAST)
    moved_counts = int((counted.notna() & (frame[counted.columns] != counted)).sum().sum())
    described = variables(project, rows, quasi, language)
    notes = _notes(project, anonymous, len(frame), unanimous, moved_counts, language)
    files = _files(project, rows, described, notes, language)
    with whole_folder(folder) as work:
        for name, content in files.items():
            write_whole(work / name, content)
    n = len(anonymous.kept)
    return Exported(
        tuple(files), settings.k, anonymous.smallest, anonymous.classes, n, len(frame) - n, anonymous.steps,
        anonymous.published_for, anonymous.kept_information, settings.licence, unanimous, moved_counts,
        tuple(compared), tuple(notes),
    )  # fmt: skip


def _profile(project: Project) -> tuple[str, ...]:
    return tuple(i.code for i in project.instrument.items if i.role == "profile" and i.kind == "single")


def _ladders(project: Project, frame: pd.DataFrame, quasi: Sequence[str]) -> dict[str, Ladder]:
    k = project.config.export.k
    ladders = {EVENT: ladder(frame[EVENT], (), k)}
    for code in quasi:
        response_set = project.instrument.response_set(code)
        bands = [[str(v) for v in band] for band in response_set.bands] if response_set else []
        ladders[code] = ladder(frame[code], bands, k)
    return ladders


def _parts(project: Project, frame: pd.DataFrame) -> list[np.ndarray]:
    """Return the rows of every event's wave, since the report counts each separately."""
    parts = []
    for event in frame[EVENT].unique():
        for wave in project.instrument.wave_keys:
            columns = [c for c in frame if str(c).endswith(f"_{wave}")]
            parts.append(((frame[EVENT] == event) & frame[columns].notna().any(axis=1)).to_numpy())
    return parts


def _shuffled(frame: pd.DataFrame, anonymous: Anonymous, quasi: Sequence[str], seed: int | None) -> pd.DataFrame:
    """Return the rows that stay, with published values and new ids, in random order."""
    rng = np.random.default_rng(secrets.randbits(128) if seed is None else seed)
    order = rng.permutation(anonymous.kept)
    rows = frame.iloc[order].reset_index(drop=True)
    published = anonymous.values.iloc[order].reset_index(drop=True)
    ids = [f"{n:08d}" for n in rng.choice(10**8, size=len(rows), replace=False)]
    answers = rows.drop(columns=[EVENT, *quasi])
    return pd.concat([pd.Series(ids, name=PERSON, dtype=object), published[[EVENT, *quasi]], answers], axis=1)


def _notes(
    project: Project, anonymous: Anonymous, total: int, unanimous: int, moved_counts: int, language: str
) -> list[str]:
    """Say in sentences what the package is and what was done."""
    say = localizer(language)
    k, dropped = project.config.export.k, total - len(anonymous.kept)
    notes = [say._("SYNTHETIC DATA - not real answers.")] if project.synthetic() else []
    notes.append(
        say._(
            "One row per person, {n} people. Every combination of quasi-identifiers belongs to at least {k} people "
            "(smallest class: {smallest}; classes: {classes}).",
            n=say.count(len(anonymous.kept)), k=say.count(k), smallest=say.count(anonymous.smallest),
            classes=say.count(anonymous.classes),
        )
    )  # fmt: skip
    coarser = [name for name, step in anonymous.steps.items() if step]
    if coarser:
        notes.append(say._("Made coarser: {names}.", names=", ".join(coarser)))
    people_left = len(anonymous.kept)
    some = [f"{name} ({say.count(n)})" for name, n in anonymous.published_for.items() if 0 < n < people_left]
    if some:
        notes.append(
            say._(
                "Given only where at least {k} people share the whole combination: {names} (number of people). The "
                "gaps are not a matter of chance: do not take the people without gaps for a random sample.",
                k=say.count(k), names=", ".join(some),
            )
        )  # fmt: skip
    if dropped:
        notes.append(say._("{n} people with rare combinations are left out.", n=say.count(dropped)))
    else:
        notes.append(say._("Nobody is left out."))
    if moved_counts:
        notes.append(
            say._(
                "Extreme counts were moved to the nearest value shared by ten people: {n} cells.",
                n=say.count(moved_counts),
            )
        )
    if unanimous:
        notes.append(
            say._(
                "In {n} pairs of a combination and a question all people gave the same answer: whoever knows that "
                "somebody took part knows that answer (l-diversity 1).", n=say.count(unanimous),
            )
        )  # fmt: skip
    notes.append(
        say._("Ids are random and new in every package. There are no texts, codes, teams or times; a date is its wave.")
    )
    return notes


def _files(
    project: Project, rows: pd.DataFrame, described: Sequence[Variable], notes: Sequence[str], language: str
) -> dict[str, bytes]:
    """Make every file of the package."""
    title = localizer(language).pick(project.about.title)
    cells = [[_cell(v, row[v.name]) for v in described] for row in rows.to_dict("records")]
    labelled = [[_label(v, cell) for v, cell in zip(described, row, strict=True)] for row in cells]
    head = [v.name for v in described]
    files = {
        "data.csv": csv_text([head, *cells]).encode(),
        "data_labels.csv": csv_text([head, *labelled]).encode(),
        "data.sav": sav_bytes(rows, described, title),
        "codebook.csv": csv_text(codebook_rows(described)).encode(),
        "codebook.html": codebook_page(described, language, title=title, notes=notes).encode(),
        "LICENSE.txt": licence_text(project, language).encode(),
        "README.md": "\n\n".join([f"# {title}", *notes]).encode() + b"\n",
    }
    text = " ".join(notes)
    files["CITATION.cff"] = citation(project, language, text).encode()
    tables = {"data.csv": described, "codebook.csv": [Variable(c, c, "string", {}) for c in codebook_rows([])[0]]}
    files["datapackage.json"] = descriptor(project, tables, files, language, text).encode()
    return files


def _cell(variable: Variable, value: object) -> object:
    if value is None or value != value or value == "":
        return ""
    if variable.kind == "string":
        return str(value)
    number = float(str(value))
    return int(number) if number == int(number) else float(f"{number:.10g}")


def _label(variable: Variable, cell: object) -> object:
    return variable.values.get(str(cell), cell)


def effects(project: Project, everybody: pd.DataFrame, package: pd.DataFrame, *, least: int) -> list[Effect]:
    """Compare the change from the first wave to the second, as everybody answered and as the package has it."""
    waves = (*project.instrument.wave_keys, "", "")[:2]
    compared = []
    for event in [e.id for e in project.events if (everybody[EVENT] == e.id).any()]:
        for outcome in project.primary_outcomes:
            of_all, of_package = (
                _change(frame[frame[EVENT] == event], outcome, waves).dropna() for frame in (everybody, package)
            )
            enough = len(of_package) >= least
            compared.append(
                Effect(
                    event, outcome, len(of_package) if enough else None, float(of_all.mean()) if enough else None,
                    float(of_package.mean()) if enough else None,
                )
            )  # fmt: skip
    return compared


def _change(frame: pd.DataFrame, outcome: str, waves: Sequence[str]) -> pd.Series:
    columns = [next((c for c in (f"score_{outcome}_{w}", f"{outcome}_{w}") if c in frame), "") for w in waves]
    if not all(columns):
        return pd.Series(np.nan, index=frame.index)
    return frame[columns[1]].astype(float) - frame[columns[0]].astype(float)


def sav_bytes(rows: pd.DataFrame, variables: Sequence[Variable], title: str) -> bytes:
    """Return the content of an SPSS file; text answers become labelled numbers from 1 on, as SPSS users expect.

    Parameters
    ----------
    rows : DataFrame
    variables : sequence of Variable
        In the order of the columns.
    title : str
        Label of the file.
    """
    import pyreadstat

    data: dict[str, pd.Series] = {}
    labels: dict[str, dict[float, str]] = {}
    measures = {}
    for variable in variables:
        is_scale = not variable.values and variable.kind != "string"
        measures[variable.name] = "scale" if is_scale else "ordinal" if variable.ordered else "nominal"
        if variable.kind == "string" and variable.values:
            numbers = {value: float(i) for i, value in enumerate(variable.values, 1)}
            data[variable.name] = rows[variable.name].map(numbers).astype(float)
            labels[variable.name] = {numbers[value]: label for value, label in variable.values.items()}
        elif variable.kind == "string":
            data[variable.name] = rows[variable.name].astype(str)
        else:
            data[variable.name] = rows[variable.name].astype(float).replace([np.inf, -np.inf], np.nan)
            labels[variable.name] = {float(value): label for value, label in variable.values.items()}
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        path = Path(folder) / "data.sav"
        pyreadstat.write_sav(
            pd.DataFrame(data), path, file_label=title[:60],
            column_labels=[variable.label[:LONGEST_LABEL] for variable in variables],
            variable_value_labels={name: values for name, values in labels.items() if values},
            variable_measure=measures,
        )  # fmt: skip
        return path.read_bytes()
