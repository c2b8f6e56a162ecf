"""The variables of the package: names, labels and values in one language; the codebook is made of them alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from vunki_eval.language import localizer
from vunki_eval.privacy.open_data.anonymous import ALL
from vunki_eval.privacy.open_data.people import EVENT
from vunki_eval.privacy.open_data.refine import OTHER, UNKNOWN
from vunki_eval.project.instrument import Instrument, Item, ResponseSet
from vunki_eval.project.project import Project

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Variable:
    """A column of the package.

    ``kind`` is ``string``, ``integer`` or ``number``; ``values`` maps each value to its label (empty if it has none);
    ``low`` and ``high`` bound numbers.
    """

    name: str
    label: str
    kind: str
    values: Mapping[str, str]
    ordered: bool = False
    wave: str = ""
    role: str = ""
    reverse: bool = False
    scale: str = ""
    source: str = ""
    low: float | None = None
    high: float | None = None


def variables(project: Project, frame: pd.DataFrame, quasi: Sequence[str], language: str) -> list[Variable]:
    """Describe the columns of the package.

    Parameters
    ----------
    project : Project
    frame : DataFrame
        The package's rows.
    quasi : sequence of str
        Its quasi-identifiers.
    language : str
    """
    instrument, say = project.instrument, localizer(language)
    found = [Variable(PERSON, say._("Random number of the person, new in every package"), "string", {}, role="id")]
    titles = {e.id: say.pick(e.title) for e in project.events} | {ALL: say._("all events")}
    present = {str(v) for v in frame[EVENT]}
    listed = {k: v for k, v in titles.items() if k in present} | ({OTHER: say._("other")} if OTHER in present else {})
    found.append(Variable(EVENT, say._("Event"), "string", listed, role="quasi-identifier"))
    for code in quasi:
        found.append(_quasi(instrument.item(code), frame[code], instrument, language))
    known = {v.name for v in found}
    return [*found, *(_answer(n, frame[n], instrument, language) for n in frame.columns if n not in known)]


def _quasi(item: Item, values: pd.Series, instrument: Instrument, language: str) -> Variable:
    chosen = instrument.response_set(item)
    names = sorted({str(v) for v in values} - {UNKNOWN}, key=lambda v: _order(v, chosen))
    labels = {name: quasi_label(name, chosen, language) for name in names}
    return Variable(item.code, item.label(language), "string", labels, role="quasi-identifier", source=item.source)


def quasi_label(name: str, chosen: ResponseSet | None, language: str) -> str:
    """Give the label of a value that may have been merged."""
    say = localizer(language)
    if name == ALL:
        return say._("not given, so that nobody can be recognised")
    if name == OTHER:
        return say._("others, merged so that nobody can be recognised")
    if chosen is None:
        return name
    parts = {str(v): chosen.label(v, language) for v in chosen.values}
    if name in parts:
        return parts[name]
    ends = name.split("+") if "+" in name else name.split("-")
    return (" / " if "+" in name else " – ").join(parts.get(p, p) for p in ends)


def _order(name: str, chosen: ResponseSet | None) -> tuple[int, str]:
    places = {str(v): i for i, v in enumerate(chosen.values)} if chosen else {}
    return places.get(name.replace("+", "-").split("-")[0], len(places)), name


def _answer(name: str, values: pd.Series, instrument: Instrument, language: str) -> Variable:
    rest, _, wave = name.rpartition("_")
    title = next(w.title for w in instrument.waves if w.key == wave)
    say = localizer(language)
    when = say.pick(title)
    if rest.startswith("score_") and instrument.has_scale(rest.removeprefix("score_")):
        scale = instrument.scale(rest.removeprefix("score_"))
        label = f"{say._('Score')}: {say.pick(scale.title)} ({when})"
        return Variable(name, label, "number", {}, wave=wave, role="score", scale=scale.key)
    item, option = next(_items(rest, instrument))
    scale_key = next((s.key for s in instrument.scales if item.code in s.items), "")
    chosen = instrument.response_set(item)
    made = partial(Variable, name, wave=wave, role=item.role, reverse=item.reverse, scale=scale_key, source=item.source)
    label = f"{item.wording(language)} ({when})"
    if option:
        told = chosen.label(option, language) if chosen else option
        answers = {"0": say._("not chosen"), "1": say._("chosen")}
        return made(f"{item.wording(language)}: {told} ({when})", "integer", answers, low=0, high=1)
    if item.kind == "number" or chosen is None:
        return made(label, "number", {})
    labels = {str(v): chosen.label(v, language) for v in chosen.values}
    if chosen.ordered:
        return made(label, "integer", labels, ordered=True, low=chosen.low, high=chosen.high)
    return made(label, "string", labels)


def _items(rest: str, instrument: Instrument) -> Iterator[tuple[Item, str]]:
    for item in instrument.items:
        if rest == item.code:
            yield item, ""
        chosen = instrument.response_set(item)
        if item.kind == "multiple" and chosen:
            for value in chosen.values:
                if rest == f"{item.code}_{value}":
                    yield item, str(value)
