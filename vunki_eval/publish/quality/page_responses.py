"""Prepare the parts of the page about responses: times, missing answers and distributions."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from vunki_eval.language import Localizer
from vunki_eval.project.instrument import Item
from vunki_eval.project.theme import THEME
from vunki_eval.publish.quality.checked_event import CheckedEvent

Row = dict[str, Any]
WIDTH, HEIGHT = 900, 70
LABEL_WIDTH = 14  # of the count above a bar
NEAR = dt.timedelta(days=21)  # an event this near to the responses is drawn
LEAST_DAYS, MOST_DAYS = 12, 400  # no wider bars than for 12 days; no drawing of more than 400


def days(checked: CheckedEvent, timing: Sequence[Row], say: Localizer) -> Row:
    """Give a chart per wave of when responses came: a bar for each day, and a band for the event if it is near."""
    lead, waves = say._("Responses a day; the band marks the event where it is near."), []
    if any(t["days"] for t in timing):
        waves = [(_times(checked, t, say), _calendar(checked, t, say)) for t in timing]
    else:
        lead = say._("The exports hold no times.")
    return {"title": say._("When responses came"), "lead": lead, "waves": waves}


def _calendar(checked: CheckedEvent, timing: Row, say: Localizer) -> Row | None:
    counts = {dt.date.fromisoformat(day): n for day, n in timing["days"].items()}
    if not counts:
        return None
    dates = checked.event.actual
    first, last = min(counts), max(counts)
    event_days = [d for d in (dates.start, dates.end or dates.start) if d and first - NEAR <= d <= last + NEAR]
    first, last = min([first, *event_days]), max([last, *event_days])
    count = (last - first).days + 1
    if count > MOST_DAYS:
        return None
    step, most = WIDTH / max(count, LEAST_DAYS), max(counts.values())

    def left_edge(day: dt.date) -> float:
        return (day - first).days * step

    bars = []
    for day, n in counts.items():
        height, left = (HEIGHT - 16) * n / most, left_edge(day)
        bars.append({
            "x": f"{left:.1f}", "y": f"{HEIGHT - height:.1f}", "width": f"{max(step - 2, 1):.1f}",
            "height": f"{height:.1f}", "middle": f"{left + step / 2 - 1:.1f}", "above": f"{HEIGHT - height - 3:.1f}",
            "count": say.count(n) if step >= LABEL_WIDTH else "",
        })  # fmt: skip
    band = None
    if event_days:
        left = left_edge(event_days[0])
        band = (f"{left:.1f}", f"{left_edge(event_days[-1]) + step - left:.1f}")
    right = left_edge(last) + step
    return {
        "width": WIDTH, "height": HEIGHT, "label": say._("Responses a day in this wave"), "band": band, "bars": bars,
        "colour": THEME.wave_colours.get(timing["wave"], THEME.after), "right": f"{right:.1f}",
        "first": say.date(first), "last": say.date(last) if right > LABEL_WIDTH * 20 else "",  # else they would overlap
    }  # fmt: skip


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


def missing_table(checked: CheckedEvent, data: Row, say: Localizer) -> Row:
    """Give the shares of usable responses that answered each item, gave no substantive answer, or left it blank."""
    instrument = checked.project.instrument
    waves = list(dict.fromkeys(r["wave"] for r in data["missingness"]))
    by_cell = {(r["item"], r["wave"]): r for r in data["missingness"]}
    return {
        "title": say._("Missing answers"),
        "lead": say._("Of the usable responses of each wave; the number says how many were left blank."),
        "key": (say._("answered"), say._("no substantive answer"), say._("blank")),
        "headers": (say._("Item"), *(instrument.wave_title(w, say.language) for w in waves)),
        "rows": [
            (i.code, i.label(say.language), [_missing_cell(by_cell.get((i.code, w)), say) for w in waves])
            for i in instrument.items
            if any((i.code, w) in by_cell for w in waves)
        ],
    }


def _missing_cell(row: Row | None, say: Localizer) -> Row | None:
    if row is None or not row["n"]:
        return None
    given, said = (f"{100 * row[k] / row['n']:.1f}" for k in ("answered", "dont_know"))
    counts = say._(
        "{answered} answered, {said} gave no substantive answer, {blank} blank",
        answered=row["answered"],
        said=row["dont_know"],
        blank=row["blank"],
    )
    return {"counts": counts, "given": given, "said": said, "blank": say.count(row["blank"])}


def spread(checked: CheckedEvent, rows: Sequence[Row], say: Localizer) -> Row:
    """Give the distributions of answers to closed items and of counts."""
    items = {i.code: i for i in checked.project.instrument.items}
    by_item: dict[str, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row["item"], []).append(row)
    return {
        "title": say._("Distributions"),
        "lead": say._("Answers as they were coded, before any were merged or hidden for publication."),
        "label": say._("Show the answers to all {n} items", n=say.count(len(by_item))),
        "rows": [
            (code, items[code].label(say.language), [_wave(checked, items[code], row, say) for row in of_item])
            for code, of_item in by_item.items()
        ],
    }


def _wave(checked: CheckedEvent, item: Item, row: Row, say: Localizer) -> Row:
    instrument = checked.project.instrument
    head = f"{instrument.wave_title(row['wave'], say.language)}, n = {say.count(row['n'])}"
    if "numbers" in row:
        low, first, middle, third, high = (say.number(v, 0 if float(v).is_integer() else 1) for v in row["numbers"])
        summary = say._(
            "smallest {low}, quartiles {first} – {middle} – {third}, largest {high}", low=low, first=first,
            middle=middle, third=third, high=high,
        )  # fmt: skip
        return {"head": head, "summary": summary, "answers": []}
    response_set = instrument.response_set(item)
    labels = {str(o.value): o.label for o in response_set.options} if response_set else {}
    answers = []
    for answer, n in row["answers"].items():
        label = say.pick(labels.get(answer), answer)
        text = label if label == answer or not answer.isdecimal() else f"{answer} {label}"
        answers.append((text, f"{100 * n / row['n'] if row['n'] else 0:.1f}", say.count(n)))
    colour = THEME.wave_colours.get(row["wave"], THEME.after)
    return {"head": head, "summary": "", "answers": answers, "colour": colour}
