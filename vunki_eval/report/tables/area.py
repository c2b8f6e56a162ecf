"""Inside and outside the area of the local action group: those who came, or those who answered."""

from vunki_eval.language import N_
from vunki_eval.report.tables.terms import hidden_note
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

PLACES = {
    "area_inside": N_("Inside the area"),
    "area_outside": N_("Outside the area"),
    "area_unknown": N_("Not known"),
}
TOTAL = "_total"


def area_table(results: Results, language: str) -> Table | None:
    """Give how many people are from inside and outside the area, per event; None where no area is declared."""
    view = view_results(results, language)
    say, one = view.say, bool(view.meta.get("event"))
    if not view.meta.get("lag"):
        return None
    events = [view.event] if one else list(view.meta.get("events", {}))
    seen = [view_results(results, language, e) for e in events]
    rows = []
    for key, title in PLACES.items():
        last = _share(view, key) if one else _count(view, key + TOTAL)
        rows.append((say._(title), *(_count(v, key) for v in seen), last))
    heads = ["n"] if one else [say.pick(view.meta["events"].get(e, {}).get("title"), e) for e in events]
    columns = (
        Column(say._("Where people come from"), wide=True),
        *(Column(h, "right") for h in heads),
        Column(say._("Share") if one else say._("All events"), "right"),
    )
    note = " ".join(p for p in (_basis(view, seen), hidden_note(view, rows)) if p)
    caption = say._("Inside and outside: {area}", area=say.pick(view.meta["lag"]["title"]))
    return Table("area", caption, columns, tuple(rows), note)


def _count(view: ResultsView, key: str) -> str:
    row = next((r for r in view.rows("facts") if r["key"] == key), None)
    if row is not None and row["status"] == "suppressed":
        return view.say.hidden
    return view.say.no_data if row is None or row["value"] is None else view.say.count(row["value"])


def _share(view: ResultsView, key: str) -> str:
    """Write a share of all counted; nothing below 20 people, where a count says more."""
    counts = [view.fact(k) for k in PLACES]
    known = [float(c["value"]) for c in counts if c is not None]
    own, total = view.fact(key), sum(known)
    if own is None or len(known) < len(PLACES) or total < 20:
        return "–"
    return view.say.percent(float(own["value"]) / total)


def _basis(view: ResultsView, seen: list[ResultsView]) -> str:
    say = view.say
    bases = {str(row["value"]) for v in seen if (row := v.fact("area_basis")) is not None}
    source = str(view.meta["lag"].get("source") or "")
    said = {
        "list": say._("Counted from the list of participants: everybody who came."),
        "answers": say._("Counted from answers to the questionnaire, not from everybody who came."),
    }
    parts = [said[b] for b in sorted(bases, reverse=True) if b in said]
    return " ".join([*parts, say._("Source of the area: {source}.", source=source) if source else ""]).strip()
