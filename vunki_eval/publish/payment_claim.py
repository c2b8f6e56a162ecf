"""Put together the folder of a payment claim: agenda, signed list, feedback summary and a checklist of what is missing.

The order is the funder's. Files that the project names are copied under numbered names; the feedback summary is made
anew from the data. The folder holds people's names and signatures, so it is private and stays out of version control.
"""

import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vunki_eval.language import Localizer
from vunki_eval.project.file_names import on_disk
from vunki_eval.project.project import Event, Project
from vunki_eval.publish.build import feedback_page
from vunki_eval.publish.files import make_folder, make_private
from vunki_eval.publish.store import open_store
from vunki_eval.report.sections.cover import pick_or_text
from vunki_eval.report.sections.frame import labels, place_and_time
from vunki_eval.results.results import Results
from vunki_eval.results.view import view_results

FOLDER = "claims"
CHECKLIST, SIGNED_LIST, FEEDBACK = "0-checklist", "2-signed-list", "3-feedback.pdf"
BLANK = "………………"


@dataclass(frozen=True, slots=True)
class Point:
    """A line of the checklist: a paper or an entry, whether it is there, and what to do if it is not."""

    what: str
    there: bool
    status: str


@dataclass(frozen=True, slots=True)
class ClaimSheet:
    """The checklist as it is printed, with all texts in its language."""

    language: str
    title: str
    event: str
    place: str
    facts: tuple[tuple[str, str], ...]
    papers_title: str
    papers: tuple[Point, ...]
    entries_title: str
    entries: tuple[Point, ...]
    hand_title: str
    by_hand: tuple[str, ...]
    verdict: str
    sign: tuple[tuple[str, str], ...]
    symbols: tuple[str, ...]
    banner: str
    date: str
    author: str
    draft: str = ""
    signature: tuple[tuple[str, str], ...] = ()
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Point, ...]:
        """The papers and entries that are missing."""
        return tuple(p for p in (*self.papers, *self.entries) if not p.there)


def build_claim(project: Project, event_id: str, language: str = "et") -> tuple[Path, ClaimSheet]:
    """Build the claim of an event in ``claims/<event>/``, complete or not at all.

    Parameters
    ----------
    project : Project
    event_id : str
    language : str
        Language of the checklist and of the feedback summary.

    Returns
    -------
    Path
        The folder.
    ClaimSheet
        The checklist.

    Raises
    ------
    UsageError, ConfigError, InputError, BuildError
        With every problem of the project and its data.
    """
    from vunki_eval.analysis.evaluation import evaluate_with_findings
    from vunki_eval.report.render.pdf.onepage import page_pdf

    event = project.event(event_id)
    results, _ = evaluate_with_findings(project, event_id)
    with open_store(project.root / FOLDER) as store:
        make_folder(store.folder, private=True)
        work = store.work / event_id
        work.mkdir()
        copied = _copy_papers(project, event, work)
        has_answers = view_results(results, language).fact("usable_post") is not None
        if has_answers:
            (work / FEEDBACK).write_bytes(feedback_page(project, event_id, language, results))
        sheet = _sheet(project, event, results, copied | {"feedback": FEEDBACK if has_answers else ""}, language)
        (work / f"{CHECKLIST}.txt").write_text(as_text(sheet), "utf-8", newline="\n")
        page = page_pdf("claim.typ", asdict(sheet), sheet.labels, sheet.date, theme=project.theme)
        (work / f"{CHECKLIST}.pdf").write_bytes(page)
        make_private(work)  # the signed list of those who came is in it
        store.publish(event_id)
    return project.root / FOLDER / event_id, sheet


def as_text(sheet: ClaimSheet) -> str:
    """Write the checklist as plain text."""
    lines = [sheet.title.upper(), sheet.event, sheet.place, ""]
    lines += [sheet.banner, ""] if sheet.banner else []
    lines += [f"{label}: {value}" for label, value in sheet.facts]
    for title, points in ((sheet.papers_title, sheet.papers), (sheet.entries_title, sheet.entries)):
        lines += ["", title.upper(), *(f"[{'x' if p.there else ' '}] {p.what}: {p.status}" for p in points)]
    lines += ["", sheet.hand_title.upper(), *(f"[ ] {task}" for task in sheet.by_hand), "", sheet.verdict, ""]
    lines += [f"{label}: {value}" for label, value in sheet.sign]
    return "\n".join(lines) + "\n"


def _copy_papers(project: Project, event: Event, work: Path) -> dict[str, str]:
    """Copy the papers and return their new names; "" for one that is not named or not there."""
    files = {}
    for key, name, number in (
        ("agenda", event.claim.agenda, "1-agenda"),
        ("signed_list", event.claim.signed_list, SIGNED_LIST),
    ):
        source = on_disk(project.surveys / event.id / name)
        files[key] = f"{number}{source.suffix.lower()}" if name and source.is_file() else ""
        if files[key]:
            shutil.copyfile(source, work / files[key])
    return files


def _sheet(project: Project, event: Event, results: Results, files: dict[str, str], language: str) -> ClaimSheet:
    view = view_results(results, language)
    say, claim = view.say, view.meta["claim"]
    papers = _papers(say, event, files)
    entries = _entries(say, project, claim)
    missing = sum(not p.there for p in (*papers, *entries))
    preparer = claim["preparer"]
    applicant = project.about.applicant
    return ClaimSheet(
        language=language,
        title=say._("Checklist of the payment claim"),
        event=say.pick(dict(event.title), event.id),
        place=place_and_time(view) or say.no_data,
        facts=(
            (say._("Project"), say.pick(dict(project.about.title))),
            (say._("Funder"), say.pick(dict(project.about.funder))),
            (say._("Measure"), say.pick(project.about.measure) or BLANK),
            (say._("Applicant"), applicant.name),
            (say._("Registry code"), applicant.registry_code or BLANK),
            (say._("Reference number"), claim["reference"] or BLANK),
            (say._("Payment claim no."), claim["number"] or BLANK),
        ),
        papers_title=say._("Papers in the funder's order"),
        papers=papers,
        entries_title=say._("Entries in surveys/project.toml"),
        entries=entries,
        hand_title=say._("To be looked at by hand"),
        by_hand=(
            say._("The LEADER symbols stand on the agenda, on the list and on prints."),
            say._("The list has the signatures of all who came; the number agrees with the feedback summary."),
            say._("Quotes, contracts, invoices, acts of acceptance and proofs of payment are added."),
        ),
        verdict=say._("Everything is there.")
        if not missing
        else say.plural("{n} thing is missing.", "{n} things are missing.", missing),
        sign=(
            (say._("Prepared by"), preparer["name"] or BLANK),
            (say._("Role"), pick_or_text(say, preparer["role"]) or BLANK),
            (say._("Contact"), preparer["contact"] or BLANK),
            (say._("Place and date"), ", ".join(p for p in (claim["place"], _day(say, claim["date"])) if p)),
        ),
        symbols=(
            say._("Place for the Estonian LEADER symbol with the EU emblem"),
            say._("Place for the European LEADER symbol"),
        ),
        banner=say._("SYNTHETIC DATA - not real answers") if view.meta.get("synthetic") else "",
        date=claim["date"] or str((event.actual.end or event.actual.start or project.about.end).isoformat()),
        author=preparer["name"] or applicant.name,
        labels=labels(say),
    )


def _day(say: Localizer, day: str | None) -> str:
    return say.date(day) if day else BLANK


def _papers(say: Localizer, event: Event, files: dict[str, str]) -> tuple[Point, ...]:
    points = []
    for key, what in (
        ("agenda", say._("1. Agenda with the LEADER mark")),
        ("signed_list", say._("2. Signed list of participants")),
    ):
        file = getattr(event.claim, key)
        absent = (
            say._("missing: {file} is not in the folder", file=f"surveys/{event.id}/{file}")
            if file
            else say._("missing: name the file as claim.{key} of the event", key=key)
        )
        points.append(Point(what, bool(files[key]), files[key] or absent))
    absent = say._("missing: there are no answers from after the event")
    points.append(
        Point(say._("3. Summary of participants' feedback"), bool(files["feedback"]), files["feedback"] or absent)
    )
    return tuple(points)


def _entries(say: Localizer, project: Project, claim: dict[str, Any]) -> tuple[Point, ...]:
    entries = (
        (say._("Reference number"), "claim.reference", claim["reference"]),
        (say._("Payment claim no."), "claim.number", claim["number"]),
        (
            say._("Registry code of the applicant"),
            "project.applicant.registry_code",
            project.about.applicant.registry_code,
        ),
        (say._("Who prepared it"), "claim.preparer.name", claim["preparer"]["name"]),
        (say._("Date"), "claim.date", _day(say, claim["date"]) if claim["date"] else ""),
        (say._("Reference of the agenda"), "event.claim.agenda_reference", pick_or_text(say, claim["agenda"])),
    )
    return tuple(Point(what, bool(value), value or say._("missing: {key}", key=key)) for what, key, value in entries)
