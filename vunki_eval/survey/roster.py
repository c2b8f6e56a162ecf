"""The roster: participants' codes and sectors, and how well participants say they know each other.

``surveys/<event>/roster.csv`` lists the participants' codes (``code,sector``; no names). The exports hold a column per
code (``NWR[K07]``, ``NWR_K07`` or the wording with the code in brackets) and the person's own code. These
ratings leave the study only as counts of ties.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vunki_eval.errors import M_, ConfigError, InputError, Problem
from vunki_eval.project.instrument import Instrument, Item, Option, ResponseSet
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers import open_source
from vunki_eval.readers.wording import label_key, listed, tidy

FILES = ("roster.csv", "roster.xlsx")
COLUMNS = ("code", "sector")
LEAST, MOST = 3, 400
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")


@dataclass(frozen=True, slots=True)
class Roster:
    """How well participants say they know each other.

    Attributes
    ----------
    sectors : mapping
        Sector of every participant on the list, by code; "" where it is not known.
    ratings : DataFrame
        One row per answer: ``wave``, ``from``, ``to``, ``strength``. Blank answers are left out.
    answered : mapping
        Codes of those who answered, per wave.
    """

    sectors: Mapping[str, str]
    ratings: pd.DataFrame
    answered: Mapping[str, frozenset[str]]

    def __repr__(self) -> str:
        """Say how many, never who."""
        return f"<Roster of {len(self.sectors)} people, not shown>"


def read_roster(folder: Path, shown_folder: str, instrument: Instrument, sector: str = "PR1") -> dict[str, str]:
    """Read an event's list of participants' codes; empty without a list or when the instrument has no roster.

    Parameters
    ----------
    folder : Path
        ``surveys/<event>``.
    shown_folder : str
        How messages name the folder.
    instrument : Instrument
    sector : str
        Item whose answers are the sectors.

    Returns
    -------
    dict
        Code to sector, "" where the list leaves it blank.

    Raises
    ------
    ConfigError
        For a missing column, repeated or malformed codes, and unknown sectors.
    """
    path = next((folder / name for name in FILES if (folder / name).is_file()), None)
    if path is None or instrument.roster is None:
        return {}
    file = f"{shown_folder}/{path.name}"
    try:
        source = open_source(path, file, ReaderOptions())
    except InputError as error:
        raise ConfigError(error.problems) from None
    header = [h.lower() for h in source.header()]
    if "code" not in header:
        raise ConfigError(Problem(file, source.lines[0], "code", M_("The column is missing."), M_("Add it."), "VE-770"))
    labels = _sector_labels(instrument, sector)
    sectors: dict[str, str] = {}
    problems: list[Problem] = []
    for line, row in zip(source.lines[1:], source.rows[1:], strict=True):
        cells = dict(zip(header, map(tidy, row), strict=False))
        code, label = cells["code"], cells.get("sector", "")
        if not _CODE.fullmatch(code):
            hint = M_("Use a letter, then letters and digits: K07. No names.")
            problems.append(Problem(file, line, "code", M_("This is not a participant's code."), hint, "VE-770"))
        elif code.casefold() in {c.casefold() for c in sectors}:
            problems.append(
                Problem(file, line, "code", M_("The code is on the list twice."), M_("Remove one."), "VE-770")
            )
        elif label and label_key(label) not in labels:
            hint = M_("Write one of: {labels}.", labels=", ".join(dict.fromkeys(labels.values())))
            problems.append(Problem(file, line, "sector", M_("The sector is unknown."), hint, "VE-770"))
        else:
            sectors[code] = labels.get(label_key(label), "")
    if not problems and not LEAST <= len(sectors) <= MOST:
        problem = M_(
            "The list holds {n} codes; a roster has {least} to {most}.", n=len(sectors), least=LEAST, most=MOST
        )
        problems.append(Problem(file, 0, "", problem, M_("Is this the right file?"), "VE-770"))
    if problems:
        raise ConfigError(problems)
    return sectors


def _sector_labels(instrument: Instrument, sector: str) -> dict[str, str]:
    response_set = instrument.response_set(sector) if any(i.code == sector for i in instrument.items) else None
    options = response_set.options if response_set else ()
    return {label_key(t): str(o.value) for o in options for t in (str(o.value), *o.label.values(), *o.also)}


def with_roster(instrument: Instrument, codes: Mapping[str, str]) -> Instrument:
    """Add the roster's items to an instrument: one for the respondent's own code, one per participant on the list."""
    question = instrument.roster
    if question is None or not codes:
        return instrument
    languages = instrument.languages
    own_set = f"{question.own}_codes"
    labels = [Option(value=code, label=dict.fromkeys(languages, code)) for code in codes]
    own = Item(
        code=question.own,
        role="meta",
        text=question.own_text,
        response_set=own_set,
        waves=question.waves,
        source=question.source,
    )
    items = [
        Item(
            code=f"{question.code}_{code}", role="meta", stem=dict(question.text), text=dict.fromkeys(languages, code),
            also=(f"{question.code}[{code}]", f"{question.code}[SQ{code}]", f"{question.code}.{code}"),
            response_set=question.response_set, waves=question.waves, optional=True,
        )
        for code in codes
    ]  # fmt: skip
    sets = (*instrument.response_sets, ResponseSet(key=own_set, options=tuple(labels), ordered=False))
    return instrument.model_copy(update={"items": (*instrument.items, own, *items), "response_sets": sets})


def take_roster(
    responses: pd.DataFrame, instrument: Instrument, codes: Mapping[str, str], sector: str = "PR1"
) -> tuple[pd.DataFrame, Roster | None, tuple[Problem, ...]]:
    """Move the roster's answers from the responses into a `Roster`.

    A response is left out of the network if it lacks the respondent's own code, or if another response of the wave
    gives the same code. Where the list leaves a sector blank, the person's own answer is used.

    Returns
    -------
    responses : DataFrame
        Without the roster's columns.
    roster : Roster or None
        None if the event has no roster.
    findings : tuple of Problem
    """
    question = instrument.roster
    if question is None or not codes or question.own not in responses:
        return responses, None, ()
    columns = {f"{question.code}_{code}": code for code in codes}
    with_own_code = responses[responses[question.own].notna() & responses["wave"].isin(question.waves)]
    repeated = with_own_code.duplicated(["wave", question.own], keep=False)
    findings = []
    for file, rows in with_own_code[repeated].groupby("file", sort=True)["row"]:
        problem = M_(
            "Two responses give the same code as their own (rows {rows}); both are left out of the network.",
            rows=listed(sorted(map(int, rows))),
        )
        hint = M_("Find out whose code it is, and correct the wrong one by a decision (edit).")
        findings.append(
            Problem(
                str(file),
                0,
                question.own,
                problem,
                hint,
                "VE-771",
            )
        )
    unambiguous = with_own_code[~repeated].rename(columns=columns)
    long = unambiguous.melt(["wave", question.own], list(columns.values()), "to", "strength").dropna(subset="strength")
    long = long.rename(columns={question.own: "from"})
    long = long[long["from"] != long["to"]].sort_values(["wave", "from", "to"]).reset_index(drop=True)
    answered = {str(w): frozenset(map(str, part)) for w, part in long.groupby("wave")["from"]}
    sectors = {**codes}
    if sector in responses:
        own = with_own_code[~repeated].dropna(subset=sector).drop_duplicates(question.own)
        own_sectors = dict(zip(own[question.own], own[sector], strict=True))
        sectors = {code: listed_sector or str(own_sectors.get(code, "")) for code, listed_sector in codes.items()}
    out = responses.drop(columns=[question.own, *(c for c in columns if c in responses)])
    return out, Roster(sectors, long[["wave", "from", "to", "strength"]], answered), tuple(findings)
