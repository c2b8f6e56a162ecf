"""One object that writes in a language: translated sentences, plurals, numbers, dates and money."""

import datetime as dt
import gettext
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from vunki_eval.errors import M_, Problem, UsageError
from vunki_eval.errors.message import FALLBACK, catalogue
from vunki_eval.language import formats

LOCALES = {"vro": "et", "et": "et", "en": "en_GB"}


def N_(message: str) -> str:
    """Mark a message for translation where it is defined; it is translated where it is shown."""
    return message


def known_languages() -> tuple[str, ...]:
    """List the languages a report can be written in."""
    return tuple(FALLBACK)


@dataclass(frozen=True, slots=True)
class Localizer:
    """Writes in one language; see `localizer`.

    Sentences are written in English with gaps such as ``{name}``. The catalogue supplies the translation, and the gaps
    are filled with ready text.
    """

    language: str
    locale: Locale
    catalogue: gettext.NullTranslations

    def _(self, message: str, **values: object) -> str:
        """Translate a sentence and fill its gaps."""
        text = self.catalogue.gettext(message)
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """Translate a sentence that depends on a count; ``{n}`` is the count as the language writes it."""
        return self.catalogue.ngettext(one, many, n).format(n=self.count(n), **values)

    def pick(self, texts: dict[str, str] | None, default: str = "") -> str:
        """Pick the wording in this language, else in its fallback, else the first that is not empty."""
        wordings = {k: v for k, v in (texts or {}).items() if v}
        languages = (self.language, *FALLBACK[self.language], *wordings)
        return next((wordings[k] for k in languages if k in wordings), default)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number: 0,7 in Estonian, 0.7 in English."""
        return formats.number(value, self.locale, decimals)

    def count(self, value: float) -> str:
        """Write a whole number."""
        return formats.number(value, self.locale, 0)

    def signed(self, value: float, decimals: int = 0) -> str:
        """Write a change with its sign."""
        return formats.signed(value, self.locale, decimals)

    def ratio(self, value: float, decimals: int = 2) -> str:
        """Write a ratio: ×1,60."""
        return formats.TIMES + formats.number(value, self.locale, decimals)

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share (0-1) as a percentage."""
        return formats.percent(share, self.locale, decimals)

    def euros(self, value: float, decimals: int | None = None) -> str:
        """Write an amount of money."""
        return formats.euros(value, self.locale, decimals)

    def between(self, low: float, high: float, decimals: int = 0) -> str:
        """Write two limits: 0,3–1,1, or −0,1 kuni 0,3 when one is negative."""
        return formats.between(self.number(low, decimals), self.number(high, decimals), self._("to"))

    def between_shares(self, low: float, high: float, decimals: int = 0) -> str:
        """Write the limits of a share (0-1) with one percent sign."""
        first = self.number(low * 100, decimals)
        return formats.between(first, self.percent(high, decimals), self._("to"))

    def change(self, estimate: float, low: float, high: float, decimals: int = 1, *, ratio: bool = False) -> str:
        """Write a change with its interval: +0,7 (0,3 kuni 1,1) or ×1,60 (1,35–1,90)."""
        if ratio:
            return f"{self.ratio(estimate, decimals)} ({self.between(low, high, decimals)})"
        limits = f"{self.number(low, decimals)} {self._('to')} {self.number(high, decimals)}"
        return f"{self.signed(estimate, decimals)} ({limits})"

    def p(self, value: float) -> str:
        """Write a p-value: p = 0,012, or p < 0,001 when it is smaller than that."""
        smallest = 0.001
        return f"p < {self.number(smallest, 3)}" if value < smallest else f"p = {self.number(value, 3)}"

    def date(self, value: dt.date | str) -> str:
        """Write a day."""
        return formats.date(value, self.locale)

    def month(self, value: dt.date | str) -> str:
        """Write a month and its year."""
        return formats.month(value, self.locale)

    def period(self, start: dt.date | str, end: dt.date | str | None = None) -> str:
        """Write a period."""
        return formats.period(start, end, self.locale)

    def listing(self, parts: list[str]) -> str:
        """Join parts: a, b and c."""
        if len(parts) < 2:
            return "".join(parts)
        return self._("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])

    @property
    def no_data(self) -> str:
        """Text in place of a number that is not known."""
        return self._("no data")

    @property
    def not_due(self) -> str:
        """Text in place of a number that is not due yet."""
        return self._("not measured yet")

    @property
    def hidden(self) -> str:
        """Mark in place of a number withheld to protect people; it needs a footnote."""
        return "•"


@lru_cache
def localizer(language: str) -> Localizer:
    """Return the localizer of a language.

    Parameters
    ----------
    language : str
        ``et``, ``en``, or ``vro`` (Võro: what its catalogue lacks is written in Estonian; numbers follow Estonian).

    Raises
    ------
    UsageError
        If no report can be written in that language; the message lists those that can.
    """
    if language not in FALLBACK:
        hint = M_("Choose one of: {allowed}.", allowed=", ".join(FALLBACK))
        raise UsageError(Problem("", 0, "", M_("Reports cannot be written in this language."), hint, "VE-601"))
    return Localizer(language, Locale.parse(LOCALES[language]), catalogue(language))
