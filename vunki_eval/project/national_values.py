"""Benchmarks: means from a national survey, each with round, weighting and source.

``surveys/benchmarks.toml`` holds them; they are shown only if it says ``show = true``. `ess_means` computes such means
from a downloaded file of the European Social Survey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from vunki_eval.errors import M_, ConfigError, InputError, Message, Problem
from vunki_eval.project.config import Faults, read_toml, shown, validate
from vunki_eval.project.instrument import Code, Instrument, Model
from vunki_eval.stats.weighted import WeightedMean, weighted_mean

FILE = "benchmarks.toml"
WEIGHTS = ("anweight", "pspwght", "dweight")
MISSING = (66.0, 77.0, 88.0, 99.0)


class Benchmark(Model):
    """A ``[[benchmark]]``: an item, the survey variable it is compared with and its mean; without ``mean`` no data."""

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
            raise Faults([("weighting", M_("Say whether the mean is weighted or unweighted."))])
        return self


class Benchmarks(Model):
    """The file ``benchmarks.toml``, as `load_benchmarks` reads it."""

    schema_: Annotated[int, Field(alias="schema")] = 1
    show: bool = False
    benchmarks: Annotated[tuple[Benchmark, ...], Field(alias="benchmark")] = ()


def load_benchmarks(surveys: Path, instrument: Instrument) -> tuple[Benchmark, ...]:
    """Read the benchmarks that may be shown; none if there is no file or ``show`` is off.

    Raises
    ------
    ConfigError
        With every fault of the file.
    """
    path = surveys / FILE
    if not path.is_file():
        return ()
    file = validate(Benchmarks, read_toml(path), path)
    items = {i.code for i in instrument.items}
    unknown = [b.item for b in file.benchmarks if b.item not in items]
    if unknown:
        problem, hint = M_("The instrument has no item {item}."), M_("Correct it, or remove the entry.")
        raise ConfigError(
            Problem(shown(path), 0, f"benchmark.{i}", problem.filled(item=repr(i)), hint, "VE-772") for i in unknown
        )
    return file.benchmarks if file.show else ()


@dataclass(frozen=True, slots=True)
class EssMean:
    """The mean of a variable in a country, with the weight used ("" for none) and the estimate itself."""

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
        File as downloaded from the survey's data portal; no copy is stored.
    variables : sequence of str
        Names of variables, such as ``ppltrst``.
    country : str
        Value of ``cntry``.
    weight : str
        Column of weights. If left out, the first of ``anweight``, ``pspwght``, ``dweight`` in the file; ``none`` for no
        weights.
    missing : sequence of float
        Codes that mean no answer (77, 88, 99 on scales from 0 to 10).

    Returns
    -------
    tuple of EssMean
        Standard errors allow for strata and clusters if the file has ``stratum`` and ``psu``. Otherwise they allow for
        weights only, and are too small.

    Raises
    ------
    InputError
        If the file cannot be read, or lacks a column or the country.
    """
    path = Path(path)
    frame = _columns(path, variables, weight)
    responses = frame[frame["cntry"].astype(str).str.strip().str.upper() == country.upper()]
    if responses.empty:
        countries = ", ".join(sorted(map(str, frame["cntry"].dropna().unique()))[:40])
        raise _refuse(
            path,
            "cntry",
            M_("The file has no responses from {country}.", country=country),
            M_("Its countries are: {countries}.", countries=countries),
        )
    column = "" if weight == "none" else next((w for w in (weight, *WEIGHTS) if w and w in responses), "")
    weights = responses[column].to_numpy(dtype=float) if column else np.ones(len(responses))
    design = {k: responses[c].tolist() for k, c in (("strata", "stratum"), ("clusters", "psu")) if c in responses}
    rounds = responses["essround"].dropna().unique() if "essround" in responses else []
    ess_round = int(rounds[0]) if len(rounds) == 1 else None
    means = []
    for name in variables:
        values = pd.to_numeric(responses[name], errors="coerce").to_numpy(dtype=float)
        values = np.where(np.isin(values, missing), np.nan, values)
        means.append(EssMean(name, country.upper(), ess_round, column, weighted_mean(values, weights, **design)))
    return tuple(means)


def _columns(path: Path, variables: Sequence[str], weight: str) -> pd.DataFrame:
    """Read the needed columns, and the columns of the survey design that the file has."""
    optional = ("essround", "stratum", "psu", *WEIGHTS)
    needed = ["cntry", *variables, *([weight] if weight not in ("", "none") else [])]
    try:
        if path.suffix.lower() == ".sav":
            import pyreadstat

            _, meta = pyreadstat.read_sav(str(path), metadataonly=True)
            available = list(meta.column_names)
            columns = [c for c in available if c in {*needed, *optional}]
            frame: pd.DataFrame = pyreadstat.read_sav(str(path), usecols=columns)[0] if columns else pd.DataFrame()
        else:
            available = list(pd.read_csv(path, nrows=0).columns)
            frame = pd.read_csv(path, usecols=[c for c in available if c in {*needed, *optional}], low_memory=False)
    except FileNotFoundError:
        raise _refuse(
            path, "", M_("The file does not exist."), M_("Download it from the survey's data portal.")
        ) from None
    except Exception:  # a damaged file can make the parsers raise anything
        raise _refuse(path, "", M_("The file cannot be read as .sav or .csv."), M_("Download it again.")) from None
    if lacking := [c for c in needed if c not in available]:
        hint = M_("Download the file again with these columns.")
        raise _refuse(path, lacking[0], M_("The file has no column {lacking}.", lacking=", ".join(lacking)), hint)
    return frame


def _refuse(path: Path, column: str, problem: Message, hint: Message) -> InputError:
    return InputError(Problem(path.name, 0, column, problem, hint, "VE-773"))


def benchmark_entry(mean: EssMean, item: str = "") -> str:
    """Write a mean as an entry of ``benchmarks.toml``; check its year and source before use."""
    estimate = mean.result
    lines: list[tuple[str, Any]] = [
        ("item", item or "TR1"), ("variable", mean.variable), ("round", mean.round or 0),
        ("year", 2000 + 2 * (mean.round or 0)), ("country", mean.country), ("mean", round(estimate.mean, 2)),
        ("low", round(estimate.low, 2)), ("high", round(estimate.high, 2)), ("sd", round(estimate.sd, 2)),
        ("n", estimate.n), ("weighting", "weighted" if mean.weight else "unweighted"),
        ("source", f"computed from the file of round {mean.round or '?'}; "
                   f"{mean.weight or 'no weights'}; standard error {estimate.se:.3f}, {estimate.method}"),
    ]  # fmt: skip
    return "[[benchmark]]\n" + "".join(f'{k} = "{v}"\n' if isinstance(v, str) else f"{k} = {v}\n" for k, v in lines)
