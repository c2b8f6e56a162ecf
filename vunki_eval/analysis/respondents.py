"""Arrange the scores of an outcome by person and wave, as arrays that the statistics take.

People are sorted by their values, so that neither the order of the responses nor the random ids can change a number.
"""

from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vunki_eval.project.instrument import Scale
from vunki_eval.project.project import Method
from vunki_eval.survey.study import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
INEXACT = "one_difference"
NO_TEAM = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores of a scale, one row per person who answered any wave.

    Attributes
    ----------
    scale : Scale
    scores : dict of str to array
        Score per wave, transformed for analysis (log1p where the scale says so); NaN where there is none.
    responded : dict of str to array of bool
        Whether the person answered the wave at all.
    complete : dict of str to array of bool
        Whether every item that applies was answered.
    exact : array of bool
        Whether the person's answers were linked without a difference.
    teams : array of str
        Team, "" where unknown.
    people : Index
        Respondent ids, to look up groups.
    left_out : frozenset of str
        Waves from which a few people were left out (`without_few_unpaired`).
    """

    scale: Scale
    scores: dict[str, FloatArray]
    responded: dict[str, BoolArray]
    complete: dict[str, BoolArray]
    exact: BoolArray
    teams: npt.NDArray[np.object_]
    people: pd.Index
    left_out: frozenset[str] = frozenset()

    @property
    def waves(self) -> tuple[str, ...]:
        """Waves in which somebody has a score, in order."""
        return tuple(w for w, s in self.scores.items() if np.isfinite(s).any())

    def wave(self, wave: str) -> FloatArray:
        """Look up the scores of a wave; all NaN if the wave was not asked."""
        return self.scores.get(wave, np.full(len(self.people), np.nan))

    def people_in(self, *waves: str) -> int:
        """Count people who answered any of the waves."""
        responded = [self.responded[w] for w in waves if w in self.responded]
        return int(np.any(responded, axis=0).sum()) if responded else 0

    def pairs(self, before: str, after: str) -> BoolArray:
        """Mark the people who have a score in both waves."""
        return np.isfinite(self.wave(before)) & np.isfinite(self.wave(after))

    def only(self, before: str, after: str) -> int:
        """Count people with a score in exactly one of two waves."""
        return int(np.sum(np.isfinite(self.wave(before)) != np.isfinite(self.wave(after))))

    def keep(self, which: npt.NDArray[Any]) -> "Outcome":
        """Select some of the people, by a mask or by their positions in the order wanted."""
        scores = {w: v[which] for w, v in self.scores.items()}
        responded = {w: v[which] for w, v in self.responded.items()}
        complete = {w: v[which] for w, v in self.complete.items()}
        exact, teams, people = self.exact[which], self.teams[which], self.people[which]
        return Outcome(self.scale, scores, responded, complete, exact, teams, people, self.left_out)

    def natural(self, value: float) -> float:
        """Convert a change on the scale of analysis to the reported one: a ratio for counts, else unchanged."""
        return float(np.exp(value)) if self.logged else value

    @property
    def logged(self) -> bool:
        """Tell whether changes are ratios."""
        return self.scale.transform == "log1p"


@dataclass(frozen=True, slots=True)
class AnalysisPlan:
    """What was declared before the data were seen.

    ``margins`` holds the smallest change that matters per scale (scale points; a ratio for counts).
    """

    level: float
    threshold: int
    seed: int
    event: str
    primary: tuple[str, ...]
    margins: dict[str, float]

    def margin(self, outcome: Outcome) -> float | None:
        """Smallest change that matters, on the scale of analysis."""
        declared = self.margins.get(outcome.scale.key)
        return None if declared is None else float(np.log(declared)) if outcome.logged else declared


def plan_of(study: Study) -> AnalysisPlan:
    """Make the analysis plan of a study from its project file."""
    project, method = study.project, study.project.method
    margins = {s.key: project.smallest_change(s.key) for s in project.instrument.scales}
    return make_plan(method, study.event.id, project.primary_outcomes, margins)


def make_plan(method: Method, event: str, primary: tuple[str, ...], margins: dict[str, float | None]) -> AnalysisPlan:
    """Make an analysis plan; scales without a smallest change that matters get no margin."""
    declared = {k: v for k, v in margins.items() if v is not None}
    return AnalysisPlan(method.level, method.suppression_threshold, method.seed, event, primary, declared)


def waves_of(study: Study) -> tuple[str, ...]:
    """List the waves with at least one usable response, in order."""
    answered = set(study.responses["wave"])
    return tuple(w for w in study.project.instrument.wave_keys if w in answered)


@dataclass(frozen=True, slots=True)
class Respondents:
    """Who answered which wave, how they were linked, and their teams: the same for all outcomes of a study."""

    people: pd.Index
    responded: dict[str, BoolArray]
    exact: BoolArray
    teams: npt.NDArray[np.object_]


def respondents_of(study: Study) -> Respondents:
    """Collect who answered a study, at which waves, how they were linked, and their teams."""
    frame, people = study.responses, pd.Index(study.responses["respondent"].unique())
    responded = {w: people.isin(frame.loc[frame["wave"] == w, "respondent"]) for w in waves_of(study)}
    inexact = people.isin(frame.loc[frame["link_method"] == INEXACT, "respondent"])
    return Respondents(people, responded, ~inexact, attribute(study, "team", people))


def outcome_of(study: Study, scale: Scale, respondents: Respondents) -> Outcome:
    """Arrange the scores of a scale by person and wave."""
    people, rows = respondents.people, study.scores[study.scores["scale"] == scale.key]
    by_wave = {w: rows[rows["wave"] == w] for w in respondents.responded}
    scores = {w: _transformed(scale, _column(part, "score", people)) for w, part in by_wave.items()}
    complete = {w: _column(part, "complete", people) == 1.0 for w, part in by_wave.items()}
    outcome = Outcome(scale, scores, respondents.responded, complete, respondents.exact, respondents.teams, people)
    return outcome.keep(_order(outcome))


def without_few_unpaired(outcome: Outcome, threshold: int) -> Outcome:
    """Leave out of a wave the people without a score in another wave, if they are fewer than the threshold.

    The means of two waves, the change of the pairs and the change of everybody (Welch, likelihood) give enough
    equations to solve for the sum of scores of these few people. Without them all these numbers describe the same
    people.
    """
    scores, left_out = dict(outcome.scores), set[str]()
    changed = True
    while changed:
        changed = False
        for wave, compared in permutations(scores, 2):
            both = np.isfinite(scores[wave]) & np.isfinite(scores[compared])
            unpaired = np.isfinite(scores[wave]) & ~both
            if both.sum() >= threshold and 0 < unpaired.sum() < threshold:
                scores[wave] = np.where(unpaired, np.nan, scores[wave])
                left_out.add(wave)
                changed = True
    return replace(outcome, scores=scores, left_out=frozenset(left_out)) if left_out else outcome


def blank_few_unpaired(study: Study, respondents: Respondents, threshold: int) -> Study:
    """Blank the answers to a scale's items of the people left out of its scores (`without_few_unpaired`).

    Otherwise the item counts of everybody, less those of the people who stay, would be the answers of these few.
    """
    responses = study.responses
    for scale in study.project.instrument.scales:
        outcome = outcome_of(study, scale, respondents)
        reduced = without_few_unpaired(outcome, threshold)
        for wave in reduced.left_out:
            unpaired = outcome.people[np.isfinite(outcome.wave(wave)) & ~np.isfinite(reduced.wave(wave))]
            blank = (responses["wave"] == wave) & responses["respondent"].isin(unpaired)
            codes = [code for code in scale.items if code in responses]
            responses = responses.assign(**{code: responses[code].mask(blank) for code in codes})
    return study if responses is study.responses else replace(study, responses=responses)


def _column(rows: pd.DataFrame, name: str, people: pd.Index) -> FloatArray:
    column = pd.Series(rows[name].astype(float).to_numpy(), index=rows["respondent"].to_numpy())
    return np.asarray(column.reindex(people).to_numpy(dtype=np.float64, na_value=np.nan))


def _transformed(scale: Scale, scores: FloatArray) -> FloatArray:
    return np.log1p(scores) if scale.transform == "log1p" else scores


def attribute(study: Study, name: str, people: pd.Index) -> npt.NDArray[np.object_]:
    """Look up an attribute of each person as text, "" if unknown: from the first answer, or for teams from the last."""
    frame = study.scores if name == "team" else study.responses
    if name not in frame:
        return np.full(len(people), "", dtype=object)
    order = {w: i for i, w in enumerate(study.project.instrument.wave_keys)}
    answers = frame[["respondent", "wave", name]].dropna()
    answers = answers.assign(order=answers["wave"].map(order)).sort_values("order", kind="stable")
    answers = answers[answers[name].astype(str) != ""]
    first_or_last = answers.drop_duplicates("respondent", keep="last" if name == "team" else "first")
    return np.array([_text(v) for v in first_or_last.set_index("respondent")[name].reindex(people)], dtype=object)


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _order(outcome: Outcome) -> npt.NDArray[np.intp]:
    """Order people by what they answered, so that sums do not depend on the order of rows."""
    if not len(outcome.people):
        return np.arange(0)
    columns = [np.nan_to_num(s, nan=-1e9) for s in outcome.scores.values()]
    flags = [f.astype(float) for part in (outcome.responded, outcome.complete) for f in part.values()]
    team_order = {t: i for i, t in enumerate(sorted(set(outcome.teams)))}
    return np.lexsort(
        [outcome.exact.astype(float), np.array([team_order[t] for t in outcome.teams]), *flags, *columns[::-1]]
    )
