"""The instrument: items, response sets, scales and waves, read from ``instrument.toml`` and checked as a whole.

The file is the source of truth: it says what is asked and when, how it is worded, how answers are coded and how scales
are scored. No item, scale or label is written into code. `load_instrument` reports every fault at once.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vunki_eval.project.config import Faults, read_toml, validate

Role = Literal["scale", "profile", "link", "consent", "network", "event", "text", "meta"]
Kind = Literal["single", "multiple", "number", "text", "link", "token", "timestamp"]
Translation = Literal["original", "attested", "draft", "reviewed"]
Texts = Annotated[dict[str, str], Field(min_length=1)]
Value = int | str
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]


class Model(BaseModel):
    """Base of all models of files: frozen, and unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wave(Model):
    """A wave of the survey; ``order`` gives its place among the waves."""

    key: Code
    order: int
    title: Texts


class Option(Model):
    """An answer that can be given: its value (a number on ordered sets, a short key on nominal ones) and its labels.

    ``also`` lists further wordings found in exports (older labels, labels of another tool).
    """

    value: Value
    label: Texts
    also: tuple[str, ...] = ()


class MissingOption(Model):
    """An answer that measures nothing ("don't know"): a negative code and its labels."""

    value: Annotated[int, Field(lt=0)]
    label: Texts
    also: tuple[str, ...] = ()


class ResponseSet(Model):
    """The answers an item offers.

    ``ordered`` sets carry whole numbers; ``bands`` says which answers merge first when cells are small
    (``[[1, 2], [3], [4, 5]]``).
    """

    key: Code
    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    ordered: bool = True
    bands: tuple[tuple[Value, ...], ...] = ()
    missing: tuple[MissingOption, ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """Values of all options, in their order."""
        return tuple(o.value for o in self.options)

    @property
    def low(self) -> int:
        """Smallest value of an ordered set."""
        return min(v for v in self.values if isinstance(v, int))

    @property
    def high(self) -> int:
        """Largest value of an ordered set."""
        return max(v for v in self.values if isinstance(v, int))

    def label(self, value: Value, language: str) -> str:
        """Label of a value in a language, else in the first language that has one."""
        labels = {o.value: o.label for o in self.options} | {m.value: m.label for m in self.missing}
        return _in(labels[value], language) if value in labels else str(value)


class Excluded(Model):
    """Answers of a profile item that exclude this item from its index (a person's own sector)."""

    item: Code
    values: Annotated[tuple[Value, ...], Field(min_length=1)]


class Item(Model):
    """One question.

    ``text`` is the full wording per language, ``stem`` the sentence above a grid whose rows are the items' ``text``,
    and ``short`` a label for tables. ``kind = "link"`` is an element of a self-generated linking code, ``"token"`` the
    code of a personal invitation. ``range`` bounds counts and other numbers. ``optional`` items may be absent from an
    export, and so may items in one of their ``optional_waves``; see `needed_in`. ``source_text`` translates ``source``.
    """

    code: Code
    kind: Kind = "single"
    role: Role
    text: Texts
    stem: dict[str, str] = {}
    short: dict[str, str] = {}
    also: tuple[str, ...] = ()
    translation: Translation = "draft"
    response_set: Code | None = None
    range: tuple[int, int] | None = None
    integer: bool = True
    missing: tuple[MissingOption, ...] = ()
    waves: Annotated[tuple[Code, ...], Field(min_length=1)]
    optional: bool = False
    optional_waves: tuple[Code, ...] = ()
    reverse: bool = False
    retrospective_of: Code | None = None
    excluded_by: Excluded | None = None
    at_most: Code | None = None
    dimension: str = ""
    source: str = ""
    source_text: dict[str, str] = {}

    def needed_in(self, wave: str) -> bool:
        """Tell whether an export of the wave must hold the item."""
        return wave in self.waves and not self.optional and wave not in self.optional_waves

    def wording(self, language: str) -> str:
        """Full wording in a language: stem and row joined for a grid row."""
        stem, text = self.stem.get(language, ""), _in(self.text, language)
        return f"{stem} {text}".strip() if stem else text

    def label(self, language: str) -> str:
        """Short label in a language."""
        return self.short.get(language) or _in(self.text, language)


class Scale(Model):
    """A score: the mean of the answered items, if at least ``minimum`` of them are answered.

    ``transform = "log1p"`` analyses a count as log(1 + x) and prints ratios. ``smallest_change`` is in units of the
    scale (a ratio for log1p). ``direction`` says whether more is better (1), worse (-1) or neither (0).
    """

    key: Code
    title: Texts
    items: Annotated[tuple[Code, ...], Field(min_length=1)]
    score: Literal["mean"] = "mean"
    minimum: int | None = None
    range: tuple[float, float]
    transform: Literal["", "log1p"] = ""
    direction: Literal[-1, 0, 1] = 1
    primary: bool = False
    model: Literal["reflective", "formative"] = "reflective"
    smallest_change: float | None = None
    unit: dict[str, str] = {}
    dimension: str = ""
    source: str = ""

    @property
    def needed(self) -> int:
        """Number of answered items that a score needs: ``minimum``, else half of them, but two of two or more."""
        if self.minimum is not None:
            return self.minimum
        half = -(-len(self.items) // 2)
        return max(half, 2) if len(self.items) > 1 else 1


class RosterQuestion(Model):
    """The ``[roster]`` table: everybody rates every participant on the event's list, by code (``NWR[K07]``).

    ``own`` is the item in which a person gives their own code. ``tie`` is the lowest answer that counts as a tie.
    """

    code: Code = "NWR"
    own: Code = "NWC"
    text: Texts
    own_text: Texts
    response_set: Code
    waves: Annotated[tuple[Code, ...], Field(min_length=1)]
    tie: int = 2
    source: str = ""


class Instrument(Model):
    """A questionnaire with its coding, as `load_instrument` reads it."""

    schema_: Annotated[int, Field(alias="schema")] = 1
    id: str
    title: Texts
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    licence: str = ""
    licence_text: dict[str, str] = {}
    source: str = ""
    link: tuple[Code, ...] = ()
    stable: tuple[Code, ...] = ()
    waves: Annotated[tuple[Wave, ...], Field(alias="wave", min_length=1, max_length=5)]
    response_sets: Annotated[tuple[ResponseSet, ...], Field(alias="response_set")] = ()
    items: Annotated[tuple[Item, ...], Field(alias="item", min_length=1)]
    scales: Annotated[tuple[Scale, ...], Field(alias="scale")] = ()
    roster: RosterQuestion | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if faults := list(_faults(self)):
            raise Faults(faults)
        return self

    @property
    def wave_keys(self) -> tuple[str, ...]:
        """Keys of the waves, in their order."""
        return tuple(w.key for w in sorted(self.waves, key=lambda w: w.order))

    def wave_title(self, wave: str, language: str) -> str:
        """Title of a wave in a language."""
        return next((_in(w.title, language) for w in self.waves if w.key == wave), wave)

    def item(self, code: str) -> Item:
        """Return an item by its code (KeyError if there is none)."""
        return self._index()[code]

    def scale(self, key: str) -> Scale:
        """Return a scale by its key (KeyError if there is none)."""
        return next(s for s in self.scales if s.key == key) if self.has_scale(key) else _missing(key)

    def has_scale(self, key: str) -> bool:
        """Tell whether there is such a scale."""
        return any(s.key == key for s in self.scales)

    def response_set(self, item: Item | str) -> ResponseSet | None:
        """Return the response set of an item, or None for numbers and texts."""
        key = (self.item(item) if isinstance(item, str) else item).response_set
        return next((r for r in self.response_sets if r.key == key), None)

    def in_wave(self, wave: str) -> tuple[Item, ...]:
        """List the items asked in a wave, in the order of the file."""
        return tuple(i for i in self.items if wave in i.waves)

    def missing(self, item: Item | str) -> tuple[MissingOption, ...]:
        """List the missing codes of an item: its own and those of its response set."""
        item = self.item(item) if isinstance(item, str) else item
        response_set = self.response_set(item)
        return (*item.missing, *(response_set.missing if response_set else ()))

    def _index(self) -> Mapping[str, Item]:
        return {i.code: i for i in self.items}


def load_instrument(path: Path) -> Instrument:
    """Read and check an instrument.

    Parameters
    ----------
    path : Path
        The TOML file.

    Returns
    -------
    Instrument

    Raises
    ------
    ConfigError
        With every fault found: file, key and what to do.
    """
    return validate(Instrument, read_toml(path), path)


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))


def _missing(key: str) -> Any:
    raise KeyError(key)


def _repeated(kind: str, keys: list[str]) -> Iterator[tuple[str, str]]:
    for key in sorted({k for k in keys if keys.count(k) > 1}):
        yield f"{kind}.{key}", f"The key {key!r} is used by more than one [[{kind}]]. Give each one its own key."


def _faults(inst: Instrument) -> Iterator[tuple[str, str]]:
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
                yield name, f"There is no item {code!r}."
    yield from _language_faults(inst)
    for response_set in inst.response_sets:
        yield from _set_faults(response_set)
    for item in inst.items:
        yield from _item_faults(item, waves, codes, sets)
    for scale in inst.scales:
        yield from _scale_faults(scale, inst, codes)
    if inst.roster is not None:
        yield from _roster_faults(inst.roster, waves, codes, sets)


def _language_faults(inst: Instrument) -> Iterator[tuple[str, str]]:
    """Find texts that lack one of the instrument's languages."""
    texts: list[tuple[str, Mapping[str, str]]] = [("title", inst.title)]
    texts += [(f"wave.{w.key}.title", w.title) for w in inst.waves]
    texts += [(f"item.{i.code}.text", i.text) for i in inst.items]
    texts += [(f"item.{i.code}.stem", i.stem) for i in inst.items if i.stem]
    texts += [(f"scale.{s.key}.title", s.title) for s in inst.scales]
    for response_set in inst.response_sets:
        options: tuple[Option | MissingOption, ...] = (*response_set.options, *response_set.missing)
        texts += [(f"response_set.{response_set.key}.{o.value}.label", o.label) for o in options]
    for where, wordings in texts:
        for language in inst.languages:
            if not wordings.get(language, "").strip():
                yield where, f"There is no wording in {language!r}."


def _set_faults(response_set: ResponseSet) -> Iterator[tuple[str, str]]:
    where, values = f"response_set.{response_set.key}", list(response_set.values)
    if len(set(values)) < len(values):
        yield where, "Two options have the same value."
    if response_set.ordered and not all(isinstance(v, int) for v in values):
        yield where, "An ordered set needs whole numbers as values; write ordered = false for a nominal one."
    for language in dict.fromkeys(lang for o in response_set.options for lang in o.label):
        labels = [o.label[language].casefold().strip() for o in response_set.options if language in o.label]
        if len(set(labels)) < len(labels):
            yield where, f"Two options have the same label in {language!r}."
    banded = [v for band in response_set.bands for v in band]
    if banded and sorted(map(str, banded)) != sorted(map(str, values)):
        yield f"{where}.bands", "The bands must hold every value of the options exactly once."


def _item_faults(
    item: Item, waves: set[str], codes: set[str], sets: Mapping[str, ResponseSet]
) -> Iterator[tuple[str, str]]:
    where = f"item.{item.code}"
    for wave in item.waves:
        if wave not in waves:
            yield f"{where}.waves", f"There is no wave {wave!r}; the waves are: {', '.join(sorted(waves))}."
    for wave in item.optional_waves:
        if wave not in item.waves:
            yield f"{where}.optional_waves", f"The item is not asked in {wave!r}; name it under waves too."
    if item.response_set is not None and item.response_set not in sets:
        yield f"{where}.response_set", f"There is no response set {item.response_set!r}."
    if item.kind in ("single", "multiple") and item.response_set is None:
        yield where, "An item of kind single or multiple needs a response_set."
    if item.kind == "number" and item.range is None:
        yield where, "A number needs a range, such as range = [0, 500]."
    response_set = sets.get(item.response_set or "")
    if item.reverse and not (item.range or (response_set and response_set.ordered)):
        yield f"{where}.reverse", "Only an ordered answer can be reversed."
    for name in ("retrospective_of", "at_most"):
        if (other := getattr(item, name)) is not None and other not in codes:
            yield f"{where}.{name}", f"There is no item {other!r}."
    if item.excluded_by and item.excluded_by.item not in codes:
        yield f"{where}.excluded_by", f"There is no item {item.excluded_by.item!r}."


def _roster_faults(
    roster: RosterQuestion, waves: set[str], codes: set[str], sets: Mapping[str, ResponseSet]
) -> Iterator[tuple[str, str]]:
    for name in ("code", "own"):
        if getattr(roster, name) in codes:
            yield f"roster.{name}", "An item already has this code."
    for wave in roster.waves:
        if wave not in waves:
            yield "roster.waves", f"There is no wave {wave!r}; the waves are: {', '.join(sorted(waves))}."
    response_set = sets.get(roster.response_set)
    if response_set is None or not response_set.ordered:
        yield "roster.response_set", f"There is no ordered response set {roster.response_set!r}."
    elif roster.tie not in response_set.values[1:]:
        yield "roster.tie", "It must be an answer of the response set above the lowest."


def _scale_faults(scale: Scale, inst: Instrument, codes: set[str]) -> Iterator[tuple[str, str]]:
    where = f"scale.{scale.key}"
    for code in scale.items:
        if code not in codes:
            yield f"{where}.items", f"There is no item {code!r}."
    if scale.minimum is not None and not 1 <= scale.minimum <= len(scale.items):
        yield f"{where}.minimum", f"It must be between 1 and {len(scale.items)}."
    if scale.key in codes and scale.items != (scale.key,):
        yield where, "A scale may share its key with an item only if it consists of that item alone."
    if scale.range[0] >= scale.range[1]:
        yield f"{where}.range", "The first number must be smaller than the second."
    items = {i.code: i for i in inst.items}
    waves = [set(items[c].waves) for c in scale.items if c in items]
    if waves and not set.intersection(*waves):
        yield f"{where}.items", "No wave asks all items of the scale."
