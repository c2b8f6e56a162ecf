"""Measure contacts across sectors: which sectors people name, how diverse these are, and new contacts."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from vunki_eval import stats
from vunki_eval.analysis.items import columns_of
from vunki_eval.analysis.respondents import AnalysisPlan, attribute, waves_of
from vunki_eval.analysis.rows import attempt, seed_of
from vunki_eval.project.instrument import Item
from vunki_eval.results.estimates import Detail, EstimateRow, Flag
from vunki_eval.results.results import Record
from vunki_eval.survey.score import team_of_people
from vunki_eval.survey.study import Study

SECTOR = "PR1"
DRAWS = 9_999
AT_ONCE = 2**24  # values drawn at a time, to keep memory small
EVERYBODY = "all"
NEW, NEW_ACROSS = "NW3", "NW4"
PER_TEAM = "followup"
"""Dimension of the items that are asked about the team."""


def sector_items(study: Study) -> tuple[Item, ...]:
    """Select the items that ask for sectors: multiple answers from the response set of one's own sector."""
    instrument = study.project.instrument
    own = next((i.response_set for i in instrument.items if i.code == SECTOR), None)
    return tuple(i for i in instrument.items if i.kind == "multiple" and own and i.response_set == own)


def ties(study: Study) -> list[Record]:
    """Count the people of each sector who name each sector, at each wave."""
    rows: list[Record] = []
    for wave, item, ticks, own in _sector_answers(study):
        for sector in [EVERYBODY, *_sectors(study), ""]:
            ticks_of_sector = ticks if sector == EVERYBODY else ticks[own == sector]
            if not len(ticks_of_sector):
                continue
            named = {c.split(".", 1)[1]: int(ticks_of_sector[c].sum()) for c in columns_of(study, item)}
            rows += [
                {"wave": wave, "from_sector": sector, "to_sector": to_sector, "n": n}
                for to_sector, n in {EVERYBODY: len(ticks_of_sector), **named}.items()
            ]
    return rows


def network_rows(study: Study, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of how many sectors people name, how diverse these are, and how often they are not one's own."""
    for wave, item, ticks, own in _sector_answers(study):
        people = int((study.responses["wave"] == wave).sum())
        values = ticks.to_numpy(dtype=np.float64)
        for statistic, make in {
            "sectors_named": lambda i=item, v=values: _sectors_named(i.code, v, plan),
            "blau": lambda i=item, v=values: EstimateRow(
                i.code, "", "blau", stats.network.blau(v.sum(axis=0)), n=len(v)
            ),
        }.items():
            estimate = attempt(item.code, wave, statistic, make)
            yield replace(estimate, wave=wave, n_missing=people - len(values))
        yield from _cross_sector_namings(study, wave, item, ticks, own, plan)
    yield from _new_contacts_across(study, plan)


def _sector_answers(study: Study) -> Iterator[tuple[str, Item, pd.DataFrame, npt.NDArray[np.object_]]]:
    """Iterate over waves and items that ask for sectors: wave, item, ticks of those who answered, their own sectors."""
    for wave in waves_of(study):
        for item in sector_items(study):
            names = columns_of(study, item)
            if wave not in item.waves or not names:
                continue
            frame = study.responses[study.responses["wave"] == wave]
            frame = frame[frame[names].notna().any(axis=1)]
            if len(frame):
                own = attribute(study, SECTOR, pd.Index(frame["respondent"]))
                yield wave, item, frame[names].astype(float).fillna(0.0), own


def _sectors(study: Study) -> list[str]:
    response_set = study.project.instrument.response_set(SECTOR)
    return [str(v) for v in response_set.values] if response_set else []


def _sectors_named(code: str, values: npt.NDArray[np.float64], plan: AnalysisPlan) -> EstimateRow:
    count = stats.mean_interval(np.sort(values.sum(axis=1)), level=plan.level)
    return EstimateRow(
        code, "", "sectors_named", count.mean, low=count.low, high=count.high, n=count.n, flags=(Flag.T_INTERVAL,)
    )


def _cross_sector_namings(
    study: Study, wave: str, item: Item, ticks: pd.DataFrame, own: npt.NDArray[np.object_], plan: AnalysisPlan
) -> Iterator[EstimateRow]:
    """Compare the share of namings outside one's own sector with that under random naming.

    Under random naming everybody names the same sectors as before, but people's own sectors are shuffled.
    """
    sectors = [c.split(".", 1)[1] for c in ticks.columns]
    known_sector = np.isin(own, sectors)
    values, column_of = ticks.to_numpy(dtype=np.float64)[known_sector], {s: i for i, s in enumerate(sectors)}
    labels = np.array([column_of[str(s)] for s in own[known_sector]], dtype=np.int64)
    order = np.lexsort([labels, *values.T])
    values, labels = values[order], labels[order]
    total = values.sum()
    if total == 0 or len(set(labels.tolist())) < 2:
        return
    inside = values[np.arange(len(labels)), labels].sum()
    expected = float(values.sum(axis=0) @ np.bincount(labels, minlength=len(sectors))) / len(labels)
    generator = np.random.default_rng(seed_of(plan.seed, plan.event, item.code, wave, "sectors"))
    beyond, block = 0, max(1, AT_ONCE // len(labels))
    for start in range(0, DRAWS, block):
        drawn = generator.permuted(np.tile(labels, (min(block, DRAWS - start), 1)), axis=1)
        inside_drawn = values[np.arange(len(labels)), drawn].sum(axis=1)
        beyond += int(np.sum(np.abs(inside_drawn - expected) >= abs(inside - expected) - 1e-9))
    p = (beyond + 1) / (DRAWS + 1)
    n = len(labels)
    yield EstimateRow(
        item.code, wave, "cross_sector_namings", float(1 - inside / total), p=p, n=n, flags=(Flag.PERMUTATION,)
    )
    yield EstimateRow(
        item.code, wave, "cross_sector_expected", float(1 - expected / total), n=n, flags=(Flag.PERMUTATION,)
    )


def _new_contacts_across(study: Study, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Estimate the share of new contacts from another sector: a ratio of sums, with a linearised interval."""
    if NEW not in study.responses or NEW_ACROSS not in study.responses:
        return
    for wave in waves_of(study):
        frame = study.responses[study.responses["wave"] == wave]
        both = frame[[NEW, NEW_ACROSS]].dropna().astype(float).sort_values([NEW, NEW_ACROSS])
        if not len(both) or both[NEW].sum() == 0:
            continue
        estimate = attempt(NEW_ACROSS, wave, "cross_sector_share", partial(_cross_sector_share, both, wave, plan))
        yield replace(estimate, n_missing=len(frame) - len(both))


def _cross_sector_share(both: pd.DataFrame, wave: str, plan: AnalysisPlan) -> EstimateRow:
    new, across = both[NEW].to_numpy(), both[NEW_ACROSS].to_numpy()
    share = float(across.sum() / new.sum())
    spread = stats.mean_interval(across - share * new, level=plan.level)
    half = (spread.high - spread.low) / 2 / float(new.mean())
    low, high = max(share - half, 0.0), min(share + half, 1.0)
    flags = (Flag.RATIO_LINEARISED,)
    return EstimateRow(NEW_ACROSS, wave, "cross_sector_share", share, low, high, n=len(both), flags=flags)


def team_medians(study: Study, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Compute medians over teams of what they report at follow-up; a team's number is the mean of its members'."""
    teams = team_of_people(study.scores)
    for item in study.project.instrument.items:
        if item.kind != "number" or item.dimension != PER_TEAM or item.code not in study.responses:
            continue
        for wave in waves_of(study):
            answers = study.responses.loc[study.responses["wave"] == wave, ["respondent", item.code]].dropna()
            with_teams = answers.join(teams, on="respondent", how="inner")
            means = with_teams[item.code].astype(float).groupby(with_teams["team"]).mean()
            if len(means) >= plan.threshold:
                median = float(np.median(np.sort(means.to_numpy())))
                yield EstimateRow(item.code, wave, "median_of_teams", median, flags=(Detail("teams", str(len(means))),))


def team_facts(study: Study) -> dict[str, int | float]:
    """Count the teams whose members' sectors are known, and those with members from three sectors or more."""
    teams = study.scores[["respondent", "team"]].dropna() if "team" in study.scores else pd.DataFrame()
    teams = teams[teams["team"].astype(str) != ""].drop_duplicates() if len(teams) else teams
    if not len(teams):
        return {}
    own = attribute(study, SECTOR, pd.Index(teams["respondent"]))
    members = teams.assign(sector=own)
    members = members[members["sector"] != ""]
    sectors_per_team = members.groupby("team")["sector"].nunique()
    if not len(sectors_per_team):
        return {}
    several = int((sectors_per_team >= 3).sum())
    return {
        "teams_known": len(sectors_per_team),
        "teams_three_sectors": several,
        "share_teams_three_sectors": several / len(sectors_per_team),
    }
