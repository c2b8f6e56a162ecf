"""Faults of an instrument that only show when its parts are seen together."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from vunki_eval.errors import M_, Message, joined
from vunki_eval.project.answers import MissingOption, Option, ResponseSet, set_faults
from vunki_eval.project.questions import InstrumentParts, Item, RosterQuestion, Scale
from vunki_eval.project.uses import ITEM_USES, SCALE, SCALE_USES, USES

OTHER_SECTION = "other"
"""Key of the section of the questions that belong to none."""


def _repeated(kind: str, keys: list[str]) -> Iterator[tuple[str, Message]]:
    for key in sorted({k for k in keys if keys.count(k) > 1}):
        yield (
            f"{kind}.{key}",
            M_(
                "The key {key} is used by more than one [[{kind}]]. Give each one its own key.",
                key=repr(key),
                kind=kind,
            ),
        )


def instrument_faults(inst: InstrumentParts) -> Iterator[tuple[str, Message]]:
    """Find faults that only show when the parts are seen together, as (key path, sentence)."""
    waves, codes = {w.key for w in inst.waves}, {i.code for i in inst.items}
    sets = {r.key: r for r in inst.response_sets}
    yield from _repeated("wave", [w.key for w in inst.waves])
    yield from _repeated("item", [i.code for i in inst.items])
    yield from _repeated("response_set", [r.key for r in inst.response_sets])
    yield from _repeated("scale", [s.key for s in inst.scales])
    for name in ("link", "stable"):
        for code in getattr(inst, name):
            if code not in codes:
                yield name, M_("There is no item {code}.", code=repr(code))
    yield from _wave_faults(inst)
    yield from _section_faults(inst)
    yield from _use_faults(inst)
    yield from _language_faults(inst)
    for response_set in inst.response_sets:
        yield from set_faults(response_set)
    for item in inst.items:
        yield from _item_faults(item, waves, codes, sets)
    for scale in inst.scales:
        yield from _scale_faults(scale, inst, codes)
    if inst.roster is not None:
        yield from _roster_faults(inst.roster, waves, codes, sets)


def _wave_faults(inst: InstrumentParts) -> Iterator[tuple[str, Message]]:
    """Find moments that cannot stand twice: a change needs one wave before and one at the end."""
    for moment in ("before", "end"):
        keys = [w.key for w in inst.waves if w.moment == moment]
        for key in keys[1:]:
            yield (
                f"wave.{key}.moment",
                M_(
                    "Wave {keys} has the moment {moment} already; only 'later' may stand more than once.",
                    keys=repr(keys[0]),
                    moment=repr(moment),
                ),
            )


def _section_faults(inst: InstrumentParts) -> Iterator[tuple[str, Message]]:
    """Find dimensions that stand in two sections, or that nothing has."""
    yield from _repeated("section", [s.key for s in inst.sections])
    known = {i.dimension for i in inst.items if i.dimension} | {s.dimension for s in inst.scales if s.dimension}
    owners: dict[str, str] = {}
    for section in inst.sections:
        if section.key == OTHER_SECTION:
            yield f"section.{section.key}.key", M_("This key belongs to the section of questions without one.")
        for dimension in section.dimensions:
            where = f"section.{section.key}.dimensions"
            if (owner := owners.setdefault(dimension, section.key)) != section.key:
                yield (
                    where,
                    M_(
                        "The dimension {dimension} stands in section {owner} already.",
                        dimension=repr(dimension),
                        owner=repr(owner),
                    ),
                )
            if dimension not in known:
                near = difflib.get_close_matches(dimension, known, n=1)
                what = M_("No item or scale has the dimension {dimension}.", dimension=repr(dimension))
                if near:
                    what = joined(" ", (what, M_("Did you mean {near}?", near=repr(near[0]))))
                yield where, what


def _use_faults(inst: InstrumentParts) -> Iterator[tuple[str, Message]]:
    """Find unknown uses, uses of the wrong kind, and those that stand twice although they may stand once."""
    owners: dict[str, str] = {}
    entries: list[tuple[str, str, str, tuple[str, ...]]]
    entries = [(f"item.{i.code}", i.use, i.kind, ITEM_USES) for i in inst.items]
    entries += [(f"scale.{s.key}", s.use, SCALE, SCALE_USES) for s in inst.scales]
    for name, use, kind, allowed in entries:
        where = f"{name}.use"
        if not use:
            continue
        if use not in USES:
            near = difflib.get_close_matches(use, allowed, n=1)
            guess = M_("Did you mean {near}?", near=repr(near[0])) if near else _listed(allowed)
            yield where, joined(" ", (M_("There is no use {use}.", use=repr(use)), guess))
        elif kind not in (kinds := USES[use].kinds):
            what = M_("The use {use} belongs to an item of kind {kinds}.", use=repr(use), kinds=", ".join(kinds))
            if SCALE in kinds:
                what = M_("The use {use} belongs to a scale.", use=repr(use))
            yield where, what
        elif USES[use].once and (owner := owners.setdefault(use, name)) != name:
            yield where, M_("{owner} has the use {use} already, and only one may have it.", owner=owner, use=repr(use))
    for item in inst.items:
        if item.use == "consent" and item.role != "consent":
            yield f"item.{item.code}.role", M_("An item with the use 'consent' needs the role 'consent'.")


def _listed(names: Iterable[str]) -> Message:
    return M_("Known: {names}.", names=", ".join(names))


def _language_faults(inst: InstrumentParts) -> Iterator[tuple[str, Message]]:
    """Find texts that lack one of the instrument's languages."""
    texts: list[tuple[str, Mapping[str, str]]] = [("title", inst.title)]
    texts += [(f"wave.{w.key}.title", w.title) for w in inst.waves]
    texts += [(f"section.{s.key}.title", s.title) for s in inst.sections]
    texts += [(f"item.{i.code}.text", i.text) for i in inst.items]
    texts += [(f"item.{i.code}.stem", i.stem) for i in inst.items if i.stem]
    texts += [(f"scale.{s.key}.title", s.title) for s in inst.scales]
    for response_set in inst.response_sets:
        options: tuple[Option | MissingOption, ...] = (*response_set.options, *response_set.missing)
        texts += [(f"response_set.{response_set.key}.{o.value}.label", o.label) for o in options]
    for where, wordings in texts:
        for language in inst.languages:
            if not wordings.get(language, "").strip():
                yield where, M_("There is no wording in {language}.", language=repr(language))


def _item_faults(
    item: Item, waves: set[str], codes: set[str], sets: Mapping[str, ResponseSet]
) -> Iterator[tuple[str, Message]]:
    where = f"item.{item.code}"
    for wave in item.waves:
        if wave not in waves:
            yield (
                f"{where}.waves",
                M_("There is no wave {wave}; the waves are: {waves}.", wave=repr(wave), waves=", ".join(sorted(waves))),
            )
    for wave in item.optional_waves:
        if wave not in item.waves:
            yield (
                f"{where}.optional_waves",
                M_("The item is not asked in {wave}; name it under waves too.", wave=repr(wave)),
            )
    if item.response_set is not None and item.response_set not in sets:
        yield (
            f"{where}.response_set",
            M_("There is no response set {response_set}.", response_set=repr(item.response_set)),
        )
    if item.kind in ("single", "multiple") and item.response_set is None:
        yield where, M_("An item of kind single or multiple needs a response_set.")
    response_set = sets.get(item.response_set or "")
    if item.role == "consent" and response_set is not None and not response_set.agrees:
        yield (
            f"response_set.{item.response_set}.agrees",
            joined(
                " ",
                (
                    M_("{code} asks for consent, but no answer is said to agree.", code=item.code),
                    M_('Write agrees = ["yes"] with the values.'),
                ),
            ),
        )
    if item.kind == "number" and item.range is None:
        yield where, M_("A number needs a range, such as range = [0, 500].")
    if item.reverse and not (item.range or (response_set and response_set.ordered)):
        yield f"{where}.reverse", M_("Only an ordered answer can be reversed.")
    for name in ("retrospective_of", "at_most"):
        if (other := getattr(item, name)) is not None and other not in codes:
            yield f"{where}.{name}", M_("There is no item {other}.", other=repr(other))
    if item.excluded_by and item.excluded_by.item not in codes:
        yield f"{where}.excluded_by", M_("There is no item {item}.", item=repr(item.excluded_by.item))


def _roster_faults(
    roster: RosterQuestion, waves: set[str], codes: set[str], sets: Mapping[str, ResponseSet]
) -> Iterator[tuple[str, Message]]:
    for name in ("code", "own"):
        if getattr(roster, name) in codes:
            yield f"roster.{name}", M_("An item already has this code.")
    for wave in roster.waves:
        if wave not in waves:
            yield (
                "roster.waves",
                M_("There is no wave {wave}; the waves are: {waves}.", wave=repr(wave), waves=", ".join(sorted(waves))),
            )
    response_set = sets.get(roster.response_set)
    if response_set is None or not response_set.ordered:
        yield (
            "roster.response_set",
            M_("There is no ordered response set {response_set}.", response_set=repr(roster.response_set)),
        )
    elif roster.tie not in response_set.values[1:]:
        yield "roster.tie", M_("It must be an answer of the response set above the lowest.")


def _scale_faults(scale: Scale, inst: InstrumentParts, codes: set[str]) -> Iterator[tuple[str, Message]]:
    where = f"scale.{scale.key}"
    for code in scale.items:
        if code not in codes:
            yield f"{where}.items", M_("There is no item {code}.", code=repr(code))
    if scale.minimum is not None and not 1 <= scale.minimum <= len(scale.items):
        yield f"{where}.minimum", M_("It must be between 1 and {n}.", n=len(scale.items))
    if scale.key in codes and scale.items != (scale.key,):
        yield where, M_("A scale may share its key with an item only if it consists of that item alone.")
    if scale.range[0] >= scale.range[1]:
        yield f"{where}.range", M_("The first number must be smaller than the second.")
    items = {i.code: i for i in inst.items}
    waves = [set(items[c].waves) for c in scale.items if c in items]
    if waves and not set.intersection(*waves):
        yield f"{where}.items", M_("No wave asks all items of the scale.")
