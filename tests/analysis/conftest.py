"""A small event made by hand: its instrument, its project and answers with a known change."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vunki_eval.analysis import analyse
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Config, Project, load_project
from vunki_eval.results.results import Results
from vunki_eval.survey.study import Study, load_study

SECTORS = ("municipality", "public", "community", "business")
WAVES = ("pre", "post", "followup")


def texts(word: str) -> dict[str, str]:
    return {"et": word, "en": word}


def options(values: Any) -> list[dict[str, Any]]:
    return [{"value": v, "label": texts(str(v))} for v in values]


def item(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "role": "scale", "text": texts(code), "waves": list(WAVES), "response_set": "agree", **more}


def small_instrument() -> Instrument:
    items = [
        item("PR1", role="profile", response_set="sector", waves=["pre", "post"]),
        *(item(f"A{i}", reverse=i == 4) for i in range(1, 5)),
        *(item(f"R{i}", waves=["post"], retrospective_of=f"A{i}", reverse=i == 4) for i in range(1, 5)),
        item("S1", role="event", waves=["post"]),
        item("SA2", role="event", waves=["post"], response_set="likely"),
        item("N1", role="network", kind="number", response_set=None, range=[0, 500]),
        item("NW8", role="network", kind="multiple", response_set="sector", waves=["post"]),
        item("TM", role="meta", kind="text", response_set=None),
    ]
    scales = [
        {"key": "A", "items": ["A1", "A2", "A3", "A4"], "range": [1, 5], "primary": True, "smallest_change": 0.3},
        {"key": "N1", "items": ["N1"], "range": [0, 500], "primary": True, "transform": "log1p",
         "smallest_change": 1.25},
        {"key": "R", "items": ["R1", "R2", "R3", "R4"], "range": [1, 5]},
        {"key": "S1", "items": ["S1"], "range": [1, 5]},
        {"key": "SA2", "items": ["SA2"], "range": [0, 10]},
    ]  # fmt: skip
    data = {
        "id": "small", "title": texts("small"), "languages": ["et", "en"],
        "wave": [{"key": w, "order": i, "title": texts(w)} for i, w in enumerate(WAVES)],
        "response_set": [
            {"key": "agree", "options": options(range(1, 6)), "bands": [[1, 2], [3], [4, 5]]},
            {"key": "likely", "options": options(range(11)),
             "bands": [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9, 10]]},
            {"key": "sector", "options": options(SECTORS), "ordered": False},
        ],
        "item": items, "scale": [{"title": texts(s["key"]), **s} for s in scales],
    }  # fmt: skip
    return Instrument.model_validate(data)


def small_project(**about: Any) -> Project:
    config = {
        "project": {"id": "small", "title": texts("small"), "start": "2020-01-01", "end": "2020-12-31",
                    "funder": texts("funder"), "applicant": {"name": "applicant"}},
        "event": [
            {"id": "one", "title": texts("one"), "waves": {"pre": "pre.csv", "post": "post.csv"},
             "attended": {"value": 80, "source": "list"}, "actual": {"start": "2020-02-01", "mode": "onsite"}},
            {"id": "two", "title": texts("two"), "waves": {"pre": "pre.csv", "post": "post.csv"},
             "attended": {"value": 90, "source": "list"}, "actual": {"start": "2020-08-01", "mode": "online"}},
        ],
        **about,
    }  # fmt: skip
    return Project(Path(), Config.model_validate(config, strict=False), small_instrument())


def answers(rng: np.random.Generator, level: np.ndarray, size: int, top: int = 5) -> np.ndarray:
    raw = level[:, None] + rng.normal(0, 0.6, (len(level), size))
    return np.clip(np.rint(raw), 1, top)


def wave_frame(wave: str, people: np.ndarray, traits: pd.DataFrame, shift: float, seed: int) -> pd.DataFrame:
    """One row per respondent; the answers of a person do not depend on who else answered."""
    rng = np.random.default_rng([seed, len(wave)])
    n = len(traits)
    level = traits["level"].to_numpy() + (shift * (1 + 0.5 * traits["gain"].to_numpy()) if wave != "pre" else 0.0)
    table = pd.DataFrame({"respondent": traits.index, "wave": wave})
    for name in ("A", "R"):
        drawn = answers(rng, level if name == "A" else traits["level"].to_numpy(), 4)
        table = table.assign(**{f"{name}{i + 1}": drawn[:, i] for i in range(4)})
        table[f"{name}4"] = 6 - table[f"{name}4"]
    table["S1"] = answers(rng, np.full(n, 4.3), 1)[:, 0]
    table["SA2"] = np.clip(np.rint(rng.normal(8, 1.6, n)), 0, 10)
    table["N1"] = np.floor(np.exp(rng.normal(1.6 + traits["level"] * 0.2 + (0.4 if wave != "pre" else 0), 0.7, n)))
    for sector in SECTORS:
        table[f"NW8.{sector}"] = (rng.random(n) < 0.45).astype(float)
    table["PR1"], table["TM"] = traits["sector"].to_numpy(), traits["team"].to_numpy()
    if wave == "pre":
        table[["R1", "R2", "R3", "R4", "S1", "SA2", *(f"NW8.{s}" for s in SECTORS)]] = np.nan
    return table[table["respondent"].isin(people)]


def scored(instrument: Instrument, responses: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for scale in instrument.scales:
        given = responses[list(scale.items)].astype(float).copy()
        for code in scale.items:
            if instrument.item(code).reverse:
                given[code] = 6 - given[code]
        count = given.notna().sum(axis=1)
        rows.append(pd.DataFrame({
            "respondent": responses["respondent"], "wave": responses["wave"], "scale": scale.key,
            "score": given.mean(axis=1).where(count >= scale.needed), "answered": count, "items": len(scale.items),
            "complete": count == len(scale.items), "link_method": responses["link_method"], "team": responses["TM"],
        }))  # fmt: skip
    frame = pd.concat(rows, ignore_index=True)
    is_asked = [w in instrument.item(instrument.scale(s).items[0]).waves
             for w, s in zip(frame["wave"], frame["scale"], strict=True)]  # fmt: skip
    return frame[np.array(is_asked, dtype=bool)]


def make_study(
    pre: int = 60, post: int = 50, linked: int = 42, *, shift: float = 0.5, seed: int = 1, teams: int = 9,
    followup: int = 0, inexact: int = 6, event: str = "one", project: Project | None = None,
    change: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame,
) -> Study:  # fmt: skip
    """Make a study: the first ``linked`` people answered both times, ``inexact`` of them by a near code."""
    project = project or small_project()
    rng = np.random.default_rng(seed)
    n = pre + post - linked
    traits = pd.DataFrame({
        "level": rng.normal(3, 0.7, n), "gain": rng.normal(0, 1, n),
        "sector": rng.choice(SECTORS, n, p=[0.2, 0.15, 0.45, 0.2]),
        "team": [f"team {i}" for i in rng.integers(0, teams, n)] if teams else None,
    }, index=[f"p{i}" for i in range(n)])  # fmt: skip
    ids = np.array(traits.index)
    people_of_wave = {"pre": ids[:pre], "post": np.concatenate([ids[:linked], ids[pre:]]), "followup": ids[:followup]}
    frames = [wave_frame(w, people, traits, shift, seed) for w, people in people_of_wave.items() if len(people)]
    responses = pd.concat(frames, ignore_index=True) if frames else wave_frame("pre", ids, traits, 0, seed).iloc[:0]
    near = set(ids[:inexact])
    responses["link_method"] = [
        "one_difference" if r in near and w != "pre" else "exact" if r in set(ids[:linked]) else "none"
        for r, w in zip(responses["respondent"], responses["wave"], strict=True)
    ]
    responses = change(responses)
    empty = pd.DataFrame({"response": pd.Series(dtype=int), "item": [], "code": []})
    flow = pd.DataFrame({"step": ["returned_pre"], "wave": ["pre"], "n": [pre + 1], "reason": [""]})
    log = pd.DataFrame({c: [] for c in ("file", "sheet", "row", "column", "rule")})
    return Study(
        project, project.event(event), responses, empty, scored(project.instrument, responses), flow, log,
    )  # fmt: skip


@pytest.fixture(scope="session")
def make() -> Callable[..., Study]:
    """The maker of small studies."""
    return make_study


@pytest.fixture(scope="session")
def analysed() -> Callable[..., Results]:
    """Results of a small study; each is computed once."""
    return cache(lambda **people: analyse(make_study(**people)))


@pytest.fixture(scope="session")
def shipped_results(synthetic_results: dict[str, Results]) -> dict[str, Results]:
    return synthetic_results


@pytest.fixture(scope="session")
def small() -> Project:
    return small_project()


@pytest.fixture(scope="session")
def shipped_studies(shipped_project: Path) -> dict[str, Study]:
    project = load_project(shipped_project)
    return {e.id: load_study(project, e.id) for e in project.events}
