"""Write the quality report, the log, proposed mappings and the sheet of open questions into ``checks/<event>/``.

Whatever a person has already filled in there is kept: items in a proposed mapping, rulings in the prepared sheet. The
sheet of teams puts their follow-up reports beside the register, for the evaluator only: some teams are two people.
"""

import csv
import io
import json
from collections import Counter
from pathlib import Path

from vunki_eval.errors import InputError
from vunki_eval.language import localizer
from vunki_eval.project.project import ReaderOptions
from vunki_eval.publish.files import write_all
from vunki_eval.publish.private_folder import private_folder
from vunki_eval.publish.quality.checked_event import CheckedEvent
from vunki_eval.publish.quality.decision_sheet import prepared_sheet, sheet_workbook
from vunki_eval.publish.quality.page import page
from vunki_eval.publish.quality.summary import proposals, summary
from vunki_eval.readers import open_source
from vunki_eval.readers.files.delimited import join_rows
from vunki_eval.readers.wording import label_key, number_text, tidy
from vunki_eval.survey.coding.prepared_sheets import spreadsheet_safe
from vunki_eval.survey.followup import LEAST, WAVE, registered_stage, reported_on, team_reports
from vunki_eval.survey.score import team_of_people
from vunki_eval.survey.study import Study

PER_TEAM = ("FU2a", "FU2b", "FU2c", "FU3")
HEADER = ("initiative", "team", "members", "reported", "register", *(f"{code}_median" for code in PER_TEAM))
Files = dict[Path, str | bytes | None]


def write_check(checked: CheckedEvent, language: str) -> Path:
    """Write the quality report, the log of changes, teams' reports and proposed mappings; return their folder."""
    folder = private_folder(checked.project, checked.event.id)
    data = summary(checked)
    text = json.dumps(data, ensure_ascii=False, indent=1, default=int) + "\n"
    files: Files = {
        folder / "quality.json": text,
        folder / "quality.html": page(checked, data, localizer(language)),
    }
    if checked.study is not None:
        teams = team_sheet(checked.study)
        log = checked.study.log.assign(before=checked.study.log["before"].map(_safe))
        files[folder / "teams.csv"] = join_rows(teams) if teams else None
        files[folder / "changes.csv"] = log.to_csv(index=False, lineterminator="\n")
    write_all(files | _mappings(folder, proposals(checked)), private=True)
    return folder


def write_decisions(checked: CheckedEvent, language: str, *, workbook: bool = False) -> Path:
    """Write the rulings made so far and the open questions as a sheet to fill in; return its path."""
    folder = private_folder(checked.project, checked.event.id)
    drafts = [folder / name for name in ("decisions.csv", "decisions.xlsx") if (folder / name).is_file()]
    drafts.sort(key=lambda p: p.stat().st_mtime)  # the last one counts
    rows = prepared_sheet(checked, [_rows_of(p) for p in drafts], localizer(language))
    path = folder / ("decisions.xlsx" if workbook else "decisions.csv")
    files: Files = {path: sheet_workbook(rows) if workbook else join_rows(rows)}
    write_all(files | {draft: None for draft in drafts if draft != path}, private=True)
    return path


def _mappings(folder: Path, sheets: dict[str, str]) -> Files:
    """Return the proposed mappings, and None for those of files that no longer need one."""
    files: Files = dict.fromkeys(folder.glob("*.mapping.csv"))
    for name, text in sheets.items():
        header, *rows = csv.reader(io.StringIO(text))
        filled_in = {(row[0], *row[3:]): row for row in _rows_of(folder / name)[1:] if len(row) > 1 and row[1]}
        merged = [filled_in.get((tidy(row[0]), *map(tidy, row[3:])), row) for row in rows]
        files[folder / name] = join_rows([header, *merged])
    return files


def _rows_of(path: Path) -> list[list[str]]:
    """Read the rows of a sheet that a person may have worked on; none if it cannot be read."""
    try:
        return [[tidy(c) for c in row] for row in open_source(path, path.name, ReaderOptions()).rows]
    except InputError:
        return []


def _safe(cell: str) -> str:
    """Keep a spreadsheet from reading a cell as a formula; numbers stay as they were written."""
    return cell if number_text(cell) else spreadsheet_safe(cell)


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
