"""Tables of the annex: reliability, wording, item means, and the rule for verdicts."""

from collections.abc import Iterable

from vunki_eval.language import N_
from vunki_eval.report.tables.terms import VERDICTS, confidence_level, hidden_note, why_missing
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import view_results

WAVES_WITH_N = 3  # with more waves n moves into brackets, since a table has at most seven columns
MAX_ROWS = 36  # more reliabilities than this are shortened in print
RULES = (
    (N_("p below 0.05, whole interval beyond the smallest change"), ("clear_gain", "clear_decline")),
    (N_("p below 0.05, 90% interval inside the smallest change"), ("smaller_than_matters",)),
    (N_("p below 0.05, otherwise"), ("gain", "decline")),
    (N_("p not below 0.05, 90% interval inside the smallest change"), ("no_meaningful_change",)),
    (N_("p not below 0.05, otherwise"), ("cannot_tell",)),
)


def reliability_table(results: Results, language: str) -> Table | None:
    """Tabulate alpha with its interval and omega, by scale and wave.

    If there are more than `MAX_ROWS`, scales that belong to no primary outcome appear in their first wave only.
    """
    view = view_results(results, language)
    say = view.say
    rows = []
    measured = [(k, w) for k in view.outcomes for w in view.waves if any(view.row(k, s, w) for s in ("alpha", "omega"))]
    first_wave = dict(reversed(measured))
    shortened = len(measured) > MAX_ROWS
    for key, outcome in view.outcomes.items():
        for wave in view.waves:
            if shortened and key not in view.primary and wave != first_wave.get(key):
                continue
            alpha, omega = view.row(key, "alpha", wave), view.row(key, "omega", wave)
            if alpha is None and omega is None:
                continue
            alpha_shown, omega_shown = view.number(key, "alpha", wave), view.number(key, "omega", wave)
            alpha_text = why_missing(view, alpha) if alpha_shown is None else say.number(alpha_shown.estimate, 2)
            limits = "–"
            if alpha_shown is not None and alpha_shown.low is not None:
                limits = say.between(alpha_shown.low, alpha_shown.high, 2)
            rows.append(
                (
                    view.title(key),
                    view.wave(wave),
                    say.count(len(outcome.get("items", []))),
                    alpha_text,
                    limits,
                    why_missing(view, omega) if omega_shown is None else say.number(omega_shown.estimate, 2),
                    say.count(alpha_shown.n) if alpha_shown and alpha_shown.n else "–",
                )
            )
    if not rows:
        return None
    columns = (
        Column(say._("Scale"), wide=True),
        Column(say._("Wave")),
        Column(say._("Questions"), "right"),
        Column(say._("Alpha"), "right"),
        Column(say._("{level} interval", level=confidence_level(view)), "right"),
        Column(say._("Omega"), "right"),
        Column("n", "right"),
    )
    note = say._(
        "Below 0.60 at the lower limit read the questions one by one. With fewer than 30 people the interval is wide."
    )
    if shortened:
        note += " " + say._("Scales other than of main outcomes in their first wave; all stand in results.xlsx.")
    return Table("reliability", say._("How well the questions of a scale hang together"), columns, tuple(rows), note)


def wording_table(results: Results, language: str, codes: Iterable[str], name: str, caption: str) -> Table | None:
    """Tabulate the wording of questions, their waves, and the number under which the note names their source."""
    view = view_results(results, language)
    say = view.say
    items, previous_stem = view.meta.get("items", {}), ""
    rows = []
    sources: dict[str, str] = {}
    for item, code in ((items[c], c) for c in codes if c in items):
        waves = ", ".join(str(k) for k, w in enumerate(view.waves, 1) if w in item["waves"])
        stem, row = say.pick(item.get("stem")), say.pick(item.get("row"))
        wording = f"… {row}" if stem and row and stem == previous_stem else view.item(code, full=True)
        previous_stem = stem
        source = say.pick({"en": item["source"], **item.get("source_text", {})}, "–")
        number = sources.setdefault(source, str(len(sources) + 1))
        rows.append((code, f"{wording} ({say._('reversed')})" if item["reverse"] else wording, waves, number))
    if not rows:
        return None
    columns = (
        Column(say._("Code")),
        Column(say._("Wording"), wide=True),
        Column(say._("Asked")),
        Column(say._("Source"), "right"),
    )
    note = say._("Asked: {waves}.", waves=", ".join(f"{k} {view.wave(w)}" for k, w in enumerate(view.waves, 1)))
    source_list = "; ".join(f"{number} {source}" for source, number in sources.items())
    note += " " + say._("Sources: {sources}.", sources=source_list)
    return Table(name, caption, columns, tuple(rows), note)


def item_table(results: Results, language: str, codes: Iterable[str], name: str, caption: str) -> Table | None:
    """Tabulate the mean and n of each question in each wave; with more than three waves both share a column."""
    view = view_results(results, language)
    say = view.say
    codes = list(codes)
    waves = [w for w in view.waves if any(view.row(code, "mean", w) for code in codes)]
    own_n_column = len(waves) <= WAVES_WITH_N
    rows = []
    for code in codes:
        cells = []
        for wave in waves:
            row, shown = view.row(code, "mean", wave), view.number(code, "mean", wave)
            value = "–" if row is None else why_missing(view, row) if shown is None else say.number(shown.estimate, 2)
            n = say.count(shown.n) if shown and shown.n else ""
            cells += [value, n or "–"] if own_n_column else [f"{value} ({n})" if n else value]
        if any(cell != "–" for cell in cells):
            rows.append((view.item(code), *cells))
    if not rows:
        return None
    columns = [Column(say._("Question"), wide=True)]
    for wave in waves:
        title = view.wave(wave).capitalize()
        columns += (
            [Column(title, "decimal", unit=say._("mean")), Column("n", "right")]
            if own_n_column
            else [Column(title, "right", unit=say._("mean (n)"))]
        )
    return Table(name, caption, tuple(columns), tuple(rows), hidden_note(view, rows))


def method_table(results: Results, language: str) -> Table:
    """Tabulate the rule that turns estimates into verdicts, as it was fixed before the data were seen."""
    view = view_results(results, language)
    say = view.say
    rows = tuple((say._(rule), " / ".join(say._(VERDICTS[k]) for k in keys)) for rule, keys in RULES)
    columns = (Column(say._("What the estimate shows"), wide=True), Column(say._("Verdict")))
    note = say._("p after Holm's correction over the main outcomes; the interval is turned so that up is good.")
    return Table("rules", say._("How a verdict is read off"), columns, rows, note)
