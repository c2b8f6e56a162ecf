"""List each team's follow-up report beside the register. For the evaluator only: some teams are two people."""

from collections import Counter

from vunki_eval.readers.wording import label_key
from vunki_eval.survey.followup import LEAST, WAVE, registered_stage, reported_on, team_reports
from vunki_eval.survey.score import team_of_people
from vunki_eval.survey.study import Study

PER_TEAM = ("FU2a", "FU2b", "FU2c", "FU3")
HEADER = ("initiative", "team", "members", "reported", "register", *(f"{code}_median" for code in PER_TEAM))


def team_sheet(study: Study) -> list[tuple[str, ...]]:
    """Make a row per team that answered: its initiative, the stages reported and registered, and medians of numbers.

    If only one member answered, the cells stay empty: they would show that person's answers. The name of a team that is
    not in the register is left out too, since somebody typed it.

    Returns
    -------
    list of tuple
        The first row is the header; empty if no team answered.
    """
    date, event = reported_on(study.responses), study.event
    entries = {label_key(i.team): i for i in study.project.config.initiatives if i.team and i.event == event.id}
    medians = _medians(study)
    rows = []
    for report in team_reports(study.responses, study.scores):
        entry = entries.get(report.team)
        registered = registered_stage(entry, event, date) if entry and date else None
        several = len(report.stages) >= LEAST
        reported = "; ".join(f"{stage} {n}" for stage, n in sorted(Counter(report.stages).items())) if several else ""
        numbers = (medians.get((report.team, code), "") if several else "" for code in PER_TEAM)
        names = (entry.id, entry.team) if entry else ("", "")
        stage = registered.stage if registered else ""
        rows.append((*names, str(len(report.stages)), reported, stage, *numbers))
    return [HEADER, *rows] if rows else []


def _medians(study: Study) -> dict[tuple[str, str], str]:
    """Compute the median answer of each team's members, by team and item."""
    answers = study.responses[study.responses["wave"] == WAVE]
    by_member = answers.join(team_of_people(study.scores), on="respondent", how="inner")
    keys = [label_key(str(t)) for t in by_member["team"]]
    medians: dict[tuple[str, str], str] = {}
    for code in (c for c in PER_TEAM if c in by_member):
        by_team = by_member[code].astype(float).groupby(keys).median().dropna()
        medians |= {(str(team), code): f"{value:g}" for team, value in by_team.items()}
    return medians
