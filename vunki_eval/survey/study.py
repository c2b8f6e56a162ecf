"""A study: one event's cleaned, linked and scored answers. Personal data; in memory only."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from vunki_eval.errors import ConfigError, InputError, Problem, UsageError
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.keys import load_key
from vunki_eval.project.national_values import Benchmark, load_benchmarks
from vunki_eval.project.project import Event, Project
from vunki_eval.readers.exports import (
    Input,
    ReadExport,
    forgotten_files,
    inputs_of,
    read_exports,
    without_absent,
)
from vunki_eval.readers.recognised import Recognised, recognised
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
    """What was measured at one event.

    Attributes
    ----------
    responses : DataFrame
        One row per usable response (consent given, duplicates settled). Columns: ``respondent`` (random id, the same
        for all linked responses of a person), ``wave``, ``file``, ``sheet``, ``row`` (physical, from 1), ``submitted``
        (naive local Timestamp or NaT), ``link_method`` (exact, one_difference, id, none), then the items: numbers and
        ordered answers as float (NaN = blank or user-missing), nominal answers as the option's value (str or None),
        texts as str or None, multiple answers as one 0/1/NaN column per option named ``CODE.value``. Codes of linking
        are not in it.
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
        What a person should look at; never stops the analysis.
    inputs : tuple of Input
        Files read.
    false_link_share : float
        Expected share of wrong links among all links (NaN when nothing was linked by code).
    questions : tuple of Question
        What a person may rule on in ``decisions.csv``.
    exports : tuple of Recognised
        How every export was understood.
    minutes : Series
        How long each response took (NaN where the tool does not say), same index as ``responses``.
    coding : Coding
        Themes that coders gave to open answers, by file and row.
    roll : Roll, optional
        The list of participants, in hashes and marks; what ``event`` left open is filled in from it.
    roster : Roster or None
        Whom people said they knew how well, where the event has a roster.
    benchmarks : tuple of Benchmark
        National values that may be shown beside the answers.
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
    roll: ParticipantList | None = None
    roster: Roster | None = None
    benchmarks: tuple[Benchmark, ...] = ()

    def __repr__(self) -> str:
        """Say how many, never who: a study holds personal data."""
        return f"<Study of {self.event.id}: {len(self.responses)} responses, not shown>"

    def _repr_html_(self) -> str:
        return repr(self).replace("<", "&lt;").replace(">", "&gt;")


def _levelled(finding: Problem) -> Problem:
    """Say whether a person must act on a finding ("look") or it is for information ("note")."""
    return replace(finding, level="note" if finding.code in FOR_INFORMATION else "look")


def open_questions(study: Study) -> str:
    """Write what a person may rule on as a prepared ``decisions.csv``: fill in ruling, who, when and why.

    Rows that are not ruled on are removed before the sheet is put beside the event's exports.
    """
    return question_sheet(study.questions)


def load_study(project: Project, event_id: str, *, absent_ok: bool = False) -> Study:
    """Read, clean, link and score an event's exports.

    Parameters
    ----------
    project : Project
    event_id : str
    absent_ok : bool
        Whether a wave whose file is missing counts as not asked (with a finding) instead of being an error.

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
    _refuse_unfinished(project)
    roll, absent = _roll(project, event, absent_ok)
    event, said = with_participant_list(event, roll)
    project, absent = project.with_event(event), (*absent, *said)
    folder = project.surveys / event.id
    if absent_ok:
        event, gone = without_absent(event, folder)
        absent = (*absent, *gone)
    absent = (*absent, *forgotten_files(project, event))
    declared, people = project, read_roster(folder, f"surveys/{event.id}", project.instrument)
    project = replace(project, instrument=with_roster(project.instrument, people))
    decisions = read_decisions(folder, f"surveys/{event.id}")
    if absent_ok:
        there = {"", *(event.name_of(e) for wave in event.waves for e in event.exports(wave))}
        decisions = tuple(d for d in decisions if {d.file, d.other_file} <= there)
    reads = read_exports(project, event)
    marks = RowMarks({r.name: (r.table, r.mapping) for r in reads})
    check_rows(decisions, {r.name: r.table.lines for r in reads}, marks)
    cleaned = _clean_all(project, event, reads, decisions)
    study = _assemble(project, event, cleaned, inputs_of(project, event, reads), [_shown(event, d) for d in decisions])
    exports = tuple(recognised(r.export.file, r.wave, r.table, r.mapping) for r in reads)
    coding, unplaced = _coded(declared, event, study.responses)
    responses, roster, unclear = take_roster(study.responses, declared.instrument, people)
    findings = tuple(_levelled(f) for f in (*absent, *study.findings, *unplaced, *unclear, *_stages(study)))
    questions = tuple(replace(q, mark=marks.of(q)) for q in study.questions)
    return replace(
        study, project=declared, questions=questions, responses=responses, findings=findings, exports=exports,
        coding=coding, roll=roll, roster=roster, benchmarks=load_benchmarks(project.surveys, declared.instrument),
    )  # fmt: skip


def _coded(project: Project, event: Event, responses: pd.DataFrame) -> tuple[Coding, tuple[Problem, ...]]:
    """Read the themes that coders gave to open answers."""
    codebook = load_codebook(project.surveys, event.id, project.instrument)
    sheets = read_coding(project.surveys / event.id, f"surveys/{event.id}", project.instrument, codebook)
    return match_coding(codebook, sheets, responses, project.instrument)


def _stages(study: Study) -> Iterator[Problem]:
    """Compare what teams report of their ideas' stages with the register."""
    reports, teams = team_reports(study.responses, study.scores), study.scores["team"].dropna().unique()
    entries = study.project.config.initiatives
    return stage_findings(entries, study.event, reports, reported_on(study.responses), teams)


def _refuse_unfinished(project: Project) -> None:
    """Refuse to read between the steps of an erasure: rows and the decisions on them would not belong together."""
    if (project.surveys / ".erasure.json").exists():
        problem = "An erasure was interrupted; the files are between old and new."
        raise UsageError(Problem("surveys/", 0, "", problem, "Run `vunki-eval erase` again.", "VE-730"))


def _roll(project: Project, event: Event, absent_ok: bool) -> tuple[ParticipantList | None, tuple[Problem, ...]]:
    """Read the list of participants; one that is missing may be a finding instead of an error."""
    file = f"surveys/{event.id}/{event.participants}"
    if absent_ok and event.participants and not (project.root / file).is_file():
        said, hint = "The list of participants is missing; the report is made without it.", "Put it there."
        return None, (Problem(file, 0, "", said, hint, "VE-740"),)
    return read_participant_list(project, event), ()


def _clean_all(
    project: Project, event: Event, reads: Sequence[ReadExport], decisions: Sequence[Decision]
) -> list[Cleaned]:
    """Clean every export; collect the faults of all."""
    key = load_key(project) if reads else b""
    cleaned: list[Cleaned] = []
    problems: list[Problem] = []
    for read in reads:
        here = [d for d in decisions if d.file == read.name]
        table, edits = apply_edits(read.table, read.mapping, project.instrument, [d for d in here if d.kind == "edit"])
        rulings: Rulings = {(d.kind, d.row): d.ruling for d in here if d.kind in ("exclude", "late")}
        try:
            done = clean_table(
                table, read.mapping, project.instrument, wave=read.wave, event=event, key=key,
                decimal=read.export.decimal, rulings=rulings,
            )  # fmt: skip
        except InputError as error:
            problems += error.problems
            continue
        log = pd.DataFrame([(table.file, table.sheet, *entry) for entry in edits], columns=list(LOG))
        cleaned.append(replace(done, log=pd.concat([log, done.log], ignore_index=True)))
    if problems:
        raise InputError(problems)
    return cleaned


def _shown(event: Event, decision: Decision) -> Decision:
    """Name the files of a decision as the responses do."""
    names = [f"surveys/{event.id}/{name}" if name else "" for name in (decision.file, decision.other_file)]
    return replace(decision, file=names[0], other_file=names[1])


def _assemble(
    project: Project, event: Event, cleaned: Sequence[Cleaned], inputs: tuple[Input, ...], decisions: list[Decision]
) -> Study:
    """Settle duplicates, link, name respondents and score."""
    instrument = project.instrument
    rows, codes, reasons, nonresponse = stack(cleaned, instrument)
    findings = [f for c in cleaned for f in c.findings]
    log = [c.log for c in cleaned]
    waiting: set[int] = set()
    unsettled: list[tuple[int, ...]] = []
    for settled in _settled(rows[reasons == ""], codes, instrument, decisions):
        out = sorted(settled.dropped | settled.waiting)
        reasons[out] = "duplicate"
        waiting |= settled.waiting
        findings += settled.findings
        unsettled += settled.unsettled
        log.append(_log_rows(rows.loc[out], "excluded_duplicate"))
    pool = rows[(reasons == "") | rows.index.isin(sorted(waiting))]
    linked = _linked(project, pool, codes.loc[pool.index], decisions)
    responses = _named(rows[reasons == ""], linked, project, event)
    findings += link_findings(responses, rows, linked, instrument)
    log.append(_log_rows(rows.loc[[k for k in linked.ambiguous if reasons[k] == ""]], "ambiguous_link"))
    kept = nonresponse[nonresponse["response"].isin(responses.index)]
    scores = score_responses(responses, instrument)
    waves = [w for w in instrument.wave_keys if event.exports(w)]
    keys = project.primary_outcomes or tuple(s.key for s in instrument.scales)
    flow = flow_steps(waves, rows.assign(reason=reasons), responses, linked, first=instrument.wave_keys[0])
    flow = with_analysed(flow, scores[scores["scale"].isin(keys)], first=instrument.wave_keys[0])
    questions = _questions(event, rows, cleaned, unsettled, _unclear(linked, responses))
    minutes = pd.concat([c.minutes for c in cleaned], ignore_index=True) if cleaned else pd.Series(dtype=float)
    return Study(
        project, event, responses, kept.reset_index(drop=True), scores, flow,
        pd.concat(log, ignore_index=True) if log else pd.DataFrame(columns=list(LOG)),
        tuple(findings), inputs, linked.false_link_share, questions, minutes=minutes[responses.index],
    )  # fmt: skip


def _unclear(linked: Linked, responses: pd.DataFrame) -> list[tuple[int, int]]:
    """Pairs to rule on; a response that waits for a ruling on duplicates is asked about there."""
    return [pair for pair in linked.unclear if set(pair) <= set(responses.index)]


def _questions(
    event: Event,
    rows: pd.DataFrame,
    cleaned: Sequence[Cleaned],
    unsettled: Sequence[tuple[int, ...]],
    unclear: Sequence[tuple[int, int]],
) -> tuple[OpenQuestion, ...]:
    """Gather what a person may rule on; files are named as in the config."""
    folder = f"surveys/{event.id}/"

    def place(label: int) -> tuple[str, int]:
        return str(rows.at[label, "file"]).removeprefix(folder), int(rows.at[label, "row"])

    found = [
        OpenQuestion(kind, str(c.responses["file"].iloc[0]).removeprefix(folder), row, noticed=noticed, item=item)
        for c in cleaned
        for kind, row, noticed, item in c.questions
    ]
    for group in unsettled:
        others = {k: group[0] if k != group[0] else group[1] for k in group}
        found += [OpenQuestion("duplicate", *place(k), *place(other), "same") for k, other in others.items()]
    found += [OpenQuestion("link", *place(a), *place(b), "unclear") for a, b in unclear]
    return tuple(sorted(set(found)))


def _settled(
    usable: pd.DataFrame, codes: pd.DataFrame, instrument: Instrument, decisions: Sequence[Decision]
) -> list[Settled]:
    """Settle the duplicates of every wave; refuse rulings that no longer match the data."""
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
        said = "The response repeats no other one (any more)."
        raise ConfigError([ruled[place].refuse(said) for place in sorted(stale)])
    return settled


def _linked(project: Project, pool: pd.DataFrame, codes: pd.DataFrame, decisions: Sequence[Decision]) -> Linked:
    """Link the waves, with what a person ruled."""
    instrument = project.instrument
    places = dict(zip(zip(pool["file"], pool["row"], strict=True), pool.index, strict=True))
    pairs: dict[str, list[tuple[int, int]]] = {"link": [], "apart": []}
    problems = []
    for decision in (d for d in decisions if d.kind == "link"):
        one, other = places.get((decision.file, decision.row)), places.get((decision.other_file, decision.other_row))
        if one is None or other is None or pool["wave"][one] == pool["wave"][other]:
            problems.append(decision.refuse("The two rows are not usable responses of two waves (any more)."))
        else:
            pairs[decision.ruling].append((one, other))
    if problems:
        raise ConfigError(problems)
    stable = pool[[c for c in instrument.stable if c in pool]]
    return link_waves(
        codes, pool["wave"], instrument.wave_keys, stable=stable, together=pairs["link"], apart=pairs["apart"]
    )


def _named(rows: pd.DataFrame, linked: Linked, project: Project, event: Event) -> pd.DataFrame:
    """Give every person a random id; the seed is the project's, so that neither the key nor another event matters."""
    persons = linked.person[rows.index]
    known = pd.unique(persons)
    draw = np.random.default_rng([project.method.seed, zlib.crc32(event.id.encode())]).permutation(len(known)) + 1
    names = {person: f"P{number:0{max(4, len(str(len(known))))}d}" for person, number in zip(known, draw, strict=True)}
    several = persons.map(persons.value_counts()) > 1
    method = linked.method[rows.index].where(several, "none")
    named = rows.assign(respondent=persons.map(names).astype(object), link_method=method.astype(object))
    return named[[*PLACE, *(c for c in rows if c not in PLACE)]]


def _log_rows(rows: pd.DataFrame, rule: str) -> pd.DataFrame:
    return pd.DataFrame([(r.file, r.sheet, int(r.row), "", rule, "", "") for r in rows.itertuples()], columns=list(LOG))
