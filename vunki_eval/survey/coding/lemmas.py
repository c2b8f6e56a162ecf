"""Suggest themes by comparing an answer's lemmas with the codebook's words: an aid to coders, never a result."""

import re
from functools import lru_cache
from importlib.util import find_spec

from vunki_eval.survey.coding.codebook import CodebookTheme

_WORD = re.compile(r"[^\W\d_]+")
KNOWN = ("et", "en", "lv", "lt", "fi", "sv", "de", "ru")


def lemmas_known() -> bool:
    """Tell whether the extra ``themes`` (simplemma) is installed."""
    return find_spec("simplemma") is not None


def suggest(text: str, themes: tuple[CodebookTheme, ...], languages: tuple[str, ...]) -> tuple[str, ...]:
    """Give the keys of themes that have a word whose lemma occurs in the text, in the order of the codebook.

    A word ending in ``*`` is a stem: any word that begins with it counts (useful for compounds).
    """
    if not lemmas_known():
        return ()
    spoken = tuple(lang for lang in languages if lang in KNOWN)
    words = {w.casefold() for w in _WORD.findall(text)}
    forms = words | {lemma for w in words for lemma in _lemmas(w, spoken)}
    return tuple(t.key for t in themes if any(_hit(w.casefold(), words, forms, spoken) for w in t.words))


def _hit(word: str, words: set[str], forms: set[str], languages: tuple[str, ...]) -> bool:
    if word.endswith("*"):
        return any(w.startswith(word[:-1]) for w in words)
    return word in forms or bool(_lemmas(word, languages) & forms)


@lru_cache(maxsize=50_000)
def _lemmas(word: str, languages: tuple[str, ...]) -> frozenset[str]:
    from simplemma import lemmatize

    return frozenset(lemmatize(word, lang=language).casefold() for language in languages)
