"""What an outcome was at each wave, person by person: the arrays that statistics take.

Rows are put in the order of their values, so that neither the order of the responses nor the random ids can change a
number.
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
        Waves from which the few who stand alone in them were left out (`without_few_alone`).
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
        """Waves in which somebody has a score, in their order."""
        return tuple(w for w, s in self.scores.items() if np.isfinite(s).any())

    def wave(self, wave: str) -> FloatArray:
        """Give scores of a wave; all missing if it was not asked."""
        return self.scores.get(wave, np.full(len(self.people), np.nan))

    def people_in(self, *waves: str) -> int:
        """Count people who answered any of the waves."""
        seen = [self.responded[w] for w in waves if w in self.responded]
        return int(np.any(seen, axis=0).sum()) if seen else 0

    def pairs(self, before: str, after: str) -> BoolArray:
        """Tell who has a score in both waves."""
        return np.isfinite(self.wave(before)) & np.isfinite(self.wave(after))

    def only(self, before: str, after: str) -> int:
        """Count people with a score in exactly one of two waves."""
        return int(np.sum(np.isfinite(self.wave(before)) != np.isfinite(self.wave(after))))

    def keep(self, which: npt.NDArray[Any]) -> "Outcome":
        """Give the same outcome for some of the people: a mask, or their places in the order wanted."""
        scores = {w: v[which] for w, v in self.scores.items()}
        responded = {w: v[which] for w, v in self.responded.items()}
        complete = {w: v[which] for w, v in self.complete.items()}
        exact, teams, people = self.exact[which], self.teams[which], self.people[which]
        return Outcome(self.scale, scores, responded, complete, exact, teams, people, self.left_out)

    def natural(self, value: float) -> float:
        """Turn a change on the scale of analysis into what is printed: a ratio for counts, else itself."""
        return float(np.exp(value)) if self.logged else value

    @property
    def logged(self) -> bool:
        """Tell whether changes are ratios."""
        return self.scale.transform == "log1p"


@dataclass(frozen=True, slots=True)
class AnalysisPlan:
    """What was declared before the data."""

    level: float
    threshold: int
    seed: int
    event: str
    primary: tuple[str, ...]
    margins: dict[str, float]

    def margin(self, outcome: Outcome) -> float | None:
        """Smallest change that matters, on the scale of analysis."""
        given = self.margins.get(outcome.scale.key)
        return None if given is None else float(np.log(given)) if outcome.logged else given


def plan_of(study: Study) -> AnalysisPlan:
    """Collect what was declared."""
    project, method = study.project, study.project.method
    margins = {s.key: project.smallest_change(s.key) for s in project.instrument.scales}
    return make_plan(method, study.event.id, project.primary_outcomes, margins)


def make_plan(method: Method, event: str, primary: tuple[str, ...], margins: dict[str, float | None]) -> AnalysisPlan:
    """Put the declared rules together."""
    known = {k: v for k, v in margins.items() if v is not None}
    return AnalysisPlan(method.level, method.suppression_threshold, method.seed, event, primary, known)


def waves_of(study: Study) -> tuple[str, ...]:
    """Waves with at least one usable response, in their order."""
    seen = set(study.responses["wave"])
    return tuple(w for w in study.project.instrument.wave_keys if w in seen)


@dataclass(frozen=True, slots=True)
class Respondents:
    """Who answered which wave, how they were linked, and their teams: the same for all outcomes of a study."""

    people: pd.Index
    responded: dict[str, BoolArray]
    exact: BoolArray
    teams: npt.NDArray[np.object_]


def respondents_of(study: Study) -> Respondents:
    """List the people of a study."""
    frame, people = study.responses, pd.Index(study.responses["respondent"].unique())
    responded = {w: people.isin(frame.loc[frame["wave"] == w, "respondent"]) for w in waves_of(study)}
    inexact = people.isin(frame.loc[frame["link_method"] == INEXACT, "respondent"])
    return Respondents(people, responded, ~inexact, attribute(study, "team", people))


def outcome_of(study: Study, scale: Scale, roster: Respondents) -> Outcome:
    """Spread the scores of a scale over waves."""
    people, rows = roster.people, study.scores[study.scores["scale"] == scale.key]
    by_wave = {w: rows[rows["wave"] == w] for w in roster.responded}
    scores = {w: _transformed(scale, _column(part, "score", people)) for w, part in by_wave.items()}
    complete = {w: _column(part, "complete", people) == 1.0 for w, part in by_wave.items()}
    outcome = Outcome(scale, scores, roster.responded, complete, roster.exact, roster.teams, people)
    return outcome.keep(_order(outcome))


def without_few_alone(outcome: Outcome, threshold: int) -> Outcome:
    """Leave out of a wave the 1 to threshold - 1 people who have no score in another wave that it is compared with.

    The means of two waves, the change of the pairs and the change of everybody (Welch, likelihood) are as many
    equations as there are sums of those who answered once: the sum of a few could be solved. Without them all these
    numbers speak of the same people.
    """
    scores, left_out = dict(outcome.scores), set[str]()
    found = True
    while found:
        found = False
        for one, other in permutations(scores, 2):
            both = np.isfinite(scores[one]) & np.isfinite(scores[other])
            alone = np.isfinite(scores[one]) & ~both
            if both.sum() >= threshold and 0 < alone.sum() < threshold:
                scores[one] = np.where(alone, np.nan, scores[one])
                left_out.add(one)
                found = True
    return replace(outcome, scores=scores, left_out=frozenset(left_out)) if left_out else outcome


def without_few_answers(study: Study, roster: Respondents, threshold: int) -> Study:
    """Blank the answers to a scale's questions of those who are left out of its numbers (`without_few_alone`).

    Else what everybody answered, less what all but a few did, would be the answers of the few.
    """
    responses = study.responses
    for scale in study.project.instrument.scales:
        whole = outcome_of(study, scale, roster)
        kept = without_few_alone(whole, threshold)
        for wave in kept.left_out:
            few = whole.people[np.isfinite(whole.wave(wave)) & ~np.isfinite(kept.wave(wave))]
            blank = (responses["wave"] == wave) & responses["respondent"].isin(few)
            codes = [code for code in scale.items if code in responses]
            responses = responses.assign(**{code: responses[code].mask(blank) for code in codes})
    return study if responses is study.responses else replace(study, responses=responses)


def _column(rows: pd.DataFrame, name: str, people: pd.Index) -> FloatArray:
    column = pd.Series(rows[name].astype(float).to_numpy(), index=rows["respondent"].to_numpy())
    return np.asarray(column.reindex(people).to_numpy(dtype=np.float64, na_value=np.nan))


def _transformed(scale: Scale, scores: FloatArray) -> FloatArray:
    return np.log1p(scores) if scale.transform == "log1p" else scores


def attribute(study: Study, name: str, people: pd.Index) -> npt.NDArray[np.object_]:
    """Give a person's attribute as text, "" where unknown: the first wave's answer counts (a team: the last one's)."""
    frame = study.scores if name == "team" else study.responses
    if name not in frame:
        return np.full(len(people), "", dtype=object)
    order = {w: i for i, w in enumerate(study.project.instrument.wave_keys)}
    known = frame[["respondent", "wave", name]].dropna()
    known = known.assign(order=known["wave"].map(order)).sort_values("order", kind="stable")
    known = known[known[name].astype(str) != ""]
    chosen = known.drop_duplicates("respondent", keep="last" if name == "team" else "first")
    return np.array([_text(v) for v in chosen.set_index("respondent")[name].reindex(people)], dtype=object)


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
    names = {t: i for i, t in enumerate(sorted(set(outcome.teams)))}
    return np.lexsort(
        [outcome.exact.astype(float), np.array([names[t] for t in outcome.teams]), *flags, *columns[::-1]]
    )
