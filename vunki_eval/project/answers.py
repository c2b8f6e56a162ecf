"""The answers that items offer: options in a response set, and what the set says about them.

A set says which answers are favourable, which merge first when cells are small, which one has a field for free text,
and for a question of consent which ones agree. What it leaves out follows from one rule; see `ResponseSet`.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from vunki_eval.errors import M_, Message

Texts = Annotated[dict[str, str], Field(min_length=1)]
Value = int | str
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
FAVOURABLE_SHARE = 0.4
"""Share of an ordered set's answers, from the top, that are favourable if the set does not say so."""
MOST_RATED = 11
"""A number is read like a rating, with favourable answers, if it can take at most so many values."""


class Model(BaseModel):
    """Base of all models of files: frozen, and unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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

    ``ordered`` sets carry whole numbers; the options may stand in any order. ``favourable`` lists the answers that
    count as favourable; by default two fifths of an ordered set from the top (the upper two of five, three of seven,
    7-10 of 0-10). ``bands`` says which answers merge first when cells are small (``[[1, 2], [3], [4, 5]]``); by
    default as many at the bottom and at the top as are favourable, and those between. ``open`` is the option with a
    field for free text, and ``agrees`` lists the answers by which a person consents.
    """

    key: Code
    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    ordered: bool = True
    favourable: tuple[Value, ...] = ()
    bands: tuple[tuple[Value, ...], ...] = ()
    agrees: tuple[Value, ...] = ()
    open: Value | None = None
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

    @property
    def favourable_values(self) -> tuple[Value, ...]:
        """Values that count as favourable, smallest first; none for a nominal set that does not list them."""
        if self.favourable:
            return tuple(v for v in (self._sorted if self.ordered else self.values) if v in self.favourable)
        return upper_values(self._sorted) if self.ordered else ()

    @property
    def merging_bands(self) -> tuple[tuple[Value, ...], ...]:
        """Answers that merge first when cells are small; none for a nominal set that does not list them."""
        if self.bands or not self.ordered:
            return self.bands
        values, size = self._sorted, len(upper_values(self._sorted))
        parts = (values[:size], values[size:-size], values[-size:])
        return tuple(part for part in parts if part)

    @property
    def _sorted(self) -> tuple[int, ...]:
        return tuple(sorted(v for v in self.values if isinstance(v, int)))

    def label(self, value: Value, language: str) -> str:
        """Label of a value in a language, else in the first language that has one."""
        labels = {o.value: o.label for o in self.options} | {m.value: m.label for m in self.missing}
        return in_language(labels[value], language) if value in labels else str(value)


def upper_values(values: tuple[int, ...]) -> tuple[int, ...]:
    """Take the favourable part of sorted values: two fifths of them, at least one.

    >>> upper_values((1, 2, 3, 4, 5)), upper_values(tuple(range(1, 8))), upper_values(tuple(range(11)))
    ((4, 5), (5, 6, 7), (7, 8, 9, 10))
    """
    return values[-max(1, round(len(values) * FAVOURABLE_SHARE)) :]


def in_language(texts: dict[str, str], language: str) -> str:
    """Text in a language, else in the first language that has one."""
    return texts.get(language) or next(iter(texts.values()))


def set_faults(response_set: ResponseSet) -> Iterator[tuple[str, Message]]:
    """Find faults of a response set, as (key path, sentence)."""
    where, values = f"response_set.{response_set.key}", list(response_set.values)
    if len(set(values)) < len(values):
        yield where, M_("Two options have the same value.")
    if response_set.ordered and not all(isinstance(v, int) for v in values):
        yield where, M_("An ordered set needs whole numbers as values; write ordered = false for a nominal one.")
    for language in dict.fromkeys(lang for o in response_set.options for lang in o.label):
        labels = [o.label[language].casefold().strip() for o in response_set.options if language in o.label]
        if len(set(labels)) < len(labels):
            yield where, M_("Two options have the same label in {language}.", language=repr(language))
    banded = [v for band in response_set.bands for v in band]
    if banded and sorted(map(str, banded)) != sorted(map(str, values)):
        yield f"{where}.bands", M_("The bands must hold every value of the options exactly once.")
    listed = {"favourable": response_set.favourable, "agrees": response_set.agrees}
    listed |= {"open": () if response_set.open is None else (response_set.open,)}
    for key, chosen in listed.items():
        for value in chosen:
            if value not in values:
                yield f"{where}.{key}", M_("No option has the value {value}.", value=repr(value))
