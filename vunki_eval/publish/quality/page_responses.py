"""Parts of the page about answers: when they came, what is missing, how they are spread."""

import datetime as dt
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from vunki_eval.language import Localizer
from vunki_eval.project.instrument import Item
from vunki_eval.project.theme import THEME
from vunki_eval.publish.quality.event import CheckedEvent
from vunki_eval.publish.quality.markup import section

Row = dict[str, Any]
WIDTH, HEIGHT, ROOM = 900, 70, 14
NEAR, LEAST_DAYS, MOST_DAYS = dt.timedelta(days=21), 12, 400


def days(checked: CheckedEvent, timing: Sequence[Row], say: Localizer) -> str:
    """When responses came, a bar a day, one drawing per wave; the event is marked where it is near."""
    title = say._("When responses came")
    parts = [f"<p>{escape(_said(checked, t, say))}</p>{_calendar(checked, t, say)}" for t in timing]
    if not any(t["days"] for t in timing):
        return section(title, lead=say._("The exports hold no times."))
    return section(title, *parts, lead=say._("Responses a day; the band marks the event where it is near."))


def _calendar(checked: CheckedEvent, t: Row, say: Localizer) -> str:
    counts = {dt.date.fromisoformat(day): n for day, n in t["days"].items()}
    if not counts:
        return ""
    place = checked.event.actual
    first, last = min(counts), max(counts)
    held = [d for d in (place.start, place.end or place.start) if d and first - NEAR <= d <= last + NEAR]
    first, last = min([first, *held]), max([last, *held])
    count = (last - first).days + 1
    if count > MOST_DAYS:
        return ""
    step, most = WIDTH / max(count, LEAST_DAYS), max(counts.values())

    def at(day: dt.date) -> float:
        return (day - first).days * step

    bars = ""
    if held:
        wide = at(held[-1]) + step - at(held[0])
        bars = f'<rect x="{at(held[0]):.1f}" y="0" width="{wide:.1f}" height="{HEIGHT}" fill="var(--soft)"/>'
    colour = THEME.wave_colours.get(t["wave"], THEME.after)
    for day, n in counts.items():
        high = (HEIGHT - 16) * n / most
        bars += (
            f'<rect x="{at(day):.1f}" y="{HEIGHT - high:.1f}" width="{max(step - 2, 1):.1f}" height="{high:.1f}" '
            f'fill="{colour}"/><text x="{at(day) + step / 2 - 1:.1f}" y="{HEIGHT - high - 3:.1f}" '
            f'text-anchor="middle">{say.count(n) if step >= ROOM else ""}</text>'
        )
    wide = at(last) + step
    ends = f'<text x="0" y="{HEIGHT + 16}">{escape(say.date(first))}</text>'
    if wide > ROOM * 20:
        ends += f'<text x="{wide:.1f}" y="{HEIGHT + 16}" text-anchor="end">{escape(say.date(last))}</text>'
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT + 22}" role="img" width="{WIDTH}" aria-label="{_e(say, "days")}">{bars}'
        f'<line x1="0" x2="{wide:.1f}" y1="{HEIGHT}" y2="{HEIGHT}" stroke="var(--grey)"/>{ends}</svg>'
    )


def _said(checked: CheckedEvent, t: Row, say: Localizer) -> str:
    name = checked.project.instrument.wave_title(t["wave"], say.language)
    if t["first"] is None:
        said = say._("{wave}: no times.", wave=name)
    else:
        said = say._(
            "{wave}: from {first} to {last}.", wave=name, first=say.date(t["first"][:10]), last=say.date(t["last"][:10])
        )
    if t["minutes"]:
        low, middle, high = (say.number(t["minutes"][k], 1) for k in (1, 2, 3))
        said += " " + say._(
            "Half of the responses took {low}–{high} minutes, the middle one {middle}.", low=low, high=high,
            middle=middle,
        )  # fmt: skip
    return said


def missing_table(checked: CheckedEvent, data: Row, say: Localizer) -> str:
    """Show what share of the usable responses answered each item, said "don't know", or left it blank."""
    title = say._("Missing answers")
    rows = data["missingness"]
    waves = list(dict.fromkeys(r["wave"] for r in rows))
    found = {(r["item"], r["wave"]): r for r in rows}
    head = "".join(
        f"<th scope=col>{escape(checked.project.instrument.wave_title(w, say.language))}</th>" for w in waves
    )
    body = ""
    for item in (i for i in checked.project.instrument.items if any((i.code, w) in found for w in waves)):
        cells = "".join(_missing_cell(found.get((item.code, w)), say) for w in waves)
        body += f'<tr><td><span class="code">{item.code}</span> {escape(item.label(say.language))}</td>{cells}</tr>'
    key = (
        f'<p class="muted"><span class="key" style="background:var(--main);margin-left:0"></span>{_e(say, "answered")}'
        f'<span class="key" style="background:var(--warm)"></span>{_e(say, "no substantive answer")}'
        f'<span class="key" style="background:var(--hair)"></span>{_e(say, "blank")}</p>'
    )
    label = escape(title)
    made = (
        f'<div class="wide" role="region" aria-label="{label}" tabindex="0"><table><thead><tr><th scope=col>'
        f"{escape(say._('Item'))}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    lead = say._("Of the usable responses of each wave; the number says how many were left blank.")
    return section(title, key, made, lead=lead)


def _e(say: Localizer, word: str) -> str:
    known = {"answered": say._("answered"), "blank": say._("blank"), "days": say._("Responses a day in this wave")}
    return escape(known.get(word, say._("no substantive answer")))


def _missing_cell(row: Row | None, say: Localizer) -> str:
    if row is None or not row["n"]:
        return '<td class="muted">–</td>'
    shares = [100 * row[k] / row["n"] for k in ("answered", "dont_know")]
    told = say._(
        "{answered} answered, {said} gave no substantive answer, {blank} blank",
        answered=row["answered"],
        said=row["dont_know"],
        blank=row["blank"],
    )
    return (
        f'<td title="{escape(told)}"><div style="display:flex;gap:.6rem;align-items:center">'
        f'<span class="bar" style="flex:1;min-width:5rem"><i class="given" style="width:{shares[0]:.1f}%"></i>'
        f'<i class="said" style="width:{shares[1]:.1f}%"></i></span>'
        f'<span class="n" style="min-width:2.2rem">{say.count(row["blank"])}</span></div></td>'
    )


def spread(checked: CheckedEvent, rows: Sequence[Row], say: Localizer) -> str:
    """Distributions of closed items and counts."""
    title = say._("Distributions")
    items = {i.code: i for i in checked.project.instrument.items}
    by_item: dict[str, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row["item"], []).append(row)
    blocks = "".join(_item(checked, items[code], found, say) for code, found in by_item.items())
    label = say._("Show the answers to all {n} items", n=say.count(len(by_item)))
    unfold = f"<details><summary>{escape(label)}</summary>{blocks}</details>"
    lead = say._("Answers as they were coded, before any were merged or hidden for publication.")
    return section(title, unfold, lead=lead)


def _item(checked: CheckedEvent, item: Item, rows: Sequence[Row], say: Localizer) -> str:
    drawn = "".join(part for row in rows for part in _wave(checked, item, row, say))
    return (
        f'<div class="item"><p><span class="code">{item.code}</span><br>{escape(item.label(say.language))}</p>'
        f'<div class="answers">{drawn}</div></div>'
    )


def _wave(checked: CheckedEvent, item: Item, row: Row, say: Localizer) -> Iterator[str]:
    instrument = checked.project.instrument
    name = instrument.wave_title(row["wave"], say.language)
    yield f'<span class="wave">{escape(name)}, n = {say.count(row["n"])}</span>'
    if "numbers" in row:
        low, first, middle, third, high = (say.number(v, 0 if float(v).is_integer() else 1) for v in row["numbers"])
        said = say._(
            "smallest {low}, quartiles {first} – {middle} – {third}, largest {high}", low=low, first=first,
            middle=middle, third=third, high=high,
        )  # fmt: skip
        yield f'<span style="grid-column:1/-1">{escape(said)}</span>'
        return
    chosen = instrument.response_set(item)
    labels = {str(o.value): o.label for o in chosen.options} if chosen else {}
    colour = THEME.wave_colours.get(row["wave"], THEME.after)
    for answer, n in row["answers"].items():
        share = 100 * n / row["n"] if row["n"] else 0
        words = say.pick(labels.get(answer), answer)
        shown = words if words == answer or not answer.isdecimal() else f"{answer} {words}"
        yield (
            f'<span>{escape(shown)}</span><span class="bar"><i style="width:{share:.1f}%;background:{colour}"></i>'
            f'</span><span class="n">{say.count(n)}</span>'
        )
