"""Follow returns on the day: how many answers have come, what a few more would allow, and a reminder ready to send.

Only counts are shown, never an answer. Teams are shown in bands as wide as the suppression threshold, so that no small
number can be worked out from the total. Nothing is shown of what the answers say: looking at effects while answers come
in would tempt one to stop at a lucky moment.
"""

import datetime as dt
import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from vunki_eval.errors import VunkiError, shorten
from vunki_eval.language import N_, Localizer, localizer
from vunki_eval.project.file_names import files_below
from vunki_eval.project.planning import DESCRIBED, FEWEST, Design, detectable_curve, plan_survey
from vunki_eval.project.project import Event, Project, load_project
from vunki_eval.survey.study import Study, load_study

STEPS = (0, 5, 10, 20)
PER_MINUTE = 6  # questions
HOURS = 48  # from the end of the event to the deadline in the reminder
SECONDS = 5.0
TEXTS = {
    "returned": N_("{wave}: {n} answers"),
    "of": N_("({share} of the {all} people who came)"),
    "linked": N_("linked before and after: {n} pairs"),
    "to_publish": N_("{more} more linked pairs, and a change can be published at all."),
    "to_judge": N_(
        "{more} more linked pairs, and the primary outcomes can get a verdict; now a change can only be described."
    ),
    "noticed": N_("{outcome}: now a change is noticed from {now}"),
    "more": N_("with more pairs: {steps}"),
    "missing": N_("to notice the smallest change that matters, {more} more pairs are needed"),
    "enough": N_("the pairs are enough to notice the smallest change that matters"),
    "reminder_head": N_("A reminder, ready to send:"),
    "until": N_("until {day}"),
    "soon": N_("within the next two days"),
    "code_token": N_("The survey asks for the code of your invitation: it is in the invitation or on your card."),
    "code_own": N_(
        "Please answer the questions of the code as you did before the event: this is how answers are "
        "brought together without a name."
    ),
    "reminder": N_(
        "Hello!\n"
        "\n"
        "Thank you for taking part: {event}. Please answer a short survey ({minutes} minutes) {until}:\n"
        "\n"
        "    [address of the survey]\n"
        "\n"
        "Your answer helps even if you did not answer before the event. {code}\n"
        "Answering is voluntary, and only totals are published. If you have answered already, thank you "
        "– nothing more is asked of you.\n"
        "\n"
        "{applicant}"
    ),
}


def watch(
    look: Callable[[], str], stamp: Callable[[], object], say: Callable[[str], None], wait: Callable[[], None]
) -> None:
    """Show the text, and again whenever the files have changed, until ``wait`` is interrupted.

    Parameters
    ----------
    look : callable
        Reads the files and returns the text.
    stamp : callable
        Returns something that differs when the files do.
    say, wait : callable
    """
    last: object = None
    try:
        while True:
            if (now := stamp()) != last:
                say(look())
                last = now
            wait()
    except KeyboardInterrupt:
        return


def file_stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, size and time of every file below a folder, without files that vanish meanwhile."""
    files = []
    for path in files_below(folder):
        with suppress(OSError):
            state = path.stat()
            files.append((path.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns))
    return tuple(files)


def returns_text(load: Callable[[], Project], events: tuple[str, ...], language: str) -> str:
    """Describe the returns of each event; name what cannot be read yet, so that the watch can go on.

    Parameters
    ----------
    load : callable
        Reads the project again.
    events : tuple of str
        Ids; all events when empty.
    language : str
    """
    try:
        project = load()
        watched = [project.event(e) for e in events] if events else list(project.events)
        parts = [_event(project, event, language) for event in watched]
    except VunkiError as error:
        parts = ["\n".join(shorten(error.problems, language))]
    return "\n\n".join(parts)


def _event(project: Project, event: Event, language: str) -> str:
    """Describe the returns of one event; a file that is still being written counts as absent."""
    say = localizer(language)
    texts = _texts(say)
    lines = [say.pick(event.title)]
    try:
        study = load_study(project, event.id, absent_ok=True)
    except VunkiError as error:
        return "\n".join([*lines, *shorten(error.problems, language)])
    lines += _returns(study, texts, say)
    if pairs_of(study) is not None:
        lines += ["", *_allowed(study, texts, say)]
    lines += ["", texts["reminder_head"], *reminder(project, event, study, language).splitlines()]
    return "\n".join(lines)


def pairs_of(study: Study) -> int | None:
    """Count people who answered before and after and could be linked; None while a wave has no answers."""
    first, second = study.project.instrument.wave_keys[:2] if len(study.project.instrument.waves) > 1 else ("", "")
    waves = study.responses.groupby("wave")["respondent"].agg(set)
    return len(waves[first] & waves[second]) if {first, second} <= set(waves.index) else None


def _returns(study: Study, texts: dict[str, str], say: Localizer) -> Iterator[str]:
    instrument, attended = study.project.instrument, study.event.attended.value
    for wave in instrument.wave_keys:
        n = int((study.responses["wave"] == wave).sum())
        title = instrument.wave_title(wave, say.language)
        line = texts["returned"].format(wave=title, n=say.count(n))
        if attended and n:
            line += " " + texts["of"].format(
                all=say.count(float(attended)), share=say.percent(min(n / float(attended), 1))
            )
        yield f"  {line}"
        yield from (f"    {team}: {count}" for team, count in team_bands(study, wave))
    pairs = pairs_of(study)
    if pairs is not None:
        yield "  " + texts["linked"].format(n=say.count(pairs))


def team_bands(study: Study, wave: str, to: str = "–") -> list[tuple[str, str]]:
    """Return every team's number of answers in a wave as a band as wide as the suppression threshold (``5–9``)."""
    rows = study.scores.loc[study.scores["wave"] == wave, ["respondent", "team"]].drop_duplicates()
    teams = rows["team"].dropna()
    counts = teams[teams.astype(str).str.strip() != ""].value_counts()
    width = study.project.method.suppression_threshold
    bands = ((str(team), int(n) // width * width) for team, n in sorted(counts.items(), key=_by_number))
    return [(team, f"{low}{to}{low + width - 1}") for team, low in bands]


def _by_number(item: tuple[Any, Any]) -> list[tuple[int, str]]:
    """Sort team 2 before team 10."""
    parts = re.split(r"(\d+)", str(item[0]).casefold())
    return [(int(p), "") if p.isdigit() else (-1, p) for p in parts]


def _allowed(study: Study, texts: dict[str, str], say: Localizer) -> Iterator[str]:
    """Say what the present number of pairs allows, and what a few more would allow."""
    project, pairs = study.project, pairs_of(study) or 0
    if pairs < DESCRIBED:
        step = FEWEST if pairs < FEWEST else DESCRIBED
        key = "to_publish" if pairs < FEWEST else "to_judge"
        yield "  " + texts[key].format(more=say.count(step - pairs))
    smallest = {key: project.smallest_change(key) for key in project.primary_outcomes}
    design = Design(max(pairs, FEWEST), 1.0, 1.0)
    plan = plan_survey(project.instrument, project.primary_outcomes, smallest, design, seed=project.method.seed)
    sizes = [max(pairs, FEWEST) + step for step in STEPS]
    for prospect in plan.prospects:
        curve = [change for _, change in detectable_curve(prospect, plan.level, sizes)]
        changes = [say.ratio(c) if prospect.ratio else say.number(c, 2) for c in curve]
        steps = ", ".join(f"+{step}: {c}" for step, c in zip(STEPS[1:], changes[1:], strict=True))
        title = say.pick(project.instrument.scale(prospect.outcome).title)
        yield "  " + texts["noticed"].format(outcome=title, now=changes[0])
        yield "    " + texts["more"].format(steps=steps)
        missing = (prospect.pairs_needed or 0) - pairs
        if prospect.smallest is not None:
            key = "enough" if missing <= 0 else "missing"
            yield "    " + texts[key].format(more=say.count(max(missing, 0)))


def reminder(project: Project, event: Event, study: Study, language: str) -> str:
    """Return a reminder to answer after the event; it holds nobody's name or code."""
    say = localizer(language)
    texts = _texts(say)
    instrument = project.instrument
    wave = instrument.wave_keys[min(1, len(instrument.waves) - 1)]
    minutes = max(1, math.ceil(len(instrument.in_wave(wave)) / PER_MINUTE))
    end = event.actual.end or event.actual.start or event.planned.end or event.planned.start
    until = texts["until"].format(day=say.date(end + dt.timedelta(hours=HOURS))) if end else texts["soon"]
    token = any(i.kind == "token" for i in instrument.items)
    return texts["reminder"].format(
        event=say.pick(event.title), minutes=say.count(minutes), until=until, applicant=project.about.applicant.name,
        code=texts["code_token" if token else "code_own"],
    )  # fmt: skip


def _texts(say: Localizer) -> dict[str, str]:
    return {key: say._(text) for key, text in TEXTS.items()}


def watch_returns(project: Path | None, events: list[str], language: str, every: float) -> None:
    """Show the returns of events, again whenever files change, until Ctrl+C; the configuration is read each time."""
    loaded = load_project(project)
    for event in events:
        loaded.event(event)
    language = language or loaded.about.languages[0]

    def say(text: str) -> None:
        typer.echo(f"── {time.strftime('%H:%M:%S')} " + "─" * 60)
        typer.echo(text)
        typer.echo("\n" + localizer(language)._("Ctrl+C ends this."))

    watch(
        lambda: returns_text(lambda: load_project(project), tuple(events), language),
        lambda: file_stamp(loaded.surveys),
        say,
        lambda: time.sleep(every),
    )
