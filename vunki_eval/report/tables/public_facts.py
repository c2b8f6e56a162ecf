"""Tables of public facts (indicators, initiatives, money, events) and of the participants' profile and themes."""

from collections.abc import Iterable

from vunki_eval.project.registers import BY_TEAM
from vunki_eval.report.tables.terms import MARKS, MODES, STAGES, VERDICTS, confidence_level, hidden_note, term
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Record, Results
from vunki_eval.results.view import ResultsView, view_results

MIN_FOR_SHARE = 20  # shares of fewer initiatives or teams are written as counts


def indicator_table(results: Results, language: str) -> Table | None:
    """Tabulate the logframe: baseline, target, actual, status, evidence and source of each indicator."""
    view = view_results(results, language)
    say = view.say
    rows = [_indicator_row(view, r) for r in view.rows("indicators")]
    if not rows:
        return None
    columns = (
        Column(say._("Indicator"), wide=True),
        Column(say._("Baseline"), "right"),
        Column(say._("Target"), "right"),
        Column(say._("Actual"), "right"),
        Column(say._("Status")),
        Column(say._("Evidence and source"), wide=True),
    )
    note = say._("Reached: 100% of the target or more; mostly: 80–99%; partly: 50–79%; not reached: below 50%.")
    return Table("indicators", say._("Indicators of the project"), columns, tuple(rows), note)


def _indicator_row(view: ResultsView, row: Record) -> tuple[str, ...]:
    say = view.say
    unit = say.pick(row["unit"])
    title = say.pick(row["title"]) + (f", {unit}" if unit and unit not in ("%", "€") else "")
    evidence = "; ".join(p for p in (say.pick(row["evidence"]), row["source"] or "", _day(view, row["date"])) if p)
    values = (indicator_value(view, row, name) for name in ("baseline", "target", "actual"))
    mark = MARKS.get(row["status"], "○")
    return (title, *values, f"{mark}\N{NO-BREAK SPACE}{term(view, VERDICTS, row['status'])}", evidence or "–")


def indicator_value(view: ResultsView, row: Record, name: str) -> str:
    """Write an indicator's baseline, target or actual value with its unit; an unknown value is named as such."""
    value, say = row[name], view.say
    if value is None:
        return (
            say.not_due if name == "actual" and row["status"] == "not_due" else say.no_data if name == "actual" else "–"
        )
    unit = say.pick(row["unit"])
    if name == "actual" and (counts := _as_counts(view, row)):
        text = counts
    elif unit == "€":
        text = say.euros(value)
    elif unit == "%":
        text = say.percent(value / 100, 0 if float(value).is_integer() else 1)
    else:
        text = say.number(value, 0 if float(value).is_integer() else 2 if abs(value) < 10 else 1)
    return f"{say._('ca')} {text}" if name == "target" and row["approximate"] else text


def _as_counts(view: ResultsView, row: Record) -> str:
    """Write a share of fewer than 20 initiatives or teams as "3 of 8"; "" for all other indicators."""
    statistic = (view.meta.get("indicators", {}).get(row["key"]) or {}).get("statistic", "")
    if statistic == "fact:initiatives_at_work":
        part, whole = (
            float((view.fact(k) or {}).get("value") or 0) for k in ("initiatives_working", "initiatives_followed")
        )
    elif statistic == "teams.share_three_sectors":
        part, whole = (sum_over_events(view, k) for k in ("teams_three_sectors", "teams_known"))
    else:
        return ""
    same = whole and abs(float(row["actual"]) - 100 * part / whole) < 1e-6
    return (
        view.say._("{k} of {n}", k=view.say.count(part), n=view.say.count(whole))
        if same and whole < MIN_FOR_SHARE
        else ""
    )


def sum_over_events(view: ResultsView, key: str) -> float:
    """Add up a fact over the events; unknown and suppressed values count as nothing."""
    rows = [r for r in view.results.facts.to_dict("records") if r["key"] == key and r["event"] != view.event]
    return float(sum(float(r["value"]) for r in rows if r["value"] is not None and r["status"] == "ok"))


def initiatives_table(results: Results, language: str, event: str | None = None) -> Table | None:
    """Tabulate the register of initiatives: stage, owner, place, need, sectors."""
    view = view_results(results, language)
    say = view.say
    rows = [_initiative_row(view, r) for r in latest_stages(view, event)]
    if not rows:
        return None
    columns = (
        Column(say._("Initiative"), wide=True),
        Column(say._("Municipality")),
        Column(say._("Owner")),
        Column(say._("Sectors"), wide=True),
        Column(say._("Stage")),
        Column(say._("Source of the stage, date")),
    )
    filled = [k for k in range(len(columns)) if k in (0, 4) or any(r[k] != "–" for r in rows)]
    shown = tuple(tuple(r[k] for k in filled) for r in rows)
    note = say._("The register is public: small numbers in it are not kept back.")
    if any(r["stage_source"] == BY_TEAM for r in latest_stages(view, event)):
        note += " " + say._(
            "A stage is reported by the team when at least two members answered at follow-up and all who did agree; "
            "the register's own entry goes before it."
        )
    return Table("initiatives", say._("Register of initiatives"), tuple(columns[k] for k in filled), shown, note)


def latest_stages(view: ResultsView, event: str | None = None) -> list[Record]:
    """Return each initiative with its latest stage, in the order of the register."""
    last: dict[str, Record] = {}
    for row in view.rows("initiatives"):
        if event is None or row["event"] == event:
            previous = last.get(row["id"])
            if previous is None or str(row["date"] or "") >= str(previous["date"] or ""):
                last[row["id"]] = row
    return list(last.values())


def _initiative_row(view: ResultsView, row: Record) -> tuple[str, ...]:
    say = view.say
    sectors = ", ".join(view.answer("PR1", s) for s in row["sectors"] or [])
    title = say.pick(row["title"]) + (f" ({need})" if (need := say.pick(row["need"])) else "")
    place = say.pick(row["municipality"])
    return (
        title,
        place or "–",
        _owner(view, row["owner"]) or "–",
        sectors or "–",
        term(view, STAGES, row["stage"]),
        _stage_source(view, row) or "–",
    )


def _stage_source(view: ResultsView, row: Record) -> str:
    """Write the source and date of an initiative's stage: its team, or the source that the register names."""
    if row["stage_source"] == BY_TEAM:
        return view.say._("reported by the team, {date}", date=_day(view, row["date"]))
    return ", ".join(p for p in (str(row["stage_source"] or ""), _day(view, row["date"])) if p)


def _owner(view: ResultsView, owner: object) -> str:
    """Write the owner of an initiative, whose name may differ between languages."""
    return view.say.pick(owner) if isinstance(owner, dict) else str(owner or "")


def money_table(results: Results, language: str) -> Table | None:
    """Tabulate planned and used money."""
    view = view_results(results, language)
    say = view.say

    def euros(value: float | None) -> str:
        return say.no_data if value is None else say.euros(value, 2)

    def share(row: Record) -> str:
        both_known = row["planned"] and row["used"] is not None
        return say.percent(row["used"] / row["planned"]) if both_known else "–"

    rows = [
        (money_title(view, r), euros(r["planned"]), euros(r["used"]), share(r), r["source"] or "–")
        for r in view.rows("money")
    ]
    if not rows:
        return None
    columns = (
        Column(say._("Money"), wide=True),
        Column(say._("Planned"), "decimal", unit="€"),
        Column(say._("Used"), "decimal", unit="€"),
        Column(say._("Used of planned"), "right"),
        Column(say._("Source")),
    )
    return Table("money", say._("Budget planned and used"), columns, tuple(rows))


def money_title(view: ResultsView, row: Record) -> str:
    """Name a row of the money table."""
    titles = {
        "total": view.say._("Total budget"),
        "grant": view.say._("Grant"),
        "own": view.say._("Own contribution"),
    }
    return view.say.pick(row["title"]) or titles.get(row["key"], str(row["key"]))


def facts_table(results: Results, language: str) -> Table | None:
    """Tabulate public numbers with their source and date; sources that disagree are all listed."""
    view = view_results(results, language)
    say = view.say
    titles = view.meta.get("facts", {})
    rows = []
    for row in view.results.facts.to_dict("records"):
        fact = titles.get(row["key"])
        if fact is not None:
            value = say.no_data if row["value"] is None else _value(view, row)
            rows.append(
                (say.pick(fact["title"], row["key"]), value, row["source"] or "–", _day(view, row["date"]) or "–")
            )
    if not rows:
        return None
    columns = (
        Column(say._("Public number"), wide=True),
        Column(say._("Value"), "right"),
        Column(say._("Source")),
        Column(say._("Date"), "right"),
    )
    note = say._("Where sources disagree, both are given.")
    return Table("facts", say._("Public numbers and where they were read"), columns, tuple(dict.fromkeys(rows)), note)


def _value(view: ResultsView, row: Record) -> str:
    value = row["value"]
    if isinstance(value, str):
        return value
    if row["unit"] == "€":
        return view.say.euros(value)
    return view.say.number(value, 0 if float(value).is_integer() else 1)


def events_table(results: Results, language: str) -> Table | None:
    """Tabulate the planned and actual date, place and mode of each event, and how many people came and answered."""
    view = view_results(results, language)
    say = view.say
    rows = []
    for key, event in view.meta.get("events", {}).items():
        event_view = view_results(results, language, key)
        answered = [event_view.number("response", "response_rate", w) for w in view.waves]
        rates = ", ".join(
            f"{view.wave(w)} {say.percent(r.estimate)}" for w, r in zip(view.waves, answered, strict=True) if r
        )
        attended = event.get("attended")
        rows.append(
            (
                say.pick(event.get("title"), key),
                when_and_where(view, event.get("planned")),
                when_and_where(view, event.get("actual")),
                say.no_data if attended is None else say.count(attended),
                rates or say.no_data,
            )
        )
    if not rows:
        return None
    columns = (
        Column(say._("Event"), wide=True),
        Column(say._("Planned")),
        Column(say._("Held")),
        Column(say._("Came"), "right"),
        Column(say._("Response"), unit=say._("(of those who came)")),
    )
    return Table("events", say._("Events as planned and as held"), columns, tuple(rows))


def when_and_where(view: ResultsView, place: dict[str, object] | None) -> str:
    """Write the date, place and mode of an event, as planned or as held."""
    details = place or {}
    parts = []
    if details.get("start"):
        parts.append(view.say.period(str(details["start"]), str(details["end"]) if details.get("end") else None))
    where = view.say.pick(details.get("place"))  # type: ignore[arg-type]
    mode = str(details.get("mode") or "")
    for part in (where, term(view, MODES, mode) if mode else ""):
        if part and part.lower() not in " ".join(parts).lower():
            parts.append(part)
    return ", ".join(parts) or view.say.no_data


def profile_table(
    results: Results, language: str, items: Iterable[str] = ("PR1", "PR3", "PR3B", "PR2", "PR5")
) -> Table | None:
    """Tabulate who answered: sectors, municipalities, roles, earlier events; in the first wave with the question."""
    view = view_results(results, language)
    say = view.say
    rows: list[tuple[str, ...]] = []
    for item in items:
        wave = next((w for w in view.waves if view.distribution(item, w)), None)
        for answer, row in view.distribution(item, wave).items() if wave else ():
            if answer not in ("total", "missing"):
                shown = row["status"] == "ok" and row["n"] is not None
                share = say.percent(row["share"]) if shown and row["share"] is not None else "–"
                rows.append(
                    (view.item(item), view.answer(item, answer), say.count(row["n"]) if shown else say.hidden, share)
                )
    if not rows:
        return None
    columns = (
        Column(say._("Question")),
        Column(say._("Answer"), wide=True),
        Column("n", "right"),
        Column(say._("Share"), "right"),
    )
    return Table("profile", say._("Who answered before the event"), columns, tuple(rows), hidden_note(view, rows))


def themes_table(results: Results, language: str) -> Table | None:
    """Tabulate how many open answers contain each theme per wave, and how far two coders agreed."""
    view = view_results(results, language)
    say = view.say
    theme_rows = {(r["item"], r["theme"], r["wave"]): r for r in view.rows("themes")}
    if not theme_rows:
        return None
    waves = [
        w for w in dict.fromkeys((*view.waves, *(w for _, _, w in theme_rows))) if any(w == k[2] for k in theme_rows)
    ]

    def cell(item: str, theme: str, wave: str) -> str:
        row = theme_rows.get((item, theme, wave))
        return "–" if row is None else say.hidden if row["n"] is None else say.count(row["n"])

    def rank(key: tuple[str, str]) -> tuple[str, list[int]]:
        return key[0], [-((theme_rows.get((*key, w)) or {}).get("n") or 0) for w in waves]

    keys = sorted(dict.fromkeys((item, theme) for item, theme, _ in theme_rows), key=rank)
    kappas = _kappas(view)
    rows = []
    for item, theme in keys:
        counts = [cell(item, theme, w) for w in waves]
        rows.append(
            (view.item(item), theme_title(view, theme), *counts, *([kappas.get((item, theme), "–")] if kappas else []))
        )
    columns = (
        Column(say._("Question")),
        Column(say._("Theme"), wide=True),
        *(Column(view.wave(w), "right", unit="n") for w in waves),
        *(
            (Column(say._("Kappa"), "right", unit=say._("{level} interval", level=confidence_level(view))),)
            if kappas
            else ()
        ),
    )
    note = say._("Coded by people; an answer may hold several themes.")
    if kappas:
        note += " " + say._(
            "Cohen's kappa of two people who coded independently, before anything was settled: 1 is full "
            "agreement, 0 what chance would give. Left out (–) where few answers hold or lack a theme."
        )
    return Table(
        "themes",
        say._("Themes of the answers, by wave"),
        columns,
        tuple(rows),
        " ".join(p for p in (note, hidden_note(view, rows)) if p),
    )


def theme_title(view: ResultsView, key: str) -> str:
    """Return the title of a theme in the codebook, or its key if it has none."""
    return view.say.pick(view.meta.get("themes", {}).get(key, {}).get("title"), str(key))


def _kappas(view: ResultsView) -> dict[tuple[str, str], str]:
    """Write Cohen's kappa of the two coders with its interval, by question and theme, where it was computed."""
    kappas = {}
    for (item, group, _, statistic), row in view.estimates.items():
        if statistic != "kappa" or group == "all" or row.status != "ok" or row.estimate is None:
            continue
        text = view.say.number(row.estimate, 2)
        limits = "" if row.low is None else f" ({view.say.between(row.low, row.high, 2)})"
        kappas[str(item), str(group).removeprefix("theme=")] = text + limits
    return kappas


def _day(view: ResultsView, date: object) -> str:
    return view.say.date(str(date)) if date else ""
