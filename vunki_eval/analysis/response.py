"""Who answered: the flow of participants, response and linking rates, and whether those who came back differ."""

from collections.abc import Iterator

import numpy as np

from vunki_eval import stats
from vunki_eval.analysis.respondents import INEXACT, AnalysisPlan, Outcome, waves_of
from vunki_eval.analysis.rows import SUPPRESSED, Row, attempt, interval, row, without
from vunki_eval.project.project import Event, Place, Sourced
from vunki_eval.survey.study import Study

RESPONSE = "response"


def counts(study: Study) -> dict[str, int]:
    """Count responses and links per wave: ``usable_post``, ``linked_post``, ``linked_post_exact`` and so on."""
    frame, waves = study.responses, waves_of(study)
    found: dict[str, int] = {}
    first = set(frame.loc[frame["wave"] == waves[0], "respondent"]) if waves else set()
    inexact = set(frame.loc[frame["link_method"] == INEXACT, "respondent"])
    for wave in waves:
        people = set(frame.loc[frame["wave"] == wave, "respondent"])
        found[f"usable_{wave}"] = len(people)
        if wave != waves[0]:
            linked = people & first
            found[f"linked_{wave}"] = len(linked)
            found[f"linked_{wave}_exact"] = len(linked - inexact)
            found[f"linked_{wave}_one_difference"] = len(linked & inexact)
    return found


def flow(study: Study, analysed: dict[str, int]) -> list[Row]:
    """Give the steps from registration to analysis, with the reason of the main loss of each.

    ``analysed`` holds the people whose answers enter the change of the first primary outcome, per wave.
    """
    known, found = _steps(study), counts(study)
    event, waves = study.event, study.project.instrument.wave_keys
    rows = [{"step": name, "n": _whole(source), "reason": ""} for name, source in
            (("registered", event.registered), ("attended", event.attended))]  # fmt: skip
    for wave in waves:
        if wave not in event.waves and f"usable_{wave}" not in found:
            continue
        returned, reason = known.get(f"returned_{wave}", (None, ""))
        rows.append({"step": f"returned_{wave}", "n": returned, "reason": ""})
        usable = found.get(f"usable_{wave}", 0)
        lost = reason or known.get(f"usable_{wave}", (None, ""))[1]
        rows.append({"step": f"usable_{wave}", "n": usable, "reason": lost if returned != usable else ""})
        for step in (f"linked_{wave}", f"linked_{wave}_exact", f"linked_{wave}_one_difference"):
            if step in found:
                rows.append({"step": step, "n": found[step], "reason": known.get(step, (None, ""))[1]})
        if wave in analysed:
            rows.append({"step": f"analysed_{wave}", "n": analysed[wave], "reason": ""})
    return rows


def _steps(study: Study) -> dict[str, tuple[int | None, str]]:
    """Read the flow of reading, cleaning and linking: number and reason of the main loss per step."""
    found: dict[str, tuple[int | None, str]] = {}
    for entry in study.flow.to_dict("records"):
        step, wave = str(entry["step"]), str(entry.get("wave") or "")
        name = step if not wave or step.endswith(f"_{wave}") or f"_{wave}_" in step else _placed(step, wave)
        n, reason = entry.get("n"), entry.get("reason")
        found[name] = (None if n is None or n != n else int(n), str(reason) if reason and reason == reason else "")
    return found


def _placed(step: str, wave: str) -> str:
    """Put the wave behind the first word: linked_exact of post becomes linked_post_exact."""
    first, _, rest = step.partition("_")
    return f"{first}_{wave}_{rest}" if rest else f"{first}_{wave}"


def _whole(number: Sourced) -> int | None:
    return None if number.value is None else int(number.value)


def rates(study: Study, plan: AnalysisPlan) -> Iterator[Row]:
    """Give response rates with their denominators, linking rates, and the expected share of wrong links."""
    found, waves = counts(study), waves_of(study)
    attended = _whole(study.event.attended)
    for wave in study.project.instrument.wave_keys:
        if wave not in waves:
            continue
        yield _rate(wave, "response_rate", found[f"usable_{wave}"], attended, plan)
        if f"linked_{wave}" in found:
            yield _rate(wave, "linking_rate", found[f"linked_{wave}"], found[f"usable_{wave}"], plan)
    if waves[:1] == ("pre",) and "usable_post" in found:
        share = min(found["usable_post"] / found["usable_pre"], 1.0)
        yield row(RESPONSE, "post", "retention", share, n=found["usable_pre"])
    if np.isfinite(study.false_link_share):
        yield row(RESPONSE, "", "false_link_share", float(study.false_link_share))


def _rate(wave: str, statistic: str, k: int, n: int | None, plan: AnalysisPlan) -> Row:
    if not n or k > n:
        return without(RESPONSE, wave, statistic, "no_denominator")
    share = stats.proportion(k, n, level=plan.level)
    return row(RESPONSE, wave, statistic, n=n, method="wilson", **interval(share))


def attrition(outcome: Outcome, before: str, after: str, plan: AnalysisPlan) -> Row | None:
    """Compare first answers of those who answered again with those of the others; None with a single wave."""
    key = outcome.scale.key
    if before not in outcome.scores or after not in outcome.responded:
        return None
    scores, returned = outcome.wave(before), outcome.responded[after]
    again, gone = np.sort(scores[returned & np.isfinite(scores)]), np.sort(scores[~returned & np.isfinite(scores)])
    if min(again.size, gone.size) < plan.threshold:
        few = gone.size or before in outcome.left_out
        reason, status = ("below_threshold", SUPPRESSED) if few else ("nothing_missing", "not_estimable")
        return without(key, before, "smd_attrition", reason, status=status)

    def made() -> Row:
        gap = stats.standardised_difference(again, gone, level=plan.level)
        return row(key, before, "smd_attrition", n=gap.n_a + gap.n_b, method="bonett", **interval(gap))

    return attempt(key, before, "smd_attrition", made)


def event_facts(study: Study) -> list[Row]:
    """Give the facts of an event: its own, and counts of answers."""
    rows = configured_facts(study.event)
    found = counts(study)
    steps = _steps(study)
    for wave in waves_of(study):
        returned = steps.get(f"returned_{wave}", (None, ""))[0]
        rows.append(fact(f"returned_{wave}", returned, "people"))
        rows += [fact(k, found[k], "people") for k in (f"usable_{wave}", f"linked_{wave}") if k in found]
    return rows


def configured_facts(event: Event) -> list[Row]:
    """Give what the project file says about an event: public numbers with their sources, dates, place and mode."""
    rows = []
    for key, number in (("registered", event.registered), ("attended", event.attended), ("teams", event.teams)):
        value = number.value
        unit = "teams" if key == "teams" else "people"
        rows.append({**fact(key, value, unit), "source": number.source, "date": number.date})
    for prefix, place in (("", event.actual), ("planned_", event.planned)):
        rows += _place_facts(prefix, place)
    return rows


def _place_facts(prefix: str, place: Place) -> list[Row]:
    values: dict[str, object] = {"start": place.start, "end": place.end, "mode": place.mode}
    values |= {f"place_{language}": name for language, name in place.place.items()}
    return [{**fact(prefix + k, v), "source": place.source} for k, v in values.items()]


def fact(key: str, value: object, unit: str = "") -> Row:
    """Make a fact; what is not known has status no_data. Whole numbers are written without decimals."""
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    return {"key": key, "value": value, "unit": unit, "source": "", "date": None,
            "status": "no_data" if value is None else "ok"}  # fmt: skip
