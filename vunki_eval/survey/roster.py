"""A roster: who took part, by code and sector, and whom everybody said they knew how well.

``surveys/<event>/roster.csv`` lists the participants' codes (``code,sector``; no names). The exports hold a column per
code (``NWR[K07]``, ``NWR_K07`` or the wording with the code in brackets) and the person's own code. What people said of
each other leaves the study only as counts of ties.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vunki_eval.errors import ConfigError, InputError, Problem
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
    """What people said of each other.

    Attributes
    ----------
    sectors : mapping
        Sector of everybody on the list, "" where nobody knows it.
    said : DataFrame
        ``wave``, ``from``, ``to``, ``strength`` (blank answers are not in it).
    answered : mapping
        Codes of those who answered, per wave.
    """

    sectors: Mapping[str, str]
    said: pd.DataFrame
    answered: Mapping[str, frozenset[str]]

    def __repr__(self) -> str:
        """Say how many, never who."""
        return f"<Roster of {len(self.sectors)} people, not shown>"


def read_roster(folder: Path, shown_folder: str, instrument: Instrument, sector: str = "PR1") -> dict[str, str]:
    """Read an event's list of participants' codes; empty without a list or when the instrument asks no roster.

    Parameters
    ----------
    folder : Path
        ``surveys/<event>``.
    shown_folder : str
        Its name for messages.
    instrument : Instrument
    sector : str
        Item whose answers the sectors are.

    Raises
    ------
    ConfigError
        For a missing column, codes that repeat or have no proper form, unknown sectors.
    """
    path = next((folder / name for name in FILES if (folder / name).is_file()), None)
    if path is None or instrument.roster is None:
        return {}
    file = f"{shown_folder}/{path.name}"
    try:
        source = open_source(path, file, ReaderOptions())
    except InputError as error:
        raise ConfigError(error.problems) from None
    head = [h.lower() for h in source.header()]
    if "code" not in head:
        raise ConfigError(Problem(file, source.lines[0], "code", "The column is missing.", "Add it.", "VE-770"))
    labels = _sector_labels(instrument, sector)
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for line, row in zip(source.lines[1:], source.rows[1:], strict=True):
        cells = dict(zip(head, map(tidy, row), strict=False))
        code, said = cells["code"], cells.get("sector", "")
        if not _CODE.fullmatch(code):
            hint = "Use a letter, then letters and digits: K07. No names."
            problems.append(Problem(file, line, "code", "This is no participant's code.", hint, "VE-770"))
        elif code.casefold() in {c.casefold() for c in found}:
            problems.append(Problem(file, line, "code", "The code stands on the list twice.", "Remove one.", "VE-770"))
        elif said and label_key(said) not in labels:
            hint = f"Write one of: {', '.join(dict.fromkeys(labels.values()))}."
            problems.append(Problem(file, line, "sector", "The sector is unknown.", hint, "VE-770"))
        else:
            found[code] = labels.get(label_key(said), "")
    if not problems and not LEAST <= len(found) <= MOST:
        said = f"The list holds {len(found)} codes; a roster has {LEAST} to {MOST}."
        problems.append(Problem(file, 0, "", said, "Is this the right file?", "VE-770"))
    if problems:
        raise ConfigError(problems)
    return found


def _sector_labels(instrument: Instrument, sector: str) -> dict[str, str]:
    chosen = instrument.response_set(sector) if any(i.code == sector for i in instrument.items) else None
    options = chosen.options if chosen else ()
    return {label_key(t): str(o.value) for o in options for t in (str(o.value), *o.label.values(), *o.also)}


def with_roster(instrument: Instrument, codes: Mapping[str, str]) -> Instrument:
    """Add an item per participant on the list, and the item of one's own code, to the questions of an event."""
    asked = instrument.roster
    if asked is None or not codes:
        return instrument
    languages = instrument.languages
    own_set = f"{asked.own}_codes"
    labels = [Option(value=code, label=dict.fromkeys(languages, code)) for code in codes]
    own = Item(
        code=asked.own, role="meta", text=asked.own_text, response_set=own_set, waves=asked.waves, source=asked.source
    )
    items = [
        Item(
            code=f"{asked.code}_{code}", role="meta", stem=dict(asked.text), text=dict.fromkeys(languages, code),
            also=(f"{asked.code}[{code}]", f"{asked.code}[SQ{code}]", f"{asked.code}.{code}"),
            response_set=asked.response_set, waves=asked.waves, optional=True,
        )
        for code in codes
    ]  # fmt: skip
    sets = (*instrument.response_sets, ResponseSet(key=own_set, options=tuple(labels), ordered=False))
    return instrument.model_copy(update={"items": (*instrument.items, own, *items), "response_sets": sets})


def take_roster(
    responses: pd.DataFrame, instrument: Instrument, codes: Mapping[str, str], sector: str = "PR1"
) -> tuple[pd.DataFrame, Roster | None, tuple[Problem, ...]]:
    """Take what people said of each other out of the responses.

    A response without its own code, or with one that another response of the wave gives too, is left out of the
    network. A sector that the list leaves blank is the person's own answer.

    Returns
    -------
    responses : DataFrame
        Without the columns of the roster.
    roster : Roster or None
        None where the event has no roster.
    findings : tuple of Problem
    """
    asked = instrument.roster
    if asked is None or not codes or asked.own not in responses:
        return responses, None, ()
    columns = {f"{asked.code}_{code}": code for code in codes}
    known = responses[responses[asked.own].notna() & responses["wave"].isin(asked.waves)]
    repeated = known.duplicated(["wave", asked.own], keep=False)
    findings = []
    for file, rows in known[repeated].groupby("file", sort=True)["row"]:
        said = f"Two responses give the same own code (rows {listed(sorted(map(int, rows)))})"
        hint = "Find out whose it is, and correct it by a decision (edit)."
        findings.append(Problem(str(file), 0, asked.own, f"{said}; both are left out of the network.", hint, "VE-771"))
    kept = known[~repeated].rename(columns=columns)
    long = kept.melt(["wave", asked.own], list(columns.values()), "to", "strength").dropna(subset="strength")
    long = long.rename(columns={asked.own: "from"})
    long = long[long["from"] != long["to"]].sort_values(["wave", "from", "to"]).reset_index(drop=True)
    answered = {str(w): frozenset(map(str, part)) for w, part in long.groupby("wave")["from"]}
    sectors = {**codes}
    if sector in responses:
        own = known[~repeated].dropna(subset=sector).drop_duplicates(asked.own)
        told = dict(zip(own[asked.own], own[sector], strict=True))
        sectors = {code: said or str(told.get(code, "")) for code, said in codes.items()}
    out = responses.drop(columns=[asked.own, *(c for c in columns if c in responses)])
    return out, Roster(sectors, long[["wave", "from", "to", "strength"]], answered), tuple(findings)
