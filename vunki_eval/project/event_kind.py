"""What kind of event is evaluated, and the words for it in the sentences of a report."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from vunki_eval.project.answers import Model

_KINDS = Path(__file__).with_name("event_kinds.toml")
Word = Annotated[str, Field(min_length=1)]
LOCAL = {"adessive": "l", "allative": "le", "ablative": "lt", "inessive": "s", "elative": "st", "comitative": "ga"}
"""Cases that follow from the genitive, and their endings."""


class EstonianForms(Model):
    """Case forms of an Estonian noun; the local cases and the comitative follow from the genitive."""

    nominative: Word
    genitive: Word
    partitive: Word
    plural_nominative: Word
    plural_genitive: Word
    plural_partitive: Word

    def form(self, case: str = "nominative", *, plural: bool = False) -> str:
        """Return a case form (KeyError if there is no such case).

        >>> event_kind("koolitus").et.form("adessive")
        'koolitusel'
        """
        prefix = "plural_" if plural else ""
        if case in LOCAL:
            return f"{getattr(self, f'{prefix}genitive')}{LOCAL[case]}"
        if case not in ("nominative", "genitive", "partitive"):
            raise KeyError(case)
        return str(getattr(self, prefix + case))

    @property
    def is_plural(self) -> bool:
        """Whether one event already takes the plural (loometalgud)."""
        return self.nominative == self.plural_nominative


class EnglishForms(Model):
    """An English noun for one event and for several; ``article`` where it does not follow from the first letter."""

    singular: Word
    plural: Word
    article: str = ""

    @property
    def with_article(self) -> str:
        """One event with its indefinite article (``an event``)."""
        article = self.article or ("an" if self.singular[0].casefold() in "aeiou" else "a")
        return f"{article} {self.singular}"


class EventKind(Model):
    """The words for a kind of event in Estonian and English."""

    et: EstonianForms
    en: EnglishForms

    def gaps(self, language: str) -> dict[str, str]:
        """Give the words for the gaps of a sentence: ``{event}``, ``{events}``, in Estonian also by case.

        >>> gaps = event_kind("töötuba").gaps("et")
        >>> gaps["event_genitive"], gaps["events_partitive"], gaps["event_adessive"]
        ('töötoa', 'töötube', 'töötoal')
        >>> event_kind("üritus").gaps("en")
        {'event': 'event', 'events': 'events', 'an_event': 'an event'}
        """
        if language not in ("et", "vro"):
            return {"event": self.en.singular, "events": self.en.plural, "an_event": self.en.with_article}
        cases = ("nominative", "genitive", "partitive", *LOCAL)
        gaps = {"event": self.et.nominative, "events": self.et.plural_nominative}
        gaps |= {f"event_{case}": self.et.form(case) for case in cases}
        return gaps | {f"events_{case}": self.et.form(case, plural=True) for case in cases}


@cache
def event_kinds() -> Mapping[str, EventKind]:
    """Return the known kinds by name."""
    data = tomllib.loads(_KINDS.read_text(encoding="utf-8"))
    return {name: EventKind.model_validate(forms) for name, forms in data.items()}


def event_kind(name: str) -> EventKind:
    """Return a known kind by its name in Estonian or English (KeyError if there is none).

    >>> event_kind("workshop") == event_kind("töötuba")
    True
    """
    kinds = event_kinds()
    by_english = {kind.en.singular: kind for kind in kinds.values()}
    return kinds[name] if name in kinds else by_english[name]
