"""Read the sheets that coders filled in: ``coding.<coder>.csv`` or ``.xlsx`` beside an event's exports."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors import M_, ConfigError, InputError, Message, Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers import open_source
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.wording import tidy
from vunki_eval.survey.coding.codebook import Codebook
from vunki_eval.survey.coding.prepared_sheets import open_items

NEEDED = ("item", "file", "row", "themes")
AGREED = "agreed"
"""Name of the sheet in which disagreements are settled: ``coding.agreed.csv``."""
NO_THEME = ("-", "–", "0", "none", "muu", "ei ole")
_NAME = re.compile(r"coding\.([A-Za-z0-9_-]{1,20})(?:\.[A-Za-z0-9_-]+)?\.(csv|xlsx)")
Place = tuple[str, str, int]
"""An answer: item, export's file name, physical row."""


@dataclass(frozen=True, slots=True)
class CoderSheet:
    """The themes that one coder assigned to each answer; answers left uncoded are not included.

    ``texts`` holds the answers as the sheet shows them, if it still does, to notice rows that have moved.
    """

    coder: str
    codes: dict[Place, frozenset[str]]
    texts: dict[Place, str]
    lines: dict[Place, tuple[str, int]]

    def __repr__(self) -> str:
        """Say how many, never what was written."""
        return f"<CoderSheet {self.coder}: {len(self.codes)} answers, not shown>"


def read_coding(folder: Path, shown_folder: str, instrument: Instrument, codebook: Codebook) -> tuple[CoderSheet, ...]:
    """Read all coders' sheets of an event; several files of a coder (one per question) are one sheet.

    Parameters
    ----------
    folder : Path
        ``surveys/<event>``.
    shown_folder : str
        How messages name the folder.
    instrument : Instrument
    codebook : Codebook

    Raises
    ------
    ConfigError
        For missing columns, unknown questions or themes, an answer coded twice, more than two coders, or sheets
        without a codebook; with every fault found. Never a word of an answer.
    """
    files = sorted(p for p in folder.glob("coding.*") if _NAME.fullmatch(p.name)) if folder.is_dir() else []
    if not files:
        return ()
    problems: list[Problem] = []
    if not codebook.themes:
        hint = M_("Write surveys/codebook.toml, or put codebook.csv beside the event.")
        raise ConfigError(
            Problem(f"{shown_folder}/{files[0].name}", 0, "", M_("There is no codebook."), hint, "VE-762")
        )
    sheets: dict[str, CoderSheet] = {}
    for path in files:
        coder = str(_NAME.fullmatch(path.name)[1])  # type: ignore[index]
        sheets.setdefault(coder, CoderSheet(coder, {}, {}, {}))
        _add(sheets[coder], path, f"{shown_folder}/{path.name}", (instrument, codebook), problems)
    if len(coders := sorted(set(sheets) - {AGREED})) > 2:
        problem = M_("There are sheets of more than two coders: {coders}.", coders=", ".join(coders))
        problems.append(Problem(shown_folder, 0, "coding", problem, M_("Keep the sheets of two."), "VE-763"))
    if problems:
        raise ConfigError(problems)
    return tuple(sheets[name] for name in sorted(sheets))


def _add(
    sheet: CoderSheet, path: Path, file: str, definitions: tuple[Instrument, Codebook], problems: list[Problem]
) -> None:
    try:
        source = open_source(path, file, ReaderOptions(sheet="coding") if path.suffix == ".xlsx" else ReaderOptions())
    except InputError as error:
        problems += error.problems
        return
    header = [h.lower() for h in source.header()]
    if missing := [c for c in NEEDED if c not in header]:
        problem = M_("The column is missing: {missing}.", missing=", ".join(missing))
        problems.append(Problem(file, source.lines[0], missing[0], problem, M_("Keep the sheet's columns."), "VE-764"))
        return
    for line, cells in _cells(source, header):
        faults = list(_faults(cells, *definitions))
        problems += [Problem(file, line, column, problem, hint, "VE-765") for column, problem, hint in faults]
        if faults or not cells["themes"]:
            continue
        place = (cells["item"], cells["file"].rpartition("/")[2], int(cells["row"]))
        if place in sheet.codes:
            where = ":".join(map(str, sheet.lines[place]))
            problem = M_("The answer is coded twice (first in {where}).", where=where)
            problems.append(Problem(file, line, "row", problem, M_("Keep one of the rows."), "VE-766"))
            continue
        sheet.codes[place] = frozenset(themes_in(cells["themes"]))
        sheet.lines[place] = (file, line)
        if cells.get("text"):
            sheet.texts[place] = cells["text"]


def _cells(source: Source, header: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for line, row in zip(source.lines[1:], source.rows[1:], strict=True):
        yield line, dict(zip(header, map(tidy, row), strict=False))


def themes_in(cell: str) -> list[str]:
    """Split a cell into themes; ``-`` means that none fits."""
    if cell.casefold() in NO_THEME:
        return []
    return [part for part in re.split(r"[;,\s]+", cell) if part]


def _faults(
    cells: Mapping[str, str], instrument: Instrument, codebook: Codebook
) -> Iterator[tuple[str, Message, Message]]:
    items = [i.code for i in open_items(instrument)]
    if cells["item"] not in items:
        yield "item", M_("There is no such open question."), M_("Known: {items}.", items=", ".join(items) or M_("none"))
        return
    if not cells["row"].isdecimal() or not cells["file"]:
        yield "row", M_("The answer's file or row is missing."), M_("Copy them from the sheet in checks/.")
    keys = [t.key for t in codebook.of(cells["item"])]
    for theme in themes_in(cells["themes"]):
        if theme not in keys:
            near = difflib.get_close_matches(theme, keys, n=1)
            hint = (
                M_("Did you mean {near}?", near=repr(near[0]))
                if near
                else M_("Use: {keys}; or - for none of them.", keys=", ".join(keys))
            )
            yield "themes", M_("The codebook has no such theme for this question."), hint
