"""Write the parts of the page about responses: times, missing answers and distributions."""

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
WIDTH, HEIGHT = 900, 70
LABEL_WIDTH = 14  # of the count above a bar
NEAR = dt.timedelta(days=21)  # an event this near to the responses is drawn
LEAST_DAYS, MOST_DAYS = 12, 400  # no wider bars than for 12 days; no drawing of more than 400


def days(checked: CheckedEvent, timing: Sequence[Row], say: Localizer) -> str:
    """Draw when responses came: a chart per wave with a bar for each day, and a band for the event if it is near."""
    title = say._("When responses came")
    parts = [f"<p>{escape(_times(checked, t, say))}</p>{_calendar(checked, t, say)}" for t in timing]
    if not any(t["days"] for t in timing):
        return section(title, lead=say._("The exports hold no times."))
    return section(title, *parts, lead=say._("Responses a day; the band marks the event where it is near."))


def _calendar(checked: CheckedEvent, timing: Row, say: Localizer) -> str:
    counts = {dt.date.fromisoformat(day): n for day, n in timing["days"].items()}
    if not counts:
        return ""
    dates = checked.event.actual
    first, last = min(counts), max(counts)
    event_days = [d for d in (dates.start, dates.end or dates.start) if d and first - NEAR <= d <= last + NEAR]
    first, last = min([first, *event_days]), max([last, *event_days])
    count = (last - first).days + 1
    if count > MOST_DAYS:
        return ""
    step, most = WIDTH / max(count, LEAST_DAYS), max(counts.values())

    def left_edge(day: dt.date) -> float:
        return (day - first).days * step

    bars = ""
    if event_days:
        left = left_edge(event_days[0])
        band = left_edge(event_days[-1]) + step - left
        bars = f'<rect x="{left:.1f}" y="0" width="{band:.1f}" height="{HEIGHT}" fill="var(--soft)"/>'
    colour = THEME.wave_colours.get(timing["wave"], THEME.after)
    for day, n in counts.items():
        height, left = (HEIGHT - 16) * n / most, left_edge(day)
        bars += (
            f'<rect x="{left:.1f}" y="{HEIGHT - height:.1f}" width="{max(step - 2, 1):.1f}" height="{height:.1f}" '
            f'fill="{colour}"/><text x="{left + step / 2 - 1:.1f}" y="{HEIGHT - height - 3:.1f}" '
            f'text-anchor="middle">{say.count(n) if step >= LABEL_WIDTH else ""}</text>'
        )
    right = left_edge(last) + step
    ends = f'<text x="0" y="{HEIGHT + 16}">{escape(say.date(first))}</text>'
    if right > LABEL_WIDTH * 20:  # else the two dates would overlap
        ends += f'<text x="{right:.1f}" y="{HEIGHT + 16}" text-anchor="end">{escape(say.date(last))}</text>'
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT + 22}" role="img" width="{WIDTH}" aria-label="{_label(say, "days")}">{bars}'
        f'<line x1="0" x2="{right:.1f}" y1="{HEIGHT}" y2="{HEIGHT}" stroke="var(--grey)"/>{ends}</svg>'
    )


def _times(checked: CheckedEvent, timing: Row, say: Localizer) -> str:
    name = checked.project.instrument.wave_title(timing["wave"], say.language)
    if timing["first"] is None:
        sentences = say._("{wave}: no times.", wave=name)
    else:
        first, last = (say.date(timing[key][:10]) for key in ("first", "last"))
        sentences = say._("{wave}: from {first} to {last}.", wave=name, first=first, last=last)
    if timing["minutes"]:
        low, middle, high = (say.number(timing["minutes"][k], 1) for k in (1, 2, 3))
        sentences += " " + say._(
            "Half of the responses took {low}–{high} minutes, the middle one {middle}.", low=low, high=high,
            middle=middle,
        )  # fmt: skip
    return sentences


def missing_table(checked: CheckedEvent, data: Row, say: Localizer) -> str:
    """Show the shares of usable responses that answered each item, gave no substantive answer, or left it blank."""
    title = say._("Missing answers")
    rows = data["missingness"]
    waves = list(dict.fromkeys(r["wave"] for r in rows))
    by_cell = {(r["item"], r["wave"]): r for r in rows}
    header = "".join(
        f"<th scope=col>{escape(checked.project.instrument.wave_title(w, say.language))}</th>" for w in waves
    )
    body = ""
    for item in (i for i in checked.project.instrument.items if any((i.code, w) in by_cell for w in waves)):
        cells = "".join(_missing_cell(by_cell.get((item.code, w)), say) for w in waves)
        body += f'<tr><td><span class="code">{item.code}</span> {escape(item.label(say.language))}</td>{cells}</tr>'
    key = (
        '<p class="muted"><span class="key" style="background:var(--main);margin-left:0"></span>'
        f"{_label(say, 'answered')}"
        f'<span class="key" style="background:var(--warm)"></span>{_label(say, "no substantive answer")}'
        f'<span class="key" style="background:var(--hair)"></span>{_label(say, "blank")}</p>'
    )
    label = escape(title)
    table = (
        f'<div class="wide" role="region" aria-label="{label}" tabindex="0"><table><thead><tr><th scope=col>'
        f"{escape(say._('Item'))}</th>{header}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    lead = say._("Of the usable responses of each wave; the number says how many were left blank.")
    return section(title, key, table, lead=lead)


def _label(say: Localizer, key: str) -> str:
    labels = {"answered": say._("answered"), "blank": say._("blank"), "days": say._("Responses a day in this wave")}
    return escape(labels.get(key, say._("no substantive answer")))


def _missing_cell(row: Row | None, say: Localizer) -> str:
    if row is None or not row["n"]:
        return '<td class="muted">–</td>'
    shares = [100 * row[k] / row["n"] for k in ("answered", "dont_know")]
    counts = say._(
        "{answered} answered, {said} gave no substantive answer, {blank} blank",
        answered=row["answered"],
        said=row["dont_know"],
        blank=row["blank"],
    )
    return (
        f'<td title="{escape(counts)}"><div style="display:flex;gap:.6rem;align-items:center">'
        f'<span class="bar" style="flex:1;min-width:5rem"><i class="given" style="width:{shares[0]:.1f}%"></i>'
        f'<i class="said" style="width:{shares[1]:.1f}%"></i></span>'
        f'<span class="n" style="min-width:2.2rem">{say.count(row["blank"])}</span></div></td>'
    )


def spread(checked: CheckedEvent, rows: Sequence[Row], say: Localizer) -> str:
    """Show the distributions of answers to closed items and of counts."""
    title = say._("Distributions")
    items = {i.code: i for i in checked.project.instrument.items}
    by_item: dict[str, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row["item"], []).append(row)
    blocks = "".join(_item(checked, items[code], item_rows, say) for code, item_rows in by_item.items())
    label = say._("Show the answers to all {n} items", n=say.count(len(by_item)))
    details = f"<details><summary>{escape(label)}</summary>{blocks}</details>"
    lead = say._("Answers as they were coded, before any were merged or hidden for publication.")
    return section(title, details, lead=lead)


def _item(checked: CheckedEvent, item: Item, rows: Sequence[Row], say: Localizer) -> str:
    bars = "".join(part for row in rows for part in _wave(checked, item, row, say))
    return (
        f'<div class="item"><p><span class="code">{item.code}</span><br>{escape(item.label(say.language))}</p>'
        f'<div class="answers">{bars}</div></div>'
    )


def _wave(checked: CheckedEvent, item: Item, row: Row, say: Localizer) -> Iterator[str]:
    instrument = checked.project.instrument
    name = instrument.wave_title(row["wave"], say.language)
    yield f'<span class="wave">{escape(name)}, n = {say.count(row["n"])}</span>'
    if "numbers" in row:
        low, first, middle, third, high = (say.number(v, 0 if float(v).is_integer() else 1) for v in row["numbers"])
        summary = say._(
            "smallest {low}, quartiles {first} – {middle} – {third}, largest {high}", low=low, first=first,
            middle=middle, third=third, high=high,
        )  # fmt: skip
        yield f'<span style="grid-column:1/-1">{escape(summary)}</span>'
        return
    response_set = instrument.response_set(item)
    labels = {str(o.value): o.label for o in response_set.options} if response_set else {}
    colour = THEME.wave_colours.get(row["wave"], THEME.after)
    for answer, n in row["answers"].items():
        share = 100 * n / row["n"] if row["n"] else 0
        label = say.pick(labels.get(answer), answer)
        text = label if label == answer or not answer.isdecimal() else f"{answer} {label}"
        yield (
            f'<span>{escape(text)}</span><span class="bar"><i style="width:{share:.1f}%;background:{colour}"></i>'
            f'</span><span class="n">{say.count(n)}</span>'
        )
