"""The names and fields that DESIGN.md fixes."""

import dataclasses
import inspect
from pathlib import Path

import pytest

from vunki_eval import stats

FIELDS = {
    "PairedChange": "n, mean_before, mean_after, change, low, high, t, df, p, sd_change, correlation, g_av, g_av_low, "
    "g_av_high, share_up, share_same, share_down, superiority, superiority_low, superiority_high, rank_biserial",
    "AllDataChange": "change, se, low, high, df, p, n_pairs, n_before_only, n_after_only, method, se_expected",
    "ChangeTest": "statistic, p, method",
    "Reliability": "value, low, high, n, k, method",
    "PairedProportions": "n, share_before, share_after, change, low, high, p_midp, p_exact",
    "Share": "value, low, high, n",
    "Equivalence": "p, low, high, equivalent",
    "TeamChange": "change, low, high, t, df, p, n, n_teams, icc",
    "WaveChange": "estimate, se, low, high, df, p, n_pairs, method",
}


@pytest.mark.parametrize("name", FIELDS)
def test_fields_are_those_of_the_contract(name: str) -> None:
    have = [field.name for field in dataclasses.fields(getattr(stats, name))]
    wanted = FIELDS[name].split(", ")
    assert have[: len(wanted)] == wanted


def test_everything_exported_exists_and_results_are_frozen() -> None:
    for name in stats.__all__:
        thing = getattr(stats, name)
        if dataclasses.is_dataclass(thing):
            assert thing.__dataclass_params__.frozen, name
            assert hasattr(thing, "__slots__"), name


def test_network_functions_exist() -> None:
    assert all(callable(getattr(stats.network, name)) for name in ("mixing", "ei_index", "change", "named", "blau"))


def test_the_documentation_names_every_function() -> None:
    text = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text("utf-8")
    functions = [name for name in stats.__all__ if inspect.isfunction(getattr(stats, name))]
    missing = [name for name in functions if f"`{name}`" not in text]
    assert len(functions) >= 26
    assert missing == []
