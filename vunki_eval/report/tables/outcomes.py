"""Tables of outcomes: change, verdicts, groups, sensitivity, attrition, counts."""

from collections.abc import Iterable

from vunki_eval.language import N_
from vunki_eval.report.tables.alternatives import (
    ALTERNATIVES,
    CHANGE,
    DIFFERENCE,
    agrees,
    alternatives,
    group_values,
    side,
)
from vunki_eval.report.tables.side_by_side import deviations
from vunki_eval.report.tables.terms import (
    REASONS,
    STRENGTHS,
    VERDICTS,
    confidence_level,
    hidden_note,
    method_text,
    term,
    why_missing,
)
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.estimates import EstimateRow
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

COUNTS = ("NW3", "NW4", "NW5", "NW6", "FU2a", "FU2b", "FU2c", "IN3N")
DIFFERS = "≠"
TESTS = {"p_wilcoxon": N_("Test by ranks (Wilcoxon, Pratt)"), "p_sign_flip": N_("Test by sign flips")}


def outcome_table(
    results: Results, language: str, outcomes: Iterable[str] | None = None, name: str = "outcomes", caption: str = ""
) -> Table | None:
    """Tabulate the levels, change with interval, size of change, p and n of outcomes."""
    view = view_results(results, language)
    say, wave, rows = view.say, "post", []
    for key in outcomes or view.primary:
        change = view.row(key, "change", wave)
        if change is not None:
            rows.append(_outcome_row(view, key, change, wave))
    if not rows:
        return None
    columns = (
        Column(say._("Outcome"), wide=True),
        Column(view.wave("pre").capitalize(), "decimal"),
        Column(view.wave(wave).capitalize(), "decimal"),
        Column(say._("Change"), "right", unit=say._("({level} interval)", level=confidence_level(view))),
        Column(say._("Size of change"), "right", unit="(g)"),
        Column("p", "right", unit=say._("(Holm)")),
        Column("n", "right", unit=say._("(pairs)")),
    )
    note = say._(
        "Levels: mean of everyone who answered, median for counts. Change: after minus before, scale points; a "
        "ratio for "
        "counts (×1 means no change). g: change in standard deviations."
    )
    method_texts = {
        text
        for key in outcomes or view.primary
        if (r := view.number(key, "change", wave)) and (text := method_text(view, r))
    }
    if method_texts:
        note += " " + say._("Estimated from: {methods}.", methods="; ".join(sorted(method_texts)))
    return Table(name, caption or say._("Change of each outcome"), columns, tuple(rows), _full_note(view, note, rows))


def _outcome_row(view: ResultsView, key: str, change: EstimateRow, wave: str) -> tuple[str, ...]:
    say = view.say
    printable = view.number(key, "change", wave)
    if printable is None:
        return (
            view.title(key),
            view.level(key, "pre") or "–",
            view.level(key, wave) or "–",
            why_missing(view, change),
            "–",
            "–",
            "–",
        )
    size, pairs = view.number(key, "g_av", wave), view.number(key, "change_pairs", wave)
    p = "–" if change.p is None else say.p(change.p).removeprefix("p = ").removeprefix("p ")
    if change.p_adjusted is not None:
        p += f" ({say.p(change.p_adjusted).removeprefix('p = ').removeprefix('p ')})"
    n = say.count(change.n) if change.n else "–"
    if pairs is not None and pairs.n:
        n += f" ({say.count(pairs.n)})"
    return (
        view.title(key),
        view.level(key, "pre") or "–",
        view.level(key, wave) or "–",
        view.change_text(key, printable),
        "–" if size is None else say.number(size.estimate, 2),
        p,
        n,
    )


def verdict_table(results: Results, language: str) -> Table | None:
    """Tabulate the verdict on each primary outcome, its strength of evidence and what lowers it."""
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
    """Tabulate the changes of the primary outcomes per group, and how each group differs from the others."""
    view = view_results(results, language)
    say = view.say
    groups = group_values(view, variable)
    keys = [k for k in view.primary if any(view.row(k, CHANGE, group=g) for g in groups)]
    rows = []
    for group in groups:
        for key in keys:
            row, difference = view.row(key, CHANGE, group=group), view.number(key, DIFFERENCE, group=group)
            shown = view.number(key, CHANGE, group=group)
            if row is None:
                continue
            rows.append(
                (
                    view.answer(variable, group.partition("=")[2]),
                    view.title(key),
                    why_missing(view, row) if shown is None else view.change_text(key, shown),
                    view.change_text(key, difference) if difference else "–",
                    say.count(shown.n) if shown and shown.n else "–",
                )
            )
    if not rows:
        return None
    columns = (
        Column(view.item(variable)),
        Column(say._("Outcome"), wide=True),
        Column(say._("Change"), "right", unit=say._("({level} interval)", level=confidence_level(view))),
        Column(say._("Against the others"), "right", unit=say._("({level} interval)", level=confidence_level(view))),
        Column("n", "right", unit=say._("(pairs)")),
    )
    note = say._(
        "People with both answers. Differences between groups were not planned: read them as questions, not answers."
    )
    return Table(f"groups-{variable}", say._("Change by group"), columns, tuple(rows), _full_note(view, note, rows))


def sensitivity_table(results: Results, language: str) -> Table | None:
    """Tabulate the estimates of the primary outcomes under other analysis choices; a mark shows where one disagrees."""
    view = view_results(results, language)
    say = view.say
    keys = [k for k in view.primary if view.change(k)]
    if not keys:
        return None
    rows = [
        (say._(ALTERNATIVES[statistic]), *(_alternative_cell(view, k, statistic) for k in keys))
        for statistic in alternatives(view)
    ]
    rows += [
        (say._(label), *(_test_cell(view, k, test) for k in keys))
        for test, label in TESTS.items()
        if any(view.row(k, test) for k in keys)
    ]
    columns = [Column(say._("Estimate"), wide=True), *(Column(view.title(k), "right") for k in keys)]
    note = say._("{mark} says something else than the main estimate: above, below or across no change.", mark=DIFFERS)
    return Table(
        "sensitivity", say._("Would another reasonable choice say the same?"), tuple(columns), tuple(rows), note
    )


def _alternative_cell(view: ResultsView, key: str, statistic: str) -> str:
    row = view.number(key, statistic)
    if row is None:
        return "–"
    text = view.change_text(key, row) + (f", n = {view.say.count(row.n)}" if row.n else "")
    return f"{DIFFERS} {text}" if agrees(view, key, row) is False else text


def _test_cell(view: ResultsView, key: str, test: str) -> str:
    row, headline = view.row(key, test), view.change(key)
    if row is None or row.p is None or headline is None:
        return "–"
    text = view.say.p(row.p) + (f", n = {view.say.count(row.n)}" if row.n else "")
    same = (row.p < 1 - view.meta.get("level", 0.95)) == (side(view, key, headline) != 0)
    return text if same else f"{DIFFERS} {text}"


def attrition_table(results: Results, language: str) -> Table | None:
    """Tabulate how the first answers of people who answered again differ from those of the others."""
    view = view_results(results, language)
    say = view.say
    rows = []
    for key in view.outcomes:
        row = view.row(key, "smd_attrition", "pre")
        if row is not None:
            shown = view.number(key, "smd_attrition", "pre")
            text = why_missing(view, row) if shown is None else deviations(view, shown)
            rows.append((view.title(key), text, say.count(shown.n) if shown and shown.n else "–"))
    if not rows:
        return None
    columns = (
        Column(say._("Outcome before the event"), wide=True),
        Column(
            say._("Difference"),
            "right",
            unit=say._("standard deviations ({level} interval)", level=confidence_level(view)),
        ),
        Column("n", "right"),
    )
    note = say._(
        "Those who answered again minus those who did not. Beyond ±0.25 the linked people stand for the others "
        "less well."
    )
    return Table("attrition", say._("Who answered again"), columns, tuple(rows), _full_note(view, note, rows))


def counts_table(
    results: Results, language: str, items: Iterable[str] = COUNTS, name: str = "counts", caption: str = ""
) -> Table | None:
    """Tabulate the medians and their intervals of questions that ask for a number."""
    view = view_results(results, language)
    say = view.say
    rows = []
    for item in items:
        for wave in view.waves:
            row = view.row(item, "median", wave)
            if row is not None:
                rows.append(_count_row(view, item, wave, row))
    if not rows:
        return None
    columns = (
        Column(say._("Question"), wide=True),
        Column(say._("Wave")),
        Column(say._("Median"), "right", unit=say._("({level} interval)", level=confidence_level(view))),
        Column(say._("Middle half"), "right"),
        Column(say._("At least one"), "right"),
        Column("n", "right"),
    )
    note = say._(
        "The median is the number of the person in the middle; half have more, half have fewer. Middle half: from the "
        "lower to the upper quartile."
    )
    return Table(name, caption or say._("Numbers that people gave"), columns, tuple(rows), _full_note(view, note, rows))


def _count_row(view: ResultsView, item: str, wave: str, row: EstimateRow) -> tuple[str, ...]:
    say, shown = view.say, view.number(item, "median", wave)
    if shown is None:
        return view.item(item, full=True), view.wave(wave), why_missing(view, row), "–", "–", "–"
    value = say.number(shown.estimate, 0 if float(shown.estimate).is_integer() else 1)
    if shown.low is not None and shown.high is not None:
        value += f" ({say.between(shown.low, shown.high)})"
    share = view.number(item, "share", wave)
    at_least = "–" if share is None else say.percent(share.estimate)
    first, third = (view.number(item, s, wave) for s in ("q1", "q3"))
    middle_half = say.between(first.estimate, third.estimate) if first is not None and third is not None else "–"
    return view.item(item, full=True), view.wave(wave), value, middle_half, at_least, say.count(shown.n or 0)


def _full_note(view: ResultsView, note: str, rows: Iterable[tuple[str, ...]]) -> str:
    return " ".join(part for part in (note, hidden_note(view, rows)) if part)
