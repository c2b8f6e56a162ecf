"""Load a study: one event's cleaned, linked and scored answers. Personal data, kept in memory only."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from vunki_eval.errors import M_, ConfigError, InputError, Problem
from vunki_eval.project.file_names import on_disk
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.national_values import Benchmark, load_benchmarks
from vunki_eval.project.project import Event, Project
from vunki_eval.project.pseudonyms import load_key
from vunki_eval.project.unfinished import refuse_unfinished
from vunki_eval.readers.exports import (
    Input,
    ReadExport,
    forgotten_files,
    inputs_of,
    read_exports,
    without_absent,
)
from vunki_eval.readers.mapping_report import Recognised, recognised
from vunki_eval.survey.clean import LOG, Cleaned, Rulings, clean_table
from vunki_eval.survey.clean.duplicates import Settled, settle_duplicates
from vunki_eval.survey.clean.stack import PLACE, item_columns, stack
from vunki_eval.survey.coding import Codebook, Coding, load_codebook, match_coding, read_coding
from vunki_eval.survey.decisions import (
    Decision,
    OpenQuestion,
    RowMarks,
    apply_edits,
    check_rows,
    question_sheet,
    read_decisions,
)
from vunki_eval.survey.followup import reported_on, stage_findings, team_reports
from vunki_eval.survey.link import Linked, link_waves, same_codes
from vunki_eval.survey.link.flow import flow_steps, link_findings, with_analysed
from vunki_eval.survey.participants import ParticipantList, read_participant_list, with_participant_list
from vunki_eval.survey.roster import Roster, read_roster, take_roster, with_roster
from vunki_eval.survey.score import score_responses

FOR_INFORMATION = frozenset(
    {"VE-353", "VE-356", "VE-357", "VE-359", "VE-362", "VE-745", "VE-746", "VE-774", "VE-775", "VE-776"}
)


@dataclass(frozen=True, slots=True)
class Study:
    """The answers of one event.

    Attributes
    ----------
    responses : DataFrame
        One row per usable response (consent given, duplicates settled). Columns: ``respondent`` (random id, the same
        for all linked responses of a person), ``wave``, ``file``, ``sheet``, ``row`` (physical, from 1), ``submitted``
        (naive local Timestamp or NaT), ``link_method`` (exact, one_difference, id, none), then the items: numbers and
        ordered answers as float (NaN = blank or user-missing), nominal answers as the option's value (str or None),
        texts as str or None, multiple answers as one 0/1/NaN column per option named ``CODE.value``. The elements of
        the linking code are left out.
    nonresponse : DataFrame
        User-missing answers, apart from blanks: ``response`` (index label of ``responses``), ``item``, ``code``.
    scores : DataFrame
        Long: ``respondent``, ``wave``, ``scale``, ``score`` (scale points; counts as given, not yet logged),
        ``answered``, ``items``, ``complete`` (bool: every item that applies was answered), ``link_method``, ``team``.
        Rows without enough answers have score NaN.
    flow : DataFrame
        ``step``, ``wave``, ``n``, ``reason``; see `vunki_eval.survey.link`.
    log : DataFrame
        Every change beyond plain label coding: ``file``, ``sheet``, ``row``, ``column``, ``rule``, ``before``,
        ``after`` (of closed answers). Private.
    findings : tuple of Problem
        What a person should look at; none stops the analysis.
    inputs : tuple of Input
        Files read.
    false_link_share : float
        Expected share of wrong links among all links; NaN if nothing was linked by code.
    questions : tuple of Question
        What a person may rule on in ``decisions.csv``.
    exports : tuple of Recognised
        How every export was read.
    minutes : Series
        Minutes that each response took (NaN if the tool does not record it), same index as ``responses``.
    coding : Coding
        Themes that coders assigned to open answers, by file and row.
    participants : ParticipantList, optional
        The list of participants, with hashes instead of names. It fills in what ``event`` leaves open.
    roster : Roster or None
        How well participants say they know each other, if the event has a roster.
    benchmarks : tuple of Benchmark
        National values to compare the answers with.
    """

    project: Project
    event: Event
    responses: pd.DataFrame
    nonresponse: pd.DataFrame
    scores: pd.DataFrame
    flow: pd.DataFrame
    log: pd.DataFrame
    findings: tuple[Problem, ...] = ()
    inputs: tuple[Input, ...] = ()
    false_link_share: float = field(default=float("nan"))
    questions: tuple[OpenQuestion, ...] = ()
    exports: tuple[Recognised, ...] = ()
    minutes: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    coding: Coding = field(default_factory=lambda: Coding(Codebook()))
    participants: ParticipantList | None = None
    roster: Roster | None = None
    benchmarks: tuple[Benchmark, ...] = ()

    def __repr__(self) -> str:
        """Say how many, never who: a study holds personal data."""
        return f"<Study of {self.event.id}: {len(self.responses)} responses, not shown>"

    def _repr_html_(self) -> str:
        return repr(self).replace("<", "&lt;").replace(">", "&gt;")


def _with_level(finding: Problem) -> Problem:
    """Say whether a person must act on a finding ("look") or it is for information ("note")."""
    return replace(finding, level="note" if finding.code in FOR_INFORMATION else "look")


def open_questions(study: Study) -> str:
    """Write what a person may rule on as a prepared ``decisions.csv``, with ruling, who, when and why to fill in.

    Remove rows without a ruling before you put the sheet beside the event's exports.
    """
    return question_sheet(study.questions)


def load_study(project: Project, event_id: str, *, absent_ok: bool = False) -> Study:
    """Read, clean, link and score an event's exports.

    Parameters
    ----------
    project : Project
    event_id : str
    absent_ok : bool
        Whether a missing file is only a finding, and its wave counts as not asked, instead of being an error.

    Returns
    -------
    Study
        With empty frames for an event that names no exports. ``findings`` have the level "look" or "note".

    Raises
    ------
    UsageError
        If there is no such event, or the key for linking codes cannot be used.
    InputError
        With every fault of every export.
    ConfigError
        If decisions or mapping files are wrong or no longer match the data.
    """
    event = project.event(event_id)
    refuse_unfinished(project.surveys)  # a notebook may have loaded the project long ago
    participants, absent = _participant_list(project, event, absent_ok)
    event, differing = with_participant_list(event, participants)
    project, absent = project.with_event(event), (*absent, *differing)
    folder = project.surveys / event.id
    if absent_ok:
        event, missing = without_absent(event, folder)
        absent = (*absent, *missing)
    absent = (*absent, *forgotten_files(project, event))
    declared, roster_codes = project, read_roster(folder, f"surveys/{event.id}", project.instrument)
    project = replace(project, instrument=with_roster(project.instrument, roster_codes))
    decisions = read_decisions(folder, f"surveys/{event.id}")
    if absent_ok:
        present = {"", *(event.name_of(e) for wave in event.waves for e in event.exports(wave))}
        decisions = tuple(d for d in decisions if {d.file, d.other_file} <= present)
    reads = read_exports(project, event)
    marks = RowMarks({r.name: (r.table, r.mapping) for r in reads})
    check_rows(decisions, {r.name: r.table.lines for r in reads}, marks)
    cleaned = _clean_all(project, event, reads, decisions)
    study = _assemble(project, event, cleaned, inputs_of(project, event, reads), [_shown(event, d) for d in decisions])
    exports = tuple(recognised(r.export.file, r.wave, r.table, r.mapping) for r in reads)
    coding, unplaced = _coded(declared, event, study.responses)
    responses, roster, roster_findings = take_roster(study.responses, declared.instrument, roster_codes)
    findings = tuple(_with_level(f) for f in (*absent, *study.findings, *unplaced, *roster_findings, *_stages(study)))
    questions = tuple(replace(q, mark=marks.of(q)) for q in study.questions)
    return replace(
        study, project=declared, questions=questions, responses=responses, findings=findings, exports=exports,
        coding=coding, participants=participants, roster=roster,
        benchmarks=load_benchmarks(project.surveys, declared.instrument),
    )  # fmt: skip


def _coded(project: Project, event: Event, responses: pd.DataFrame) -> tuple[Coding, tuple[Problem, ...]]:
    """Read the themes that coders assigned to open answers."""
    codebook = load_codebook(project.surveys, event.id, project.instrument)
    sheets = read_coding(project.surveys / event.id, f"surveys/{event.id}", project.instrument, codebook)
    return match_coding(codebook, sheets, responses, project.instrument)


def _stages(study: Study) -> Iterator[Problem]:
    """Compare what teams report of their ideas' stages with the register."""
    reports, teams = team_reports(study.responses, study.scores), study.scores["team"].dropna().unique()
    entries = study.project.config.initiatives
    return stage_findings(entries, study.event, reports, reported_on(study.responses), teams)


def _participant_list(
    project: Project, event: Event, absent_ok: bool
) -> tuple[ParticipantList | None, tuple[Problem, ...]]:
    """Read the list of participants; with ``absent_ok`` a missing list is a finding instead of an error."""
    file = f"surveys/{event.id}/{event.participants}"
    if absent_ok and event.participants and not on_disk(project.root / file).is_file():
        problem, hint = M_("The list of participants is missing; the report is made without it."), M_("Put it there.")
        return None, (Problem(file, 0, "", problem, hint, "VE-740"),)
    return read_participant_list(project, event), ()


def _clean_all(
    project: Project, event: Event, reads: Sequence[ReadExport], decisions: Sequence[Decision]
) -> list[Cleaned]:
    """Clean every export; raise the faults of all of them together."""
    key = load_key(project) if reads else b""
    cleaned: list[Cleaned] = []
    problems: list[Problem] = []
    for read in reads:
        here = [d for d in decisions if d.file == read.name]
        table, edits = apply_edits(read.table, read.mapping, project.instrument, [d for d in here if d.kind == "edit"])
        rulings: Rulings = {(d.kind, d.row): d.ruling for d in here if d.kind in ("exclude", "late")}
        try:
            cleaned_table = clean_table(
                table, read.mapping, project.instrument, wave=read.wave, event=event, key=key,
                decimal=read.export.decimal, rulings=rulings,
            )  # fmt: skip
        except InputError as error:
            problems += error.problems
            continue
        log = pd.DataFrame([(table.file, table.sheet, *entry) for entry in edits], columns=list(LOG))
        cleaned.append(replace(cleaned_table, log=pd.concat([log, cleaned_table.log], ignore_index=True)))
    if problems:
        raise InputError(problems)
    return cleaned


def _shown(event: Event, decision: Decision) -> Decision:
    """Name a decision's files as the responses do."""
    names = [f"surveys/{event.id}/{name}" if name else "" for name in (decision.file, decision.other_file)]
    return replace(decision, file=names[0], other_file=names[1])


def _assemble(
    project: Project, event: Event, cleaned: Sequence[Cleaned], inputs: tuple[Input, ...], decisions: list[Decision]
) -> Study:
    """Settle duplicates, link the waves, give respondents their ids, and score."""
    instrument = project.instrument
    rows, codes, reasons, nonresponse = stack(cleaned, instrument)
    findings = [f for c in cleaned for f in c.findings]
    log = [c.log for c in cleaned]
    waiting: set[int] = set()
    unsettled: list[tuple[int, ...]] = []
    for settled in _settled(rows[reasons == ""], codes, instrument, decisions):
        left_out = sorted(settled.dropped | settled.waiting)
        reasons[left_out] = "duplicate"
        waiting |= settled.waiting
        findings += settled.findings
        unsettled += settled.unsettled
        log.append(_log_rows(rows.loc[left_out], "excluded_duplicate"))
    # Responses that await a ruling stay in the pool: without them a link could seem unique that is not.
    pool = rows[(reasons == "") | rows.index.isin(sorted(waiting))]
    linked = _linked(project, pool, codes.loc[pool.index], decisions)
    responses = _named(rows[reasons == ""], linked, project, event)
    findings += link_findings(responses, rows, linked, instrument)
    log.append(_log_rows(rows.loc[[k for k in linked.ambiguous if reasons[k] == ""]], "ambiguous_link"))
    used_nonresponse = nonresponse[nonresponse["response"].isin(responses.index)]
    scores = score_responses(responses, instrument)
    waves = [w for w in instrument.wave_keys if event.exports(w)]
    keys = project.primary_outcomes or tuple(s.key for s in instrument.scales)
    flow = flow_steps(waves, rows.assign(reason=reasons), responses, linked, first=instrument.wave_keys[0])
    flow = with_analysed(flow, scores[scores["scale"].isin(keys)], first=instrument.wave_keys[0])
    questions = _questions(event, rows, cleaned, unsettled, _unclear(linked, responses))
    minutes = pd.concat([c.minutes for c in cleaned], ignore_index=True) if cleaned else pd.Series(dtype=float)
    return Study(
        project, event, responses, used_nonresponse.reset_index(drop=True), scores, flow,
        pd.concat(log, ignore_index=True) if log else pd.DataFrame(columns=list(LOG)),
        tuple(findings), inputs, linked.false_link_share, questions, minutes=minutes[responses.index],
    )  # fmt: skip


def _unclear(linked: Linked, responses: pd.DataFrame) -> list[tuple[int, int]]:
    """List the pairs to rule on; a response that awaits a ruling on duplicates is left to that question."""
    return [pair for pair in linked.unclear if set(pair) <= set(responses.index)]


def _questions(
    event: Event,
    rows: pd.DataFrame,
    cleaned: Sequence[Cleaned],
    unsettled: Sequence[tuple[int, ...]],
    unclear: Sequence[tuple[int, int]],
) -> tuple[OpenQuestion, ...]:
    """Gather what a person may rule on, with files named as in project.toml."""
    folder = f"surveys/{event.id}/"

    def place(label: int) -> tuple[str, int]:
        return str(rows.at[label, "file"]).removeprefix(folder), int(rows.at[label, "row"])

    questions = [
        OpenQuestion(kind, str(c.responses["file"].iloc[0]).removeprefix(folder), row, noticed=noticed, item=item)
        for c in cleaned
        for kind, row, noticed, item in c.questions
    ]
    for group in unsettled:
        others = {k: group[0] if k != group[0] else group[1] for k in group}
        questions += [OpenQuestion("duplicate", *place(k), *place(other), "same") for k, other in others.items()]
    questions += [OpenQuestion("link", *place(a), *place(b), "unclear") for a, b in unclear]
    return tuple(sorted(set(questions)))


def _settled(
    usable: pd.DataFrame, codes: pd.DataFrame, instrument: Instrument, decisions: Sequence[Decision]
) -> list[Settled]:
    """Settle the duplicates of every wave; refuse rulings that do not match the data any more."""
    ruled = {(d.file, d.row): d for d in decisions if d.kind == "duplicate"}
    settled, stale = [], set(ruled)
    for wave in instrument.wave_keys:
        here = usable[usable["wave"] == wave]
        rulings = {
            place: (d.ruling, (d.other_file, d.other_row) if d.other_row else None)
            for place, d in ruled.items()
            if place[0] in set(here["file"])
        }
        own, items = codes.loc[here.index], item_columns(instrument)
        settled.append(settle_duplicates(here, own, same_codes(own), items=items, rulings=rulings))
        stale -= set(rulings) - set(settled[-1].stale)
    if stale:
        problem = M_("The response repeats no other response (any more).")
        raise ConfigError([ruled[place].refuse(problem) for place in sorted(stale)])
    return settled


def _linked(project: Project, pool: pd.DataFrame, codes: pd.DataFrame, decisions: Sequence[Decision]) -> Linked:
    """Link the waves, following a person's rulings on links."""
    instrument = project.instrument
    places = dict(zip(zip(pool["file"], pool["row"], strict=True), pool.index, strict=True))
    pairs: dict[str, list[tuple[int, int]]] = {"link": [], "apart": []}
    problems = []
    for decision in (d for d in decisions if d.kind == "link"):
        first, second = places.get((decision.file, decision.row)), places.get((decision.other_file, decision.other_row))
        if first is None or second is None or pool["wave"][first] == pool["wave"][second]:
            problems.append(decision.refuse(M_("The two rows are not usable responses from two waves (any more).")))
        else:
            pairs[decision.ruling].append((first, second))
    if problems:
        raise ConfigError(problems)
    stable = pool[[c for c in instrument.stable if c in pool]]
    return link_waves(
        codes, pool["wave"], instrument.wave_keys, stable=stable, must_link=pairs["link"], cannot_link=pairs["apart"]
    )


def _named(rows: pd.DataFrame, linked: Linked, project: Project, event: Event) -> pd.DataFrame:
    """Give every person a random id, seeded by project and event so that neither the key nor other events matter."""
    persons = linked.person[rows.index]
    people = pd.unique(persons)
    rng = np.random.default_rng([project.method.seed, zlib.crc32(event.id.encode())])
    numbers, width = rng.permutation(len(people)) + 1, max(4, len(str(len(people))))
    ids = {person: f"P{number:0{width}d}" for person, number in zip(people, numbers, strict=True)}
    linked_persons = persons.map(persons.value_counts()) > 1
    method = linked.method[rows.index].where(linked_persons, "none")
    named = rows.assign(respondent=persons.map(ids).astype(object), link_method=method.astype(object))
    return named[[*PLACE, *(c for c in rows if c not in PLACE)]]


def _log_rows(rows: pd.DataFrame, rule: str) -> pd.DataFrame:
    return pd.DataFrame([(r.file, r.sheet, int(r.row), "", rule, "", "") for r in rows.itertuples()], columns=list(LOG))
