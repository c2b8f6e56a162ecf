"""Results: the contract between statistics and report. A few long tables that hold nothing personal.

`analyse` makes them, sections draw them, `write_results` publishes them and `load_results` reads them again.
"""

import json
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from vunki_eval.errors import M_, InputError, Problem
from vunki_eval.project.config import shown

Record = dict[str, Any]
"""A row of any table but the estimates, whose rows are `EstimateRow`s."""
SCHEMA = 1
DIGITS = 10  # significant; further ones may differ from machine to machine
COLUMNS: dict[str, tuple[str, ...]] = {
    "estimates": (
        "event", "outcome", "group", "wave", "statistic", "estimate", "low", "high", "p", "p_adjusted", "n",
        "n_missing", "method", "status", "reason",
    ),
    "distributions": ("event", "item", "group", "wave", "answer", "n", "share", "status"),
    "flow": ("event", "step", "n", "reason"),
    "ties": ("event", "wave", "from_sector", "to_sector", "n", "status"),
    "indicators": (
        "key", "title", "unit", "baseline", "target", "actual", "status", "evidence", "source", "date", "approximate",
    ),
    "verdicts": ("event", "outcome", "verdict", "strength", "reasons"),
    "facts": ("event", "key", "value", "unit", "source", "date", "status"),
    "initiatives": (
        "id", "title", "event", "owner", "municipality", "need", "stage", "date", "sectors", "mentoring_hours",
        "volunteer_hours", "money_raised", "partners", "source", "stage_source",
    ),
    "money": ("key", "title", "source_of_money", "planned", "used", "source", "date"),
    "themes": ("event", "wave", "item", "theme", "n", "status"),
}  # fmt: skip


def empty(table: str) -> pd.DataFrame:
    """Make an empty table with its columns."""
    return pd.DataFrame({c: pd.Series(dtype=object) for c in COLUMNS[table]})


def rows_frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Make a table from rows; a key left out is None, an unknown key raises KeyError."""
    unknown = {k for row in rows for k in row} - set(COLUMNS[table])
    if unknown:
        raise KeyError(f"{table} has no column {sorted(unknown)}")
    data = {c: pd.Series([_plain(r.get(c)) for r in rows], dtype=object) for c in COLUMNS[table]}
    return pd.DataFrame(data)


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a report may say about an event, or about the project (event ``project``).

    Attributes
    ----------
    event : str
        Event id, or ``project``.
    meta : dict
        Context needed to read the tables: languages, threshold, level, primary outcomes, smallest changes, titles of
        outcomes, items and answers by language, facts of events, synthetic flag, suppression counts, package versions.
        JSON-ready.
    estimates, distributions, flow, ties, indicators, verdicts, facts, initiatives, money, themes : DataFrame
        The long tables; see `COLUMNS`. A cell is None where nothing is known, never NaN.
    """

    event: str
    meta: dict[str, Any] = field(default_factory=dict)
    estimates: pd.DataFrame = field(default_factory=lambda: empty("estimates"))
    distributions: pd.DataFrame = field(default_factory=lambda: empty("distributions"))
    flow: pd.DataFrame = field(default_factory=lambda: empty("flow"))
    ties: pd.DataFrame = field(default_factory=lambda: empty("ties"))
    indicators: pd.DataFrame = field(default_factory=lambda: empty("indicators"))
    verdicts: pd.DataFrame = field(default_factory=lambda: empty("verdicts"))
    facts: pd.DataFrame = field(default_factory=lambda: empty("facts"))
    initiatives: pd.DataFrame = field(default_factory=lambda: empty("initiatives"))
    money: pd.DataFrame = field(default_factory=lambda: empty("money"))
    themes: pd.DataFrame = field(default_factory=lambda: empty("themes"))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables by name."""
        return {name: getattr(self, name) for name in COLUMNS}

    def with_tables(self, **tables: pd.DataFrame) -> "Results":
        """Return a copy with some tables replaced."""
        return replace(self, **tables)

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{n}</td><td>{len(t)}</td></tr>" for n, t in self.tables().items())
        return f"<table><caption>Results of {self.event}</caption><tr><th>table</th><th>rows</th></tr>{rows}</table>"


def find(results: Results, table: str = "estimates", **where: Any) -> pd.DataFrame:
    """Select the rows of a table whose columns have the given values (a tuple means any of them)."""
    frame: pd.DataFrame = getattr(results, table)
    keep = pd.Series(True, index=frame.index)
    for column, value in where.items():
        keep &= frame[column].isin(value) if isinstance(value, tuple) else frame[column] == value
    return frame[keep]


def one(results: Results, table: str = "estimates", **where: Any) -> dict[str, Any] | None:
    """Return the only row that fits, or None; raise KeyError if several do."""
    rows = find(results, table, **where)
    if len(rows) > 1:
        raise KeyError(f"{len(rows)} rows of {table} fit {where}")
    return None if rows.empty else {str(k): v for k, v in rows.iloc[0].to_dict().items()}


def to_dict(results: Results) -> dict[str, Any]:
    """Turn results into JSON-ready data: numbers have 10 significant digits, a missing value is null."""
    data: dict[str, Any] = {"schema": SCHEMA, "event": results.event, "meta": _plain(results.meta)}
    for name, frame in results.tables().items():
        data[name] = [{c: _plain(v) for c, v in row.items()} for row in frame.to_dict("records")]
    return data


def to_json(results: Results) -> str:
    """Write results as JSON text: sorted keys, UTF-8, a newline at the end."""
    return json.dumps(to_dict(results), ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def from_dict(data: dict[str, Any]) -> Results:
    """Restore the results that `to_dict` wrote."""
    tables = {name: rows_frame(name, data.get(name, [])) for name in COLUMNS}
    return Results(data["event"], data.get("meta", {}), **tables)


def load_results(path: Path | str) -> Results:
    """Read a published ``results.json`` (or the folder that holds it).

    Raises
    ------
    InputError
        If the file is missing, is not JSON or has another schema.
    """
    path = Path(path)
    path = path / "results.json" if path.is_dir() else path
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        problem = M_("The file is missing or is not JSON.")
        raise InputError(Problem(shown(path), 0, "", problem, M_("Run `vunki-eval report` first."), "VE-301")) from None
    if data.get("schema") != SCHEMA:
        problem = M_("The schema is not {schema}.", schema=SCHEMA)
        raise InputError(Problem(shown(path), 0, "schema", problem, M_("Build the report again."), "VE-302"))
    return from_dict(data)


def _plain(value: Any) -> Any:
    """Reduce a value to what JSON can hold; NaN and infinities become None, floats keep 10 significant digits."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):  # a number of NumPy
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value
