"""Describe who answered: flow of participants, response and linking rates, and attrition."""

from collections.abc import Iterator

import numpy as np

from vunki_eval import stats
from vunki_eval.analysis.respondents import INEXACT, AnalysisPlan, Outcome, waves_of
from vunki_eval.analysis.rows import attempt, empty_row, interval
from vunki_eval.project.project import Event, Place, Sourced
from vunki_eval.results.estimates import SUPPRESSED, EstimateRow, Flag
from vunki_eval.results.results import Record
from vunki_eval.survey.study import Study

RESPONSE = "response"


def count_responses(study: Study) -> dict[str, int]:
    """Count responses and links per wave: ``usable_post``, ``linked_post``, ``linked_post_exact`` and so on."""
    frame, waves = study.responses, waves_of(study)
    counts: dict[str, int] = {}
    first = set(frame.loc[frame["wave"] == waves[0], "respondent"]) if waves else set()
    inexact = set(frame.loc[frame["link_method"] == INEXACT, "respondent"])
    for wave in waves:
        people = set(frame.loc[frame["wave"] == wave, "respondent"])
        counts[f"usable_{wave}"] = len(people)
        if wave != waves[0]:
            linked = people & first
            counts[f"linked_{wave}"] = len(linked)
            counts[f"linked_{wave}_exact"] = len(linked - inexact)
            counts[f"linked_{wave}_one_difference"] = len(linked & inexact)
    return counts


def flow(study: Study, analysed: dict[str, int]) -> list[Record]:
    """List the steps from registration to analysis, each with its number of people and the reason of its main loss.

    ``analysed`` counts, per wave, the people in the change of the first primary outcome.
    """
    steps, counts = _steps(study), count_responses(study)
    event, waves = study.event, study.project.instrument.wave_keys
    rows = [{"step": name, "n": _as_int(source), "reason": ""} for name, source in
            (("registered", event.registered), ("attended", event.attended))]  # fmt: skip
    for wave in waves:
        if wave not in event.waves and f"usable_{wave}" not in counts:
            continue
        returned, reason = steps.get(f"returned_{wave}", (None, ""))
        rows.append({"step": f"returned_{wave}", "n": returned, "reason": ""})
        usable = counts.get(f"usable_{wave}", 0)
        lost = reason or steps.get(f"usable_{wave}", (None, ""))[1]
        rows.append({"step": f"usable_{wave}", "n": usable, "reason": lost if returned != usable else ""})
        for step in (f"linked_{wave}", f"linked_{wave}_exact", f"linked_{wave}_one_difference"):
            if step in counts:
                rows.append({"step": step, "n": counts[step], "reason": steps.get(step, (None, ""))[1]})
        if wave in analysed:
            rows.append({"step": f"analysed_{wave}", "n": analysed[wave], "reason": ""})
    return rows


def _steps(study: Study) -> dict[str, tuple[int | None, str]]:
    """Index the study's flow by step: number of responses and reason of the main loss."""
    steps: dict[str, tuple[int | None, str]] = {}
    for entry in study.flow.to_dict("records"):
        step, wave = str(entry["step"]), str(entry.get("wave") or "")
        name = step if not wave or step.endswith(f"_{wave}") or f"_{wave}_" in step else _with_wave(step, wave)
        n, reason = entry.get("n"), entry.get("reason")
        steps[name] = (None if n is None or n != n else int(n), str(reason) if reason and reason == reason else "")
    return steps


def _with_wave(step: str, wave: str) -> str:
    """Insert the wave after the first part of a step's name: linked_exact of post becomes linked_post_exact."""
    first, _, rest = step.partition("_")
    return f"{first}_{wave}_{rest}" if rest else f"{first}_{wave}"


def _as_int(number: Sourced) -> int | None:
    return None if number.value is None else int(number.value)


def rates(study: Study, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of response rates, linking rates, retention and the expected share of false links."""
    counts, waves = count_responses(study), waves_of(study)
    attended = _as_int(study.event.attended)
    for wave in study.project.instrument.wave_keys:
        if wave not in waves:
            continue
        yield _rate(wave, "response_rate", counts[f"usable_{wave}"], attended, plan)
        if f"linked_{wave}" in counts:
            yield _rate(wave, "linking_rate", counts[f"linked_{wave}"], counts[f"usable_{wave}"], plan)
    if waves[:1] == ("pre",) and "usable_post" in counts:
        share = min(counts["usable_post"] / counts["usable_pre"], 1.0)
        yield EstimateRow(RESPONSE, "post", "retention", share, n=counts["usable_pre"])
    if np.isfinite(study.false_link_share):
        yield EstimateRow(RESPONSE, "", "false_link_share", float(study.false_link_share))


def _rate(wave: str, statistic: str, numerator: int, denominator: int | None, plan: AnalysisPlan) -> EstimateRow:
    if not denominator or numerator > denominator:
        return empty_row(RESPONSE, wave, statistic, "no_denominator")
    share = stats.proportion(numerator, denominator, level=plan.level)
    return EstimateRow(RESPONSE, wave, statistic, n=denominator, flags=(Flag.WILSON,), **interval(share))


def attrition(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> EstimateRow | None:
    """Compare first scores of people who answered again with those of people who did not; None with a single wave."""
    key = outcome.scale.key
    if before not in outcome.scores or after not in outcome.responded:
        return None
    scores, returned = outcome.wave(before), outcome.responded[after]
    again, lost = np.sort(scores[returned & np.isfinite(scores)]), np.sort(scores[~returned & np.isfinite(scores)])
    if min(again.size, lost.size) < plan.threshold:
        few = lost.size or before in outcome.left_out
        reason, status = ("below_threshold", SUPPRESSED) if few else ("nothing_missing", "not_estimable")
        return empty_row(key, before, "smd_attrition", reason, status=status)

    def make_row() -> EstimateRow:
        gap = stats.standardised_difference(again, lost, level=plan.level)
        return EstimateRow(key, before, "smd_attrition", n=gap.n_a + gap.n_b, flags=(Flag.BONETT,), **interval(gap))

    return attempt(key, before, "smd_attrition", make_row)


def event_facts(study: Study) -> list[Record]:
    """Make the facts of an event: those of the project file, and counts of responses."""
    rows = configured_facts(study.event)
    counts = count_responses(study)
    steps = _steps(study)
    for wave in waves_of(study):
        returned = steps.get(f"returned_{wave}", (None, ""))[0]
        rows.append(fact(f"returned_{wave}", returned, "people"))
        rows += [fact(k, counts[k], "people") for k in (f"usable_{wave}", f"linked_{wave}") if k in counts]
    return rows


def configured_facts(event: Event) -> list[Record]:
    """Make facts of what the project file says about an event: numbers with their sources, dates, place and mode."""
    rows = []
    for key, number in (("registered", event.registered), ("attended", event.attended), ("teams", event.teams)):
        value = number.value
        unit = "teams" if key == "teams" else "people"
        rows.append({**fact(key, value, unit), "source": number.source, "date": number.date})
    for prefix, place in (("", event.actual), ("planned_", event.planned)):
        rows += _place_facts(prefix, place)
    return rows


def _place_facts(prefix: str, place: Place) -> list[Record]:
    values: dict[str, object] = {"start": place.start, "end": place.end, "mode": place.mode}
    values |= {f"place_{language}": name for language, name in place.place.items()}
    return [{**fact(prefix + k, v), "source": place.source} for k, v in values.items()]


def fact(key: str, value: object, unit: str = "") -> Record:
    """Make the row of a fact; an unknown value has status no_data, and whole numbers become int."""
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    return {"key": key, "value": value, "unit": unit, "source": "", "date": None,
            "status": "no_data" if value is None else "ok"}  # fmt: skip
