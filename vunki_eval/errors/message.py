"""Sentences meant for a person: written once, in English, with named gaps; translated only where they are shown.

A `Message` is its English text, so it can be compared, sorted, logged and put into JSON as any text. Besides, it knows
its template and the values of its gaps, and with them it can be said in every language that has a catalogue
(``language/<language>/LC_MESSAGES/vunki.po``). Values that are messages themselves are translated with it; plain text
(a name, a path, a code) is the same in all languages.
"""

import gettext
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

DOMAIN = "vunki"
FOLDER = Path(__file__).parents[1] / "language"
FALLBACK = {"vro": ("vro", "et"), "et": ("et",), "en": ()}
"""The languages of messages and reports; what a catalogue lacks is taken from the next one, then from English."""


@lru_cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations into a language; an unknown one has none, and its messages stay English."""
    return gettext.translation(DOMAIN, FOLDER, FALLBACK.get(language, ()), fallback=True)


def _text(template: str, values: Mapping[str, object], plural: str, n: int, language: str) -> str:
    words = catalogue(language)
    if not template:
        return ""  # gettext keeps the catalogue's header under the empty text
    text = words.ngettext(template, plural, n) if plural else words.gettext(template)
    if not values:
        return text
    return text.format_map({k: v.text(language) if isinstance(v, Message) else v for k, v in values.items()})


class Message(str):
    """A sentence or phrase: the English text, which can be said in other languages.

    Make it with `M_`, `MN_` or `joined`, never from a plain string, or it stays English.
    """

    __slots__ = ("n", "plural", "template", "values")

    template: str
    values: Mapping[str, object]
    plural: str
    n: int

    def __new__(cls, template: str, values: Mapping[str, object], plural: str = "", n: int = 1) -> "Message":
        """Fill the gaps of the English template."""
        self = super().__new__(cls, _text(template, values, plural, n, "en"))
        self.template, self.values, self.plural, self.n = template, values, plural, n
        return self

    def text(self, language: str) -> str:
        """Return the message in a language."""
        return _text(self.template, self.values, self.plural, self.n, language)

    def filled(self, **values: object) -> "Message":
        """Fill the gaps of a template that was defined without its values."""
        return Message(self.template, {**self.values, **values}, self.plural, self.n)

    def __reduce__(self) -> tuple[Callable[..., "Message"], tuple[Any, ...]]:
        """Pickle the template and the values, so that a message can be translated after its way through a process."""
        return Message, (self.template, dict(self.values), self.plural, self.n)


def M_(template: str, /, **values: object) -> Message:
    """Mark a sentence for the catalogue and fill its gaps: ``M_("There is no file {file}.", file=path)``.

    The template must be a literal: `vunki_eval.language.catalogue` finds it in the code. As in a report's sentences,
    braces are gaps only if there are values.
    """
    return Message(template, values)


def MN_(one: str, many: str, n: int, /, **values: object) -> Message:
    """Mark a sentence that depends on a count, which stands as ``{n}`` in it."""
    return Message(one, {"n": n, **values}, many, n)


def joined(separator: str, parts: Iterable[object]) -> Message:
    """Join messages and plain texts; a message in it is translated with the whole."""
    values = {f"p{i}": part for i, part in enumerate(parts)}
    return Message(separator.join(f"{{{name}}}" for name in values), values)


def in_language(text: str, language: str) -> str:
    """Return a text in a language: a message is translated, plain text stays as it is."""
    return text.text(language) if isinstance(text, Message) else text


NOTHING = Message("", {})
"""No sentence: where a problem needs no hint."""
