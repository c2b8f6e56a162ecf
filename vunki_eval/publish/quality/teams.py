"""What each team reported at follow-up beside the register, for the evaluator: private, some teams are two people."""

from collections import Counter

from vunki_eval.readers.wording import label_key
from vunki_eval.survey.followup import LEAST, WAVE, reported_on, standing, team_reports
from vunki_eval.survey.score import team_of_people
from vunki_eval.survey.study import Study

PER_TEAM = ("FU2a", "FU2b", "FU2c", "FU3")
HEAD = ("initiative", "team", "members", "reported", "register", *(f"{code}_median" for code in PER_TEAM))


def team_sheet(study: Study) -> list[tuple[str, ...]]:
    """Give a row per team that answered: its initiative, the stages told and the register's, medians of the numbers.

    What a single member said is that person's answer, and a name that the register lacks is what somebody typed: such
    cells stay empty.

    Returns
    -------
    list of tuple
        The first row holds the headers; empty where no team answered.
    """
    on, event = reported_on(study.responses), study.event
    entries = {label_key(i.team): i for i in study.project.config.initiatives if i.team and i.event == event.id}
    medians = _medians(study)
    rows = []
    for report in team_reports(study.responses, study.scores):
        entry = entries.get(report.team)
        own = standing(entry, event, on) if entry and on else None
        several = len(report.stages) >= LEAST
        told = "; ".join(f"{stage} {n}" for stage, n in sorted(Counter(report.stages).items())) if several else ""
        numbers = (medians.get((report.team, code), "") if several else "" for code in PER_TEAM)
        known = (entry.id, entry.team) if entry else ("", "")
        rows.append((*known, str(len(report.stages)), told, own.stage if own else "", *numbers))
    return [HEAD, *rows] if rows else []


def _medians(study: Study) -> dict[tuple[str, str], str]:
    """Give the median answer of every team's members, by team and item."""
    answers = study.responses[study.responses["wave"] == WAVE]
    said = answers.join(team_of_people(study.scores), on="respondent", how="inner")
    keys = [label_key(str(t)) for t in said["team"]]
    found: dict[tuple[str, str], str] = {}
    for code in (c for c in PER_TEAM if c in said):
        middle = said[code].astype(float).groupby(keys).median().dropna()
        found |= {(str(team), code): f"{value:g}" for team, value in middle.items()}
    return found
