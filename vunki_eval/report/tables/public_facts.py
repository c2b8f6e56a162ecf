"""Tables of what is public: indicators, initiatives, money, facts, events; and who took part."""

from collections.abc import Iterable

from vunki_eval.project.registers import BY_TEAM
from vunki_eval.report.tables.terms import MARKS, MODES, STAGES, VERDICTS, hidden_note, level, term
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, Row, view_results

FEW = 20  # a share of fewer initiatives or teams is told in numbers


def indicator_table(results: Results, language: str) -> Table | None:
    """Give the logframe: baseline, target, actual, status, evidence and source of each indicator."""
    view = view_results(results, language)
    say = view.say
    rows = [_indicator(view, r) for r in view.rows("indicators")]
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


def _indicator(view: ResultsView, row: Row) -> tuple[str, ...]:
    say = view.say
    unit = say.pick(row["unit"])
    title = say.pick(row["title"]) + (f", {unit}" if unit and unit not in ("%", "€") else "")
    proof = "; ".join(p for p in (say.pick(row["evidence"]), row["source"] or "", _day(view, row["date"])) if p)
    values = (indicator_value(view, row, name) for name in ("baseline", "target", "actual"))
    mark = MARKS.get(row["status"], "○")
    return (title, *values, f"{mark}\N{NO-BREAK SPACE}{term(view, VERDICTS, row['status'])}", proof or "–")


def indicator_value(view: ResultsView, row: Row, name: str) -> str:
    """Write an indicator's baseline, target or actual with its unit; what is not known says so."""
    value, say = row[name], view.say
    if value is None:
        return (
            say.not_due if name == "actual" and row["status"] == "not_due" else say.no_data if name == "actual" else "–"
        )
    unit = say.pick(row["unit"])
    if name == "actual" and (counted := _counted(view, row)):
        text = counted
    elif unit == "€":
        text = say.euros(value)
    elif unit == "%":
        text = say.percent(value / 100, 0 if float(value).is_integer() else 1)
    else:
        text = say.number(value, 0 if float(value).is_integer() else 2 if abs(value) < 10 else 1)
    return f"{say._('ca')} {text}" if name == "target" and row["approximate"] else text


def _counted(view: ResultsView, row: Row) -> str:
    """Write a share of fewer than 20 initiatives or teams as "3 of 8"; "" for everything else."""
    statistic = (view.meta.get("indicators", {}).get(row["key"]) or {}).get("statistic", "")
    if statistic == "fact:initiatives_at_work":
        part, whole = (
            float((view.fact(k) or {}).get("value") or 0) for k in ("initiatives_working", "initiatives_followed")
        )
    elif statistic == "teams.share_three_sectors":
        part, whole = (added(view, k) for k in ("teams_three_sectors", "teams_known"))
    else:
        return ""
    same = whole and abs(float(row["actual"]) - 100 * part / whole) < 1e-6
    return view.say._("{k} of {n}", k=view.say.count(part), n=view.say.count(whole)) if same and whole < FEW else ""


def added(view: ResultsView, key: str) -> float:
    """Add a fact over the events."""
    rows = [r for r in view.results.facts.to_dict("records") if r["key"] == key and r["event"] != view.event]
    return float(sum(float(r["value"]) for r in rows if r["value"] is not None and r["status"] == "ok"))


def initiatives_table(results: Results, language: str, event: str | None = None) -> Table | None:
    """Give the register of initiatives: stage, owner, place, need, sectors."""
    view = view_results(results, language)
    say = view.say
    rows = [_initiative(view, r) for r in latest(view, event)]
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
    if any(r["stage_source"] == BY_TEAM for r in latest(view, event)):
        note += " " + say._(
            "A stage is reported by the team when at least two members answered at follow-up and all who did agree; "
            "the register's own entry goes before it."
        )
    return Table("initiatives", say._("Register of initiatives"), tuple(columns[k] for k in filled), shown, note)


def latest(view: ResultsView, event: str | None = None) -> list[Row]:
    """Give each initiative with its latest stage, in the order of the register."""
    last: dict[str, Row] = {}
    for row in view.rows("initiatives"):
        if event is None or row["event"] == event:
            known = last.get(row["id"])
            if known is None or str(row["date"] or "") >= str(known["date"] or ""):
                last[row["id"]] = row
    return list(last.values())


def _initiative(view: ResultsView, row: Row) -> tuple[str, ...]:
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


def _stage_source(view: ResultsView, row: Row) -> str:
    """Write where an initiative's stage is known from, and from which day: its team, else the register's source."""
    if row["stage_source"] == BY_TEAM:
        return view.say._("reported by the team, {date}", date=_day(view, row["date"]))
    return ", ".join(p for p in (str(row["stage_source"] or ""), _day(view, row["date"])) if p)


def _owner(view: ResultsView, owner: object) -> str:
    """Write who carries an initiative on: one name, or one per language."""
    return view.say.pick(owner) if isinstance(owner, dict) else str(owner or "")


def money_table(results: Results, language: str) -> Table | None:
    """Give planned and used money."""
    view = view_results(results, language)
    say = view.say

    def euros(value: float | None) -> str:
        return say.no_data if value is None else say.euros(value, 2)

    def share(row: Row) -> str:
        known = row["planned"] and row["used"] is not None
        return say.percent(row["used"] / row["planned"]) if known else "–"

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


def money_title(view: ResultsView, row: Row) -> str:
    """Name a row of the money table."""
    words = {
        "total": view.say._("Total budget"),
        "grant": view.say._("Grant"),
        "own": view.say._("Own contribution"),
    }
    return view.say.pick(row["title"]) or words.get(row["key"], str(row["key"]))


def facts_table(results: Results, language: str) -> Table | None:
    """Give public numbers, each with its source and date; sources that disagree stand side by side."""
    view = view_results(results, language)
    say = view.say
    titles = view.meta.get("facts", {})
    rows = []
    for row in view.results.facts.to_dict("records"):
        known = titles.get(row["key"])
        if known is not None:
            value = say.no_data if row["value"] is None else _value(view, row)
            rows.append(
                (say.pick(known["title"], row["key"]), value, row["source"] or "–", _day(view, row["date"]) or "–")
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


def _value(view: ResultsView, row: Row) -> str:
    value = row["value"]
    if isinstance(value, str):
        return value
    if row["unit"] == "€":
        return view.say.euros(value)
    return view.say.number(value, 0 if float(value).is_integer() else 1)


def events_table(results: Results, language: str) -> Table | None:
    """Give planned and actual date, place and mode of each event, and how many came and answered."""
    view = view_results(results, language)
    say = view.say
    rows = []
    for key, event in view.meta.get("events", {}).items():
        seen = view_results(results, language, key)
        answered = [seen.number("response", "response_rate", w) for w in view.waves]
        said = ", ".join(
            f"{view.wave(w)} {say.percent(r['estimate'])}" for w, r in zip(view.waves, answered, strict=True) if r
        )
        came = event.get("attended")
        rows.append(
            (
                say.pick(event.get("title"), key),
                held(view, event.get("planned")),
                held(view, event.get("actual")),
                say.no_data if came is None else say.count(came),
                said or say.no_data,
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


def held(view: ResultsView, place: dict[str, object] | None) -> str:
    """Write when, where and how an event was planned or held."""
    known = place or {}
    parts = []
    if known.get("start"):
        parts.append(view.say.period(str(known["start"]), str(known["end"]) if known.get("end") else None))
    where = view.say.pick(known.get("place"))  # type: ignore[arg-type]
    mode = str(known.get("mode") or "")
    for part in (where, term(view, MODES, mode) if mode else ""):
        if part and part.lower() not in " ".join(parts).lower():
            parts.append(part)
    return ", ".join(parts) or view.say.no_data


def profile_table(
    results: Results, language: str, items: Iterable[str] = ("PR1", "PR3", "PR3B", "PR2", "PR5")
) -> Table | None:
    """Give who answered: sectors, municipalities, roles, earlier events; counts and shares per wave."""
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
    """Give how many answers to open questions were coded with each theme per wave, and how far two coders agreed."""
    view = view_results(results, language)
    say = view.say
    found = {(r["item"], r["theme"], r["wave"]): r for r in view.rows("themes")}
    if not found:
        return None
    waves = [w for w in dict.fromkeys((*view.waves, *(w for _, _, w in found))) if any(w == k[2] for k in found)]

    def cell(item: str, theme: str, wave: str) -> str:
        row = found.get((item, theme, wave))
        return "–" if row is None else say.hidden if row["n"] is None else say.count(row["n"])

    def rank(key: tuple[str, str]) -> tuple[str, list[int]]:
        return key[0], [-((found.get((*key, w)) or {}).get("n") or 0) for w in waves]

    keys = sorted(dict.fromkeys((item, theme) for item, theme, _ in found), key=rank)
    agreed = _kappas(view)
    rows = []
    for i, t in keys:
        counts = [cell(i, t, w) for w in waves]
        rows.append((view.item(i), theme_title(view, t), *counts, *([agreed.get((i, t), "–")] if agreed else [])))
    columns = (
        Column(say._("Question")),
        Column(say._("Theme"), wide=True),
        *(Column(view.wave(w), "right", unit="n") for w in waves),
        *((Column(say._("Kappa"), "right", unit=say._("{level} interval", level=level(view))),) if agreed else ()),
    )
    note = say._("Coded by people; an answer may hold several themes.")
    if agreed:
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
    """Title of a theme of the codebook; its key where there is none."""
    return view.say.pick(view.meta.get("themes", {}).get(key, {}).get("title"), str(key))


def _kappas(view: ResultsView) -> dict[tuple[str, str], str]:
    """Cohen's kappa of the two coders with its interval, by question and theme; only what was computed."""
    found = {}
    for (item, group, _, statistic), r in view.estimates.items():
        if statistic != "kappa" or group == "all" or r["status"] != "ok" or r["estimate"] is None:
            continue
        said = view.say.number(r["estimate"], 2)
        limits = "" if r["low"] is None else f" ({view.say.between(r['low'], r['high'], 2)})"
        found[str(item), str(group).removeprefix("theme=")] = said + limits
    return found


def _day(view: ResultsView, date: object) -> str:
    return view.say.date(str(date)) if date else ""
