"""People from inside and outside the area of the local action group."""

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
    """Tabulate how many people are from inside and outside the area, per event; None when no area is declared."""
    view = view_results(results, language)
    say, single_event = view.say, bool(view.meta.get("event"))
    if not view.meta.get("lag"):
        return None
    events = [view.event] if single_event else list(view.meta.get("events", {}))
    views = [view_results(results, language, e) for e in events]
    rows = []
    for key, title in PLACES.items():
        last = _share(view, key) if single_event else _count(view, key + TOTAL)
        rows.append((say._(title), *(_count(v, key) for v in views), last))
    titles = ["n"] if single_event else [say.pick(view.meta["events"].get(e, {}).get("title"), e) for e in events]
    columns = (
        Column(say._("Where people come from"), wide=True),
        *(Column(h, "right") for h in titles),
        Column(say._("Share") if single_event else say._("All events"), "right"),
    )
    note = " ".join(p for p in (_basis(view, views), hidden_note(view, rows)) if p)
    caption = say._("Inside and outside: {area}", area=say.pick(view.meta["lag"]["title"]))
    return Table("area", caption, columns, tuple(rows), note)


def _count(view: ResultsView, key: str) -> str:
    row = next((r for r in view.rows("facts") if r["key"] == key), None)
    if row is not None and row["status"] == "suppressed":
        return view.say.hidden
    return view.say.no_data if row is None or row["value"] is None else view.say.count(row["value"])


def _share(view: ResultsView, key: str) -> str:
    """Write a place's share of all people counted; a dash below 20 people, where counts say more."""
    counts = [view.fact(k) for k in PLACES]
    shares = [float(c["value"]) for c in counts if c is not None]
    fact, total = view.fact(key), sum(shares)
    if fact is None or len(shares) < len(PLACES) or total < 20:
        return "–"
    return view.say.percent(float(fact["value"]) / total)


def _basis(view: ResultsView, views: list[ResultsView]) -> str:
    say = view.say
    bases = {str(row["value"]) for v in views if (row := v.fact("area_basis")) is not None}
    source = str(view.meta["lag"].get("source") or "")
    sentences = {
        "list": say._("Counted from the list of participants: everybody who came."),
        "answers": say._("Counted from answers to the questionnaire, not from everybody who came."),
    }
    parts = [sentences[basis] for basis in sorted(bases, reverse=True) if basis in sentences]
    return " ".join([*parts, say._("Source of the area: {source}.", source=source) if source else ""]).strip()
