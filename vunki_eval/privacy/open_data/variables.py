"""The variables of the package: names, labels and values in one language; the codebook is made from them alone."""

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
        Quasi-identifiers of the package.
    language : str
    """
    instrument, say = project.instrument, localizer(language)
    described = [Variable(PERSON, say._("Random number of the person, new in every package"), "string", {}, role="id")]
    titles = {e.id: say.pick(e.title) for e in project.events} | {ALL: say._("all events")}
    present = {str(v) for v in frame[EVENT]}
    listed = {k: v for k, v in titles.items() if k in present} | ({OTHER: say._("other")} if OTHER in present else {})
    described.append(Variable(EVENT, say._("Event"), "string", listed, role="quasi-identifier"))
    for code in quasi:
        described.append(_quasi(instrument.item(code), frame[code], instrument, language))
    described_names = {v.name for v in described}
    return [
        *described,
        *(_answer(n, frame[n], instrument, language) for n in frame.columns if n not in described_names),
    ]


def _quasi(item: Item, values: pd.Series, instrument: Instrument, language: str) -> Variable:
    response_set = instrument.response_set(item)
    names = sorted({str(v) for v in values} - {UNKNOWN}, key=lambda v: _order(v, response_set))
    labels = {name: quasi_label(name, response_set, language) for name in names}
    return Variable(item.code, item.label(language), "string", labels, role="quasi-identifier", source=item.source)


def quasi_label(name: str, response_set: ResponseSet | None, language: str) -> str:
    """Return the label of a value that may have been merged."""
    say = localizer(language)
    if name == ALL:
        return say._("not given, so that nobody can be recognised")
    if name == OTHER:
        return say._("others, merged so that nobody can be recognised")
    if response_set is None:
        return name
    parts = {str(v): response_set.label(v, language) for v in response_set.values}
    if name in parts:
        return parts[name]
    ends = name.split("+") if "+" in name else name.split("-")
    return (" / " if "+" in name else " – ").join(parts.get(p, p) for p in ends)


def _order(name: str, response_set: ResponseSet | None) -> tuple[int, str]:
    places = {str(v): i for i, v in enumerate(response_set.values)} if response_set else {}
    return places.get(name.replace("+", "-").split("-")[0], len(places)), name


def _answer(name: str, values: pd.Series, instrument: Instrument, language: str) -> Variable:
    code, _, wave = name.rpartition("_")
    titles = next(w.title for w in instrument.waves if w.key == wave)
    say = localizer(language)
    wave_title = say.pick(titles)
    if code.startswith("score_") and instrument.has_scale(code.removeprefix("score_")):
        scale = instrument.scale(code.removeprefix("score_"))
        label = f"{say._('Score')}: {say.pick(scale.title)} ({wave_title})"
        return Variable(name, label, "number", {}, wave=wave, role="score", scale=scale.key)
    item, option = next(_items(code, instrument))
    scale_key = next((s.key for s in instrument.scales if item.code in s.items), "")
    response_set = instrument.response_set(item)
    variable = partial(
        Variable, name, wave=wave, role=item.role, reverse=item.reverse, scale=scale_key, source=item.source
    )
    label = f"{item.wording(language)} ({wave_title})"
    if option:
        option_label = response_set.label(option, language) if response_set else option
        answers = {"0": say._("not chosen"), "1": say._("chosen")}
        return variable(f"{item.wording(language)}: {option_label} ({wave_title})", "integer", answers, low=0, high=1)
    if item.kind == "number" or response_set is None:
        return variable(label, "number", {})
    labels = {str(v): response_set.label(v, language) for v in response_set.values}
    if response_set.ordered:
        return variable(label, "integer", labels, ordered=True, low=response_set.low, high=response_set.high)
    return variable(label, "string", labels)


def _items(code: str, instrument: Instrument) -> Iterator[tuple[Item, str]]:
    for item in instrument.items:
        if code == item.code:
            yield item, ""
        response_set = instrument.response_set(item)
        if item.kind == "multiple" and response_set:
            for value in response_set.values:
                if code == f"{item.code}_{value}":
                    yield item, str(value)
