"""Values to read one's own beside: means of a national survey, each with round, weighting and source.

``surveys/benchmarks.toml`` holds them; they are shown only when it says ``show = true``. `ess_means` computes such
values from a file of the European Social Survey that one has downloaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from vunki_eval.errors import ConfigError, InputError, Problem
from vunki_eval.project.config import Faults, read_toml, shown, validate
from vunki_eval.project.instrument import Code, Instrument, Model
from vunki_eval.stats.weighted import WeightedMean, weighted_mean

FILE = "benchmarks.toml"
WEIGHTS = ("anweight", "pspwght", "dweight")
MISSING = (66.0, 77.0, 88.0, 99.0)


class Benchmark(Model):
    """A ``[[benchmark]]``: an item of ours, a survey's variable and its mean; ``mean`` left out prints as no data."""

    item: Code
    variable: str
    survey: str = "ESS"
    round: int
    year: int
    country: str = "EE"
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    n: int | None = None
    weighting: Literal["weighted", "unweighted", ""] = ""
    source: str
    note: dict[str, str] = {}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.mean is not None and not self.weighting:
            raise Faults([("weighting", "Say whether the mean is weighted or unweighted.")])
        return self


class Benchmarks(Model):
    """The file as a whole; see `load_benchmarks`."""

    schema_: Annotated[int, Field(alias="schema")] = 1
    show: bool = False
    benchmarks: Annotated[tuple[Benchmark, ...], Field(alias="benchmark")] = ()


def load_benchmarks(surveys: Path, instrument: Instrument) -> tuple[Benchmark, ...]:
    """Read the values that may be shown; none without the file, or while ``show`` is off.

    Raises
    ------
    ConfigError
        With every fault of the file.
    """
    path = surveys / FILE
    if not path.is_file():
        return ()
    file = validate(Benchmarks, read_toml(path), path)
    known = {i.code for i in instrument.items}
    strange = [b.item for b in file.benchmarks if b.item not in known]
    if strange:
        said, hint = "The instrument has no item {!r}.", "Correct it, or remove the entry."
        raise ConfigError(Problem(shown(path), 0, f"benchmark.{i}", said.format(i), hint, "VE-772") for i in strange)
    return file.benchmarks if file.show else ()


@dataclass(frozen=True, slots=True)
class EssMean:
    """A variable's mean in a country, the weight it was computed with ("" for none), and the design behind it."""

    variable: str
    country: str
    round: int | None
    weight: str
    result: WeightedMean


def ess_means(
    path: Path | str,
    variables: Sequence[str],
    *,
    country: str = "EE",
    weight: str = "",
    missing: Sequence[float] = MISSING,
) -> tuple[EssMean, ...]:
    """Compute weighted means from a file of the European Social Survey (.sav or .csv).

    Parameters
    ----------
    path : Path or str
        As downloaded from the survey's data portal; nothing of it is kept.
    variables : sequence of str
        Such as ``ppltrst``.
    country : str
        Value of ``cntry``.
    weight : str
        Column of weights; the first of ``anweight``, ``pspwght``, ``dweight`` that there is, if left out; ``none`` for
        no weights.
    missing : sequence of float
        Codes that are no answers (77, 88, 99 on scales from 0 to 10).

    Returns
    -------
    tuple of EssMean
        With standard errors over strata and clusters where the file has ``stratum`` and ``psu``, else with weights
        alone (then they are too small).

    Raises
    ------
    InputError
        If the file cannot be read, or lacks a column or the country.
    """
    path = Path(path)
    frame = _columns(path, variables, weight)
    part = frame[frame["cntry"].astype(str).str.strip().str.upper() == country.upper()]
    if part.empty:
        found = ", ".join(sorted(map(str, frame["cntry"].dropna().unique()))[:40])
        raise _refuse(path, "cntry", f"The file holds nobody of {country}.", f"Countries there: {found}.")
    chosen = "" if weight == "none" else next((w for w in (weight, *WEIGHTS) if w and w in part), "")
    weights = part[chosen].to_numpy(dtype=float) if chosen else np.ones(len(part))
    design = {k: part[c].tolist() for k, c in (("strata", "stratum"), ("clusters", "psu")) if c in part}
    rounds = part["essround"].dropna().unique() if "essround" in part else []
    number = int(rounds[0]) if len(rounds) == 1 else None
    out = []
    for name in variables:
        values = pd.to_numeric(part[name], errors="coerce").to_numpy(dtype=float)
        values = np.where(np.isin(values, missing), np.nan, values)
        out.append(EssMean(name, country.upper(), number, chosen, weighted_mean(values, weights, **design)))
    return tuple(out)


def _columns(path: Path, variables: Sequence[str], weight: str) -> pd.DataFrame:
    """Read the columns that are needed, and those of the design that there are."""
    optional = ("essround", "stratum", "psu", *WEIGHTS)
    needed = ["cntry", *variables, *([weight] if weight not in ("", "none") else [])]
    try:
        if path.suffix.lower() == ".sav":
            import pyreadstat

            _, meta = pyreadstat.read_sav(str(path), metadataonly=True)
            there = list(meta.column_names)
            kept = [c for c in there if c in {*needed, *optional}]
            frame: pd.DataFrame = pyreadstat.read_sav(str(path), usecols=kept)[0] if kept else pd.DataFrame()
        else:
            there = list(pd.read_csv(path, nrows=0).columns)
            frame = pd.read_csv(path, usecols=[c for c in there if c in {*needed, *optional}], low_memory=False)
    except FileNotFoundError:
        raise _refuse(path, "", "The file does not exist.", "Download it from the survey's data portal.") from None
    except Exception:  # whatever a damaged file makes the parsers raise
        raise _refuse(path, "", "The file cannot be read as .sav or .csv.", "Download it again.") from None
    if lacking := [c for c in needed if c not in there]:
        raise _refuse(path, lacking[0], f"The file has no column {', '.join(lacking)}.", "Download them with the rest.")
    return frame


def _refuse(path: Path, column: str, problem: str, hint: str) -> InputError:
    return InputError(Problem(path.name, 0, column, problem, hint, "VE-773"))


def benchmark_entry(mean: EssMean, item: str = "") -> str:
    """Write a mean as an entry of ``benchmarks.toml``: check year and source before using it."""
    r = mean.result
    lines: list[tuple[str, Any]] = [
        ("item", item or "TR1"), ("variable", mean.variable), ("round", mean.round or 0),
        ("year", 2000 + 2 * (mean.round or 0)), ("country", mean.country), ("mean", round(r.mean, 2)),
        ("low", round(r.low, 2)), ("high", round(r.high, 2)), ("sd", round(r.sd, 2)), ("n", r.n),
        ("weighting", "weighted" if mean.weight else "unweighted"),
        ("source", f"computed from the file of round {mean.round or '?'}; "
                   f"{mean.weight or 'no weights'}; standard error {r.se:.3f}, {r.method}"),
    ]  # fmt: skip
    return "[[benchmark]]\n" + "".join(f'{k} = "{v}"\n' if isinstance(v, str) else f"{k} = {v}\n" for k, v in lines)
