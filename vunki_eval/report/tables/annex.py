"""Tables of the annex: wording, items, reliability, method, data quality, versions."""

from collections.abc import Iterable

from vunki_eval.language import N_
from vunki_eval.report.tables.terms import VERDICTS, hidden_note, level, missing
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import view_results

WAVES_WITH_N = 3  # of more, n stands in brackets: a table has at most seven columns
MOST_ROWS = 36  # of reliabilities in print
RULES = (
    (N_("p below 0.05, whole interval beyond the smallest change"), ("clear_gain", "clear_decline")),
    (N_("p below 0.05, 90% interval inside the smallest change"), ("smaller_than_matters",)),
    (N_("p below 0.05, otherwise"), ("gain", "decline")),
    (N_("p not below 0.05, 90% interval inside the smallest change"), ("no_meaningful_change",)),
    (N_("p not below 0.05, otherwise"), ("cannot_tell",)),
)


def reliability_table(results: Results, language: str) -> Table | None:
    """Give alpha with its interval and omega of every scale and wave; of very many, other than main ones' once."""
    view = view_results(results, language)
    say = view.say
    rows = []
    asked = [(k, w) for k in view.outcomes for w in view.waves if any(view.row(k, s, w) for s in ("alpha", "omega"))]
    first = dict(reversed(asked))
    many = len(asked) > MOST_ROWS
    for key, known in view.outcomes.items():
        for wave in view.waves:
            if many and key not in view.primary and wave != first.get(key):
                continue
            alpha, omega = view.row(key, "alpha", wave), view.row(key, "omega", wave)
            if alpha is None and omega is None:
                continue
            shown, other = view.number(key, "alpha", wave), view.number(key, "omega", wave)
            said = missing(view, alpha) if shown is None else say.number(shown["estimate"], 2)
            limits = "–"
            if shown is not None and shown["low"] is not None:
                limits = say.between(shown["low"], shown["high"], 2)
            rows.append(
                (
                    view.title(key),
                    view.wave(wave),
                    say.count(len(known.get("items", []))),
                    said,
                    limits,
                    missing(view, omega) if other is None else say.number(other["estimate"], 2),
                    say.count(shown["n"]) if shown and shown["n"] else "–",
                )
            )
    if not rows:
        return None
    columns = (
        Column(say._("Scale"), wide=True),
        Column(say._("Wave")),
        Column(say._("Questions"), "right"),
        Column(say._("Alpha"), "right"),
        Column(say._("{level} interval", level=level(view)), "right"),
        Column(say._("Omega"), "right"),
        Column("n", "right"),
    )
    note = say._(
        "Below 0.60 at the lower limit read the questions one by one. With fewer than 30 people the interval is wide."
    )
    if many:
        note += " " + say._("Scales other than of main outcomes in their first wave; all stand in results.xlsx.")
    return Table("reliability", say._("How well the questions of a scale hang together"), columns, tuple(rows), note)


def wording_table(results: Results, language: str, codes: Iterable[str], name: str, caption: str) -> Table | None:
    """Give the wording of questions, the waves they were asked in, and the number of their source in the note."""
    view = view_results(results, language)
    say = view.say
    known, before = view.meta.get("items", {}), ""
    rows = []
    sources: dict[str, str] = {}
    for item, code in ((known[c], c) for c in codes if c in known):
        waves = ", ".join(str(k) for k, w in enumerate(view.waves, 1) if w in item["waves"])
        stem, row = say.pick(item.get("stem")), say.pick(item.get("row"))
        said = f"… {row}" if stem and row and stem == before else view.item(code, full=True)
        before = stem
        source = say.pick({"en": item["source"], **item.get("source_text", {})}, "–")
        number = sources.setdefault(source, str(len(sources) + 1))
        rows.append((code, f"{said} ({say._('reversed')})" if item["reverse"] else said, waves, number))
    if not rows:
        return None
    columns = (
        Column(say._("Code")),
        Column(say._("Wording"), wide=True),
        Column(say._("Asked")),
        Column(say._("Source"), "right"),
    )
    note = say._("Asked: {waves}.", waves=", ".join(f"{k} {view.wave(w)}" for k, w in enumerate(view.waves, 1)))
    named = "; ".join(f"{number} {source}" for source, number in sources.items())
    note += " " + say._("Sources: {sources}.", sources=named)
    return Table(name, caption, columns, tuple(rows), note)


def item_table(results: Results, language: str, codes: Iterable[str], name: str, caption: str) -> Table | None:
    """Give the mean of each question per wave with its n; of more than three waves in one column each."""
    view = view_results(results, language)
    say = view.say
    codes = list(codes)
    waves = [w for w in view.waves if any(view.row(c, "mean", w) for c in codes)]
    narrow = len(waves) <= WAVES_WITH_N
    rows = []
    for code in codes:
        cells = []
        for wave in waves:
            row, shown = view.row(code, "mean", wave), view.number(code, "mean", wave)
            value = "–" if row is None else missing(view, row) if shown is None else say.number(shown["estimate"], 2)
            n = say.count(shown["n"]) if shown and shown["n"] else ""
            cells += [value, n or "–"] if narrow else [f"{value} ({n})" if n else value]
        if any(c != "–" for c in cells):
            rows.append((view.item(code), *cells))
    if not rows:
        return None
    columns = [Column(say._("Question"), wide=True)]
    for wave in waves:
        head = view.wave(wave).capitalize()
        columns += (
            [Column(head, "decimal", unit=say._("mean")), Column("n", "right")]
            if narrow
            else [Column(head, "right", unit=say._("mean (n)"))]
        )
    return Table(name, caption, tuple(columns), tuple(rows), hidden_note(view, rows))


def method_table(results: Results, language: str) -> Table:
    """Give the rule by which verdicts are read off, as it was fixed before the data."""
    view = view_results(results, language)
    say = view.say
    rows = tuple((say._(rule), " / ".join(say._(VERDICTS[k]) for k in keys)) for rule, keys in RULES)
    columns = (Column(say._("What the estimate shows"), wide=True), Column(say._("Verdict")))
    note = say._("p after Holm's correction over the main outcomes; the interval is turned so that up is good.")
    return Table("rules", say._("How a verdict is read off"), columns, rows, note)
