"""Collect what readers need to understand the tables: titles, wordings, labels, dates, thresholds; nothing personal."""

import datetime as dt
from collections import Counter
from typing import Any

from vunki_eval.project.formalities import EventClaim, Signature
from vunki_eval.project.instrument import Instrument, Item, ResponseSet, Scale
from vunki_eval.project.project import Event, Place, Project
from vunki_eval.project.version import __version__, installed_versions
from vunki_eval.survey.study import Study

PACKAGES = ("numpy", "scipy", "pandas", "matplotlib", "networkx", "typst", "nbconvert", "papermill")
OTHER = "_other"
OTHER_LABEL = {"et": "ülejäänud", "en": "the rest"}


def project_meta(project: Project, event: str | None = None) -> dict[str, Any]:
    """Collect the context of a report on an event, or on the whole project."""
    instrument, config = project.instrument, project.config
    return {
        "version": __version__,
        "languages": list(project.about.languages),
        "synthetic": project.synthetic(event),
        "level": project.method.level,
        "threshold": project.method.suppression_threshold,
        "seed": project.method.seed,
        "primary": list(project.primary_outcomes),
        "outcomes": {s.key: _outcome(s, project) for s in instrument.scales},
        "items": {i.code: _item(i, instrument) for i in instrument.items if i.role not in ("link", "consent")},
        "answers": {r.key: _answers(r) for r in instrument.response_sets},
        "bands": {r.key: [[str(v) for v in band] for band in r.bands] for r in instrument.response_sets if r.bands},
        "waves": {w.key: dict(w.title) for w in sorted(instrument.waves, key=lambda w: w.order)},
        "instrument": {"title": dict(instrument.title), "source": instrument.source,
                       "licence": {"en": instrument.licence, **instrument.licence_text}},
        "project": _project(project),
        "events": {e.id: _event(e) for e in project.events},
        "event": _event(project.event(event)) if event else {},
        "signed": _signed(project.signature(event)),
        "lag": {"title": dict(config.area.title), "source": config.area.source} if config.area else {},
        "claim": _claim(project, event),
        "results": [
            {"key": r.key, "title": dict(r.title), "outcomes": list(r.outcomes), "indicators": list(r.indicators)}
            for r in config.results
        ],
        "indicators": {
            i.key: {"title": dict(i.title), "unit": dict(i.unit), "baseline": i.baseline, "target": i.target,
                    "approximate": i.approximate, "statistic": i.statistic, "due": _date(i.due),
                    "evidence": dict(i.evidence)}
            for i in config.indicators
        },
        "roster": _roster(instrument),
        "facts": {f.key: {"title": dict(f.title), "event": f.event} for f in config.facts},
        "style": {"accent": config.style.accent, "second": config.style.second},
        "packages": installed_versions(PACKAGES),
    }  # fmt: skip


def study_meta(study: Study) -> dict[str, Any]:
    """Collect what was read for an event: its input files, and counts of findings and changes."""
    log = study.log
    rules = Counter(log["rule"]) if len(log) else Counter[str]()
    return {
        "inputs": [{"path": i.path, "sha256": i.sha256, "rows": i.rows} for i in study.inputs],
        "quality": {
            "findings": dict(sorted(Counter(f.code for f in study.findings).items())),
            "levels": dict(sorted(Counter(f.level for f in study.findings).items())),
            "log": {str(k): int(n) for k, n in sorted(rules.items())},
        },
        "benchmarks": [b.model_dump() for b in study.benchmarks],
    }


def _roster(instrument: Instrument) -> dict[str, Any]:
    """Collect the roster's question and the lowest answer that counts as a tie; empty if there is no roster."""
    roster = instrument.roster
    if roster is None:
        return {}
    response_set = next(r for r in instrument.response_sets if r.key == roster.response_set)
    tie = {lang: response_set.label(roster.tie, lang) for lang in instrument.languages}
    return {"code": roster.code, "text": dict(roster.text), "tie": tie}


def _outcome(scale: Scale, project: Project) -> dict[str, Any]:
    return {
        "title": dict(scale.title), "unit": dict(scale.unit), "range": list(scale.range), "transform": scale.transform,
        "direction": scale.direction, "smallest_change": project.smallest_change(scale.key), "items": list(scale.items),
        "minimum": scale.needed, "model": scale.model, "primary": scale.key in project.primary_outcomes,
        "dimension": scale.dimension, "source": scale.source,
    }  # fmt: skip


def _item(item: Item, instrument: Instrument) -> dict[str, Any]:
    scale = next((s.key for s in instrument.scales if item.code in s.items), "")
    languages = instrument.languages
    return {
        "text": {lang: item.wording(lang) for lang in languages},
        "short": {lang: item.label(lang) for lang in languages},
        "stem": dict(item.stem), "row": dict(item.text), "kind": item.kind, "role": item.role,
        "response_set": item.response_set or "", "range": list(item.range) if item.range else None, "scale": scale,
        "reverse": item.reverse, "waves": list(item.waves), "translation": item.translation,
        "dimension": item.dimension, "source": item.source, "source_text": dict(item.source_text),
        "excluded_by": item.excluded_by.item if item.excluded_by else "",
        "retrospective_of": item.retrospective_of or "",
    }  # fmt: skip


def _answers(response_set: ResponseSet) -> dict[str, dict[str, str]]:
    """Label every value, missing code and band, and the category that small ones are merged into."""
    labels = {str(o.value): dict(o.label) for o in response_set.options}
    labels |= {str(m.value): dict(m.label) for m in response_set.missing}
    labels |= _bands(response_set) if response_set.ordered else _nominal_bands(response_set)
    return {**labels, OTHER: dict(OTHER_LABEL)}


def _bands(response_set: ResponseSet) -> dict[str, dict[str, str]]:
    """Label every range of neighbouring answers that disclosure control may merge."""
    values = sorted(v for v in response_set.values if isinstance(v, int))
    languages = response_set.options[0].label
    ranges = [(a, b) for i, a in enumerate(values) for b in values[i + 1 :]]
    numbered = len(values) > 4 or str(values[0]) in next(iter(languages.values()))
    return {
        f"{a}-{b}": {lang: f"{a}–{b}" if numbered else _between(response_set, a, b, lang) for lang in languages}
        for a, b in ranges
    }


def _between(response_set: ResponseSet, low: int, high: int, language: str) -> str:
    return f"{response_set.label(low, language)} – {response_set.label(high, language)}"


def _nominal_bands(response_set: ResponseSet) -> dict[str, dict[str, str]]:
    return {
        "+".join(str(v) for v in band): {
            lang: " / ".join(response_set.label(v, lang) for v in band) for lang in response_set.options[0].label
        }
        for band in response_set.bands
        if len(band) > 1
    }


def _project(project: Project) -> dict[str, Any]:
    about, budget = project.about, project.config.budget
    return {
        "id": about.id, "title": dict(about.title), "summary": dict(about.summary), "funder": dict(about.funder),
        "programme": dict(about.programme), "measure": dict(about.measure), "area": dict(about.area),
        "applicant": about.applicant.model_dump(), "partners": [p.model_dump() for p in about.partners],
        "evaluator": about.evaluator.model_dump() if about.evaluator else None,
        "start": _date(about.start), "end": _date(about.end), "report_date": _date(about.report_date),
        "budget": {"total": budget.total, "grant": budget.grant, "own": budget.own},
    }  # fmt: skip


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id, "title": dict(event.title), "planned": _place(event.planned), "actual": _place(event.actual),
        "registered": event.registered.value, "attended": event.attended.value, "teams": event.teams.value,
        "waves": list(event.waves), "note": dict(event.note),
    }  # fmt: skip


def _signed(signature: Signature | None) -> dict[str, Any] | None:
    return signature.model_dump(mode="json") if signature else None


def _claim(project: Project, event: str | None) -> dict[str, Any]:
    """Collect what the funder requires on the feedback summary: numbers, preparer, reference to the agenda."""
    claim = project.config.claim
    event_claim = project.event(event).claim if event else EventClaim()
    return {
        "reference": event_claim.reference or claim.reference, "number": event_claim.number or claim.number,
        "place": claim.place, "preparer": claim.preparer.model_dump(mode="json"),
        "date": _date(event_claim.date or claim.date), "agenda": event_claim.agenda_reference,
    }  # fmt: skip


def _place(place: Place) -> dict[str, Any]:
    return {"start": _date(place.start), "end": _date(place.end), "place": dict(place.place), "mode": place.mode,
            "source": place.source}  # fmt: skip


def _date(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None
