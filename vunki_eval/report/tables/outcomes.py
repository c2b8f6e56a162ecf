"""Tables of outcomes: change, verdicts, groups, sensitivity, attrition, counts."""

from collections.abc import Iterable

from vunki_eval.language import N_
from vunki_eval.report.tables.alternatives import CHANGE, GAP, WAYS, agrees, group_values, side, ways
from vunki_eval.report.tables.side_by_side import deviations
from vunki_eval.report.tables.terms import (
    REASONS,
    STRENGTHS,
    VERDICTS,
    hidden_note,
    level,
    methods,
    missing,
    term,
)
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_results

COUNTS = ("NW3", "NW4", "NW5", "NW6", "FU2a", "FU2b", "FU2c", "IN3N")
DIFFERS = "≠"
TESTS = {"p_wilcoxon": N_("Test by ranks (Wilcoxon, Pratt)"), "p_sign_flip": N_("Test by sign flips")}


def outcome_table(
    results: Results, language: str, outcomes: Iterable[str] | None = None, name: str = "outcomes", caption: str = ""
) -> Table | None:
    """Give levels, change with interval, size of change, p and n of outcomes."""
    view = view_results(results, language)
    say, wave, rows = view.say, "post", []
    for key in outcomes or view.primary:
        change = view.row(key, "change", wave)
        if change is not None:
            rows.append(_outcome(view, key, change, wave))
    if not rows:
        return None
    columns = (
        Column(say._("Outcome"), wide=True),
        Column(view.wave("pre").capitalize(), "decimal"),
        Column(view.wave(wave).capitalize(), "decimal"),
        Column(say._("Change"), "right", unit=say._("({level} interval)", level=level(view))),
        Column(say._("Size of change"), "right", unit="(g)"),
        Column("p", "right", unit=say._("(Holm)")),
        Column("n", "right", unit=say._("(pairs)")),
    )
    note = say._(
        "Levels: mean of everyone who answered, median for counts. Change: after minus before, scale points; a "
        "ratio for "
        "counts (×1 means no change). g: change in standard deviations."
    )
    used = {
        text
        for key in outcomes or view.primary
        if (r := view.number(key, "change", wave)) and (text := methods(view, r))
    }
    if used:
        note += " " + say._("Estimated from: {methods}.", methods="; ".join(sorted(used)))
    return Table(name, caption or say._("Change of each outcome"), columns, tuple(rows), _noted(view, note, rows))


def _outcome(view: ResultsView, key: str, change: Row, wave: str) -> tuple[str, ...]:
    say = view.say
    printable = view.number(key, "change", wave)
    if printable is None:
        return (
            view.title(key),
            view.level(key, "pre") or "–",
            view.level(key, wave) or "–",
            missing(view, change),
            "–",
            "–",
            "–",
        )
    size, pairs = view.number(key, "g_av", wave), view.number(key, "change_pairs", wave)
    p = "–" if change["p"] is None else say.p(change["p"]).removeprefix("p = ").removeprefix("p ")
    if change["p_adjusted"] is not None:
        p += f" ({say.p(change['p_adjusted']).removeprefix('p = ').removeprefix('p ')})"
    n = say.count(change["n"]) if change["n"] else "–"
    if pairs is not None and pairs["n"]:
        n += f" ({say.count(pairs['n'])})"
    return (
        view.title(key),
        view.level(key, "pre") or "–",
        view.level(key, wave) or "–",
        view.change_text(key, printable),
        "–" if size is None else say.number(size["estimate"], 2),
        p,
        n,
    )


def verdict_table(results: Results, language: str) -> Table | None:
    """Give the verdict on each primary outcome with its strength of evidence and the reasons."""
    view = view_results(results, language)
    say = view.say
    rows = []
    for key in view.primary:
        row = view.verdict(key)
        if row is not None:
            reasons = "; ".join(term(view, REASONS, r) for r in row["reasons"] or [])
            strength = term(view, STRENGTHS, row["strength"])
            rows.append((view.title(key), term(view, VERDICTS, row["verdict"]), strength, reasons or "–"))
    if not rows:
        return None
    columns = (
        Column(say._("Outcome")),
        Column(say._("Verdict")),
        Column(say._("Strength of evidence")),
        Column(say._("What lowers it"), wide=True),
    )
    note = say._("Strength says how sure it is that the change is there among these people, never why.")
    return Table("verdicts", say._("Verdicts and how sure they are"), columns, tuple(rows), note)


def groups_table(results: Results, language: str, variable: str = "PR1") -> Table | None:
    """Give the primary outcomes' changes per group and how each differs from the rest."""
    view = view_results(results, language)
    say = view.say
    groups = group_values(view, variable)
    keys = [k for k in view.primary if any(view.row(k, CHANGE, group=g) for g in groups)]
    rows = []
    for group in groups:
        for key in keys:
            row, gap = view.row(key, CHANGE, group=group), view.number(key, GAP, group=group)
            shown = view.number(key, CHANGE, group=group)
            if row is None:
                continue
            rows.append(
                (
                    view.answer(variable, group.partition("=")[2]),
                    view.title(key),
                    missing(view, row) if shown is None else view.change_text(key, shown),
                    view.change_text(key, gap) if gap else "–",
                    say.count(shown["n"]) if shown and shown["n"] else "–",
                )
            )
    if not rows:
        return None
    columns = (
        Column(view.item(variable)),
        Column(say._("Outcome"), wide=True),
        Column(say._("Change"), "right", unit=say._("({level} interval)", level=level(view))),
        Column(say._("Against the others"), "right", unit=say._("({level} interval)", level=level(view))),
        Column("n", "right", unit=say._("(pairs)")),
    )
    note = say._(
        "People with both answers. Differences between groups were not planned: read them as questions, not answers."
    )
    return Table(f"groups-{variable}", say._("Change by group"), columns, tuple(rows), _noted(view, note, rows))


def sensitivity_table(results: Results, language: str) -> Table | None:
    """Give the primary outcomes' estimates under other choices, with a mark where one says something else."""
    view = view_results(results, language)
    say = view.say
    keys = [k for k in view.primary if view.change(k)]
    if not keys:
        return None
    rows = [(say._(WAYS[way]), *(_other(view, k, way) for k in keys)) for way in ways(view)]
    rows += [
        (say._(label), *(_test(view, k, test) for k in keys))
        for test, label in TESTS.items()
        if any(view.row(k, test) for k in keys)
    ]
    columns = [Column(say._("Estimate"), wide=True), *(Column(view.title(k), "right") for k in keys)]
    note = say._("{mark} says something else than the main estimate: above, below or across no change.", mark=DIFFERS)
    return Table(
        "sensitivity", say._("Would another reasonable choice say the same?"), tuple(columns), tuple(rows), note
    )


def _other(view: ResultsView, key: str, way: str) -> str:
    row = view.number(key, way)
    if row is None:
        return "–"
    said = view.change_text(key, row) + (f", n = {view.say.count(row['n'])}" if row["n"] else "")
    return f"{DIFFERS} {said}" if agrees(view, key, row) is False else said


def _test(view: ResultsView, key: str, test: str) -> str:
    row, head = view.row(key, test), view.change(key)
    if row is None or row["p"] is None or head is None:
        return "–"
    said = view.say.p(row["p"]) + (f", n = {view.say.count(row['n'])}" if row["n"] else "")
    same = (row["p"] < 1 - view.meta.get("level", 0.95)) == (side(view, key, head) != 0)
    return said if same else f"{DIFFERS} {said}"


def attrition_table(results: Results, language: str) -> Table | None:
    """Compare the first answers of those who answered again with those of the others."""
    view = view_results(results, language)
    say = view.say
    rows = []
    for key in view.outcomes:
        row = view.row(key, "smd_attrition", "pre")
        if row is not None:
            shown = view.number(key, "smd_attrition", "pre")
            said = missing(view, row) if shown is None else deviations(view, shown)
            rows.append((view.title(key), said, say.count(shown["n"]) if shown and shown["n"] else "–"))
    if not rows:
        return None
    columns = (
        Column(say._("Outcome before the event"), wide=True),
        Column(say._("Difference"), "right", unit=say._("standard deviations ({level} interval)", level=level(view))),
        Column("n", "right"),
    )
    note = say._(
        "Those who answered again minus those who did not. Beyond ±0.25 the linked people stand for the others "
        "less well."
    )
    return Table("attrition", say._("Who answered again"), columns, tuple(rows), _noted(view, note, rows))


def counts_table(
    results: Results, language: str, items: Iterable[str] = COUNTS, name: str = "counts", caption: str = ""
) -> Table | None:
    """Give medians with intervals of questions that ask for a number."""
    view = view_results(results, language)
    say = view.say
    rows = []
    for item in items:
        for wave in view.waves:
            row = view.row(item, "median", wave)
            if row is not None:
                rows.append(_count(view, item, wave, row))
    if not rows:
        return None
    columns = (
        Column(say._("Question"), wide=True),
        Column(say._("Wave")),
        Column(say._("Median"), "right", unit=say._("({level} interval)", level=level(view))),
        Column(say._("Middle half"), "right"),
        Column(say._("At least one"), "right"),
        Column("n", "right"),
    )
    note = say._(
        "The median is the number of the person in the middle; half have more, half have fewer. Middle half: from the "
        "lower to the upper quartile."
    )
    return Table(name, caption or say._("Numbers that people gave"), columns, tuple(rows), _noted(view, note, rows))


def _count(view: ResultsView, item: str, wave: str, row: Row) -> tuple[str, ...]:
    say, shown = view.say, view.number(item, "median", wave)
    if shown is None:
        return view.item(item, full=True), view.wave(wave), missing(view, row), "–", "–", "–"
    value = say.number(shown["estimate"], 0 if float(shown["estimate"]).is_integer() else 1)
    if shown["low"] is not None and shown["high"] is not None:
        value += f" ({say.between(shown['low'], shown['high'])})"
    share = view.number(item, "share", wave)
    at_least = "–" if share is None else say.percent(share["estimate"])
    first, third = (view.number(item, s, wave) for s in ("q1", "q3"))
    half = say.between(first["estimate"], third["estimate"]) if first is not None and third is not None else "–"
    return view.item(item, full=True), view.wave(wave), value, half, at_least, say.count(shown["n"] or 0)


def _noted(view: ResultsView, note: str, rows: Iterable[tuple[str, ...]]) -> str:
    return " ".join(part for part in (note, hidden_note(view, rows)) if part)
