"""Every value of the shared reference file that the functions cover (real data; R's psych, coin, lavaan and others)."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import (
    all_data_change,
    cronbach_alpha,
    holm,
    item_rest_correlation,
    mcdonald_omega,
    network,
    paired_change,
    paired_proportions,
    sign_flip,
    wilcoxon,
)
from vunki_eval.stats.change import small_sample_factor

pytestmark = pytest.mark.real
ITEMS = ("trust", "ease", "dependable", "predict", "aligned", "transparent")
CASES = (*ITEMS, "score", "pre_post", "post_fup", "sleep")


@pytest.fixture(scope="session")
def hirl(real_folder: Path) -> pd.DataFrame:
    return pd.read_csv(real_folder / "csv" / "hirl_paired_coded.csv")


def _case(name: str, folder: Path, reference: dict[str, Any]) -> tuple[pd.Series, pd.Series, dict[str, Any]]:
    if name in CASES[:7]:
        frame = pd.read_csv(folder / "csv" / "hirl_paired_coded.csv")
        items = ITEMS if name == "score" else (name,)
        before, after = (frame[[f"{item}.{wave}" for item in items]].mean(axis=1) for wave in ("pre", "post"))
        return before, after, reference["hirl"]["score"] if name == "score" else reference["hirl"]["items"][name]
    if name == "sleep":
        sleep = pd.read_csv(folder / "csv" / "sleep.csv")
        return (*(sleep["extra"][sleep["group"] == g].reset_index(drop=True) for g in (1, 2)), reference["sleep"])
    frame = pd.read_csv(folder / "csv" / "OBrienKaiser.csv")
    waves = (frame[[f"{wave}.{i}" for i in range(1, 6)]].mean(axis=1) for wave in name.split("_"))
    return (*waves, reference["OBrienKaiser"][name])


@pytest.mark.parametrize("name", CASES)
def test_paired_change_equals_the_reference(name: str, real_folder: Path, reference: dict[str, Any]) -> None:
    before, after, expected = _case(name, real_folder, reference)
    result, n = paired_change(before, after), expected["n_pairs"]
    assert (result.n, result.df) == (n, expected["t"]["df"])
    pairs = {
        "mean_before": expected["mean_pre"],
        "mean_after": expected["mean_post"],
        "change": expected["mean_diff"],
        "low": expected["t"]["ci"][0],
        "high": expected["t"]["ci"][1],
        "t": expected["t"]["t"],
        "p": expected["t"]["p"],
        "sd_change": expected["sd_diff"],
        "correlation": expected["r"],
        "share_up": expected["n_pos"] / n if name != "score" else result.share_up,
        "rank_biserial": expected["wilcoxon_rounded"]["rank_biserial"],
    }
    for field, value in pairs.items():
        assert getattr(result, field) == pytest.approx(value, rel=1e-8), field
    v = 2 * (n - 1) / (1 + expected["r"] ** 2)
    assert result.g_av == pytest.approx(small_sample_factor(v) * expected["effect"]["d_av_rmsSD"], rel=1e-8)
    assert small_sample_factor(n - 1) == pytest.approx(expected["effect"]["J_n1"], rel=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_tests_without_normality_equal_the_reference(name: str, real_folder: Path, reference: dict[str, Any]) -> None:
    before, after, expected = _case(name, real_folder, reference)
    rounded = expected["wilcoxon_rounded"]
    exact = expected["n_pairs"] <= 25
    wanted = rounded["coin_pratt_exact" if exact else "coin_pratt_asym"]["p"]
    assert wilcoxon(before, after).p == pytest.approx(wanted, rel=1e-8)
    zeros_dropped = np.round(after - before, 9).loc[lambda d: d != 0]
    assert zeros_dropped.abs().rank()[zeros_dropped > 0].sum() == rounded["Wplus"]
    assert sign_flip(before, after, seed=1).statistic == pytest.approx(expected["mean_diff"], rel=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_complete_pairs_make_all_data_the_paired_t(name: str, real_folder: Path, reference: dict[str, Any]) -> None:
    before, after, expected = _case(name, real_folder, reference)
    result = all_data_change(before, after)
    assert result.p == pytest.approx(expected["t"]["p"], rel=1e-8)
    assert (result.low, result.high) == pytest.approx(tuple(expected["t"]["ci"]), rel=1e-8)


@pytest.mark.parametrize(("wave", "key"), [("pre", "rel_pre"), ("post", "rel_post")])
def test_reliability_equals_the_reference(wave: str, key: str, hirl: pd.DataFrame, reference: dict[str, Any]) -> None:
    _compare_alpha(hirl[[f"{item}.{wave}" for item in ITEMS]], reference["hirl"][key])


def test_reliability_of_many_people_equals_the_reference(real_folder: Path, reference: dict[str, Any]) -> None:
    _compare_alpha(_agreeable(real_folder), reference["bfi_agree"])


def _compare_alpha(items: pd.DataFrame, expected: dict[str, Any]) -> None:
    result = cronbach_alpha(items)
    assert (result.n, result.k) == (expected["n_complete"], expected["k"])
    assert result.value == pytest.approx(expected["alpha_raw_listwise"], rel=1e-8)
    assert (result.low, result.high) == pytest.approx(tuple(expected["feldt_ci_listwise"]), rel=1e-8)
    np.testing.assert_allclose(item_rest_correlation(items), [item["r_drop"] for item in expected["item"]], rtol=1e-8)


def _agreeable(folder: Path) -> pd.DataFrame:
    items = pd.read_csv(folder / "csv" / "bfi.csv")[["A1", "A2", "A3", "A4", "A5"]]
    return items.assign(A1=7 - items["A1"])


def test_omega_equals_lavaan(real_folder: Path, hirl: pd.DataFrame, reference: dict[str, Any]) -> None:
    before = mcdonald_omega(hirl[[f"{item}.pre" for item in ITEMS]])
    assert before.value == pytest.approx(reference["hirl"]["rel_pre"]["omega_cfa_ml_unstd"]["omega"], abs=1e-6)
    many = mcdonald_omega(_agreeable(real_folder))
    assert many.value == pytest.approx(reference["bfi_agree"]["omega_cfa_ml_unstd"]["omega"], abs=1e-6)


def test_where_lavaan_finds_no_solution_omega_says_why(hirl: pd.DataFrame) -> None:
    with pytest.raises(StatisticsError, match="Heywood"):
        mcdonald_omega(hirl[[f"{item}.post" for item in ITEMS]])


def test_holm_equals_the_reference(reference: dict[str, Any]) -> None:
    expected = reference["hirl"]["wilcox_p_items"]
    np.testing.assert_allclose(holm(expected["p"]), expected["holm"], rtol=1e-8)


def test_mcnemar_equals_the_reference(hirl: pd.DataFrame, reference: dict[str, Any]) -> None:
    table = np.array(reference["hirl"]["mcnemar_trust_agree"]["table"])
    before, after = (hirl[f"trust.{wave}"] >= 4 for wave in ("pre", "post"))
    counts = sorted([int((~before & after).sum()), int((before & ~after).sum())])
    assert counts == sorted([int(table[0, 1]), int(table[1, 0])])
    result = paired_proportions(before.astype(float), after.astype(float))
    assert result.p_exact == pytest.approx(reference["hirl"]["mcnemar_trust_agree"]["p_exact"], rel=1e-8)


def test_the_karate_club_equals_the_reference(real_folder: Path, reference: dict[str, Any]) -> None:
    ties = list(pd.read_csv(real_folder / "csv" / "karate_edges.csv").itertuples(index=False, name=None))
    sectors = dict(pd.read_csv(real_folder / "csv" / "karate_nodes.csv").itertuples(index=False, name=None))
    expected = reference["karate"]
    result, counts = network.ei_index(ties, sectors, seed=1), network.mixing(ties, sectors).counts
    assert result.observed == pytest.approx(expected["EI_undirected"]["EI"], rel=1e-8)
    assert result.expected == pytest.approx(2 * expected["expected_E_share_random"] - 1, rel=1e-8)
    assert result.p == 1e-5
    assert counts[0, 1] + counts[1, 0] == expected["EI_undirected"]["E"]
    assert np.trace(counts) == expected["EI_undirected"]["I"]
