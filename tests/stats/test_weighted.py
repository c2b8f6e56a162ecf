"""Weighted means and their standard errors against R's survey package (see r/weighted.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import weighted_mean
from vunki_eval.stats.weighted import LINEARISED, WEIGHTS_ONLY

HERE = Path(__file__).parent / "r"
DESIGNS = {
    "design": {"strata": "stratum", "clusters": "psu"},
    "clusters": {"clusters": "psu"},
    "strata": {"strata": "stratum"},
    "weights": {},
}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(HERE / "data" / "weighted.csv")


@pytest.mark.parametrize("name", DESIGNS)
def test_means_and_errors_equal_survey(name: str, frame) -> None:
    wanted = json.loads((HERE / "weighted.json").read_text("utf-8"))[name]
    design = {k: frame[c].tolist() for k, c in DESIGNS[name].items()}
    result = weighted_mean(frame["y"], frame["w"], **design)
    assert result.mean == pytest.approx(wanted["mean"], rel=1e-10)
    assert result.se == pytest.approx(wanted["se"], rel=1e-8)
    assert result.n == int(frame["y"].notna().sum())
    assert result.method == (LINEARISED if design else WEIGHTS_ONLY)
    assert result.low < result.mean < result.high


def test_equal_weights_give_the_plain_mean(frame) -> None:
    y = frame["y"].dropna().to_numpy()
    result = weighted_mean(y, np.full(y.size, 3.0))
    assert (result.mean, result.sd) == pytest.approx((y.mean(), y.std(ddof=1)))
    assert result.se == pytest.approx(y.std(ddof=1) / np.sqrt(y.size))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: weighted_mean([1, 2], [1]), "VE-695"),
        (lambda: weighted_mean([1, 2], [1, 1], clusters=[1]), "VE-695"),
        (lambda: weighted_mean([1, 2], [1, -1]), "VE-696"),
        (lambda: weighted_mean([1, None], [1, 1]), "VE-697"),
        (lambda: weighted_mean([1, 2], [1, 1], clusters=["a", "a"]), "VE-697"),
    ],
)
def test_what_cannot_be_computed_says_why(call, code: str) -> None:
    with pytest.raises(StatisticsError, match=code):
        call()
