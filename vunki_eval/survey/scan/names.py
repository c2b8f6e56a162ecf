"""Find names of known people in Estonian text by their stems, whatever the case ending.

A name gives a few stems (Kask: Kask-, Kas-; Mägi: Mägi-, Mäe-; Peeter: Peeter-, Peetr-); a word is a hit if it is a
stem with a case ending. Short stems and stems that may be common nouns count only with a capital letter or next to
another hit.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_VOWELS = "aeiou"
_WEAK = (
    ("kk", ("k",)), ("pp", ("p",)), ("tt", ("t",)), ("sk", ("s",)), ("hk", ("h",)), ("ht", ("h",)), ("nd", ("nn",)),
    ("ld", ("ll",)), ("rd", ("rr",)), ("mb", ("mm",)), ("lg", ("l",)), ("rg", ("r",)), ("k", ("g",)), ("p", ("b",)),
    ("t", ("d",)), ("d", ("",)), ("g", ("",)), ("b", ("v", "")),
)  # fmt: skip
"""Endings of a strong stem and their weak grade (Sepp, Sepa; Rand, Ranna; Jaak, Jaagu)."""
_CASE = r"(?:sse|s|st|le|l|lt|ks|ni|na|ta|ga|d|t|de|te|sid|id|ide|sse|des|dest|desse|dele|del|delt|dega|tega|idega)"
_ENDING = re.compile(rf"(?:[{_VOWELS}]{{0,2}}|[{_VOWELS}]?s[ei]|[{_VOWELS}]?kes[ei]?)(?:{_CASE})?(?:gi|ki)?")
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = frozenset(
    {"ainult", "aina", "maa", "maal", "maale", "maalt", "kas", "kus", "mis", "mida", "see", "aga", "nagu"}
)
"""Words that look like forms of names but hardly ever are."""
SURE = 5
"""Length (letters) from which a stem counts as a hit in lower case too."""
LEAST = 2


def fold(text: str) -> str:
    """Reduce a text to lower-case letters without diacritics, as many people write names (Jüri, juri)."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def stems(name: str) -> tuple[set[str], set[str]]:
    """Give the folded strong and weak stems from which the cases of a name are formed; weak stems include their vowel.

    Examples
    --------
    >>> strong, weak = stems("Kask")
    >>> sorted(strong), sorted(weak)
    (['kask'], ['kasa', 'kase', 'kasi', 'kaso', 'kasu'])
    """
    word = fold(name)
    base = word.rstrip(_VOWELS) if len(word.rstrip(_VOWELS)) >= LEAST else word
    strong, weak = {base}, set()
    for end, becomes in _WEAK:
        if base.endswith(end):
            weak = {base.removesuffix(end) + w + vowel for w in becomes for vowel in _VOWELS}
            break
    if word.endswith("ne"):
        strong.add(word[:-2] + "s")
    if word.endswith("s") and len(word) > SURE - 1:
        strong.add(word[:-1])
    if word[-2:] in ("er", "el", "ar", "al", "en", "or") and len(word) > SURE - 1:
        strong.add(word[:-2] + word[-1])
    return strong, {stem for stem in weak if len(stem) > LEAST}


@dataclass(frozen=True, slots=True)
class Names:
    """The names to look for, as stems; never shown."""

    sure: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        """Say how many, never whose."""
        return f"<names: {len(self.sure) + len(self.unsure)} stems, not shown>"

    def __or__(self, other: "Names") -> "Names":
        """Join two sets of names."""
        sure = self.sure | other.sure
        return Names(sure, (self.unsure | other.unsure) - sure)

    def count(self, text: str) -> int:
        """Count the words of a text that may be a form of a known name."""
        if not self.sure and not self.unsure:
            return 0
        words = list(_WORD.finditer(unicodedata.normalize("NFC", text)))
        forms = [self._form(word.group()) for word in words]
        capital = [word.group()[0].isupper() for word in words]
        sure = [form == "sure" or (form == "unsure" and cap) for form, cap in zip(forms, capital, strict=True)]
        beside = [form == "unsure" and any(sure[max(i - 1, 0) : i + 2]) for i, form in enumerate(forms)]
        return sum(map(any, zip(sure, beside, strict=True)))

    def _form(self, word: str) -> str:
        folded = fold(word)
        if folded in _COMMON:
            return ""
        for cut in range(len(folded), LEAST - 1, -1):
            if _ENDING.fullmatch(folded, cut):
                if folded[:cut] in self.sure:
                    return "sure"
                if folded[:cut] in self.unsure:
                    return "unsure"
        return ""


NOBODY = Names()


def known_names(names: Iterable[str]) -> Names:
    """Prepare names for scanning; a name may have several parts ("Maarja-Liis Kask").

    Examples
    --------
    >>> known_names(["Juhan Põder"])
    <names: 3 stems, not shown>
    """
    sure: set[str] = set()
    unsure: set[str] = set()
    for part in (part for name in names for part in _parts(name)):
        strong, weak = stems(part)
        certain = {s for s in strong if len(s) >= SURE} | {s for s in weak if len(s) > SURE}
        sure |= certain
        unsure |= (strong | weak) - certain
    return Names(frozenset(sure), frozenset(unsure - sure))


def _parts(name: str) -> Iterator[str]:
    for word in _WORD.findall(unicodedata.normalize("NFC", name)):
        if len(word) >= LEAST:
            yield word
