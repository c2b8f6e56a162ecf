"""Translate messages: a sentence is recognised by its template, and its gaps are carried over.

Messages are written in English where they arise. ``sentences.<language>.toml`` pairs each English template, with ``{}``
for what differs from case to case, with its translation. A sentence that matches no template stays English.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from vunki_eval.errors import Problem

FOLDER = Path(__file__).parent
FALLBACK = {"vro": "et"}
_ROWS = re.compile(r"(?:(?:[\w.\-]+ )?rows )?[\d, ]+(?: and \d+ more)?(?:; [\w.\-]+ rows [\d, ]+)*")
_NUMBERED = re.compile(r"column \d+")
_MORE = re.compile(r" and (\d+) more")
_ROW_WORDS = {"et": ("read", r" ja veel \1")}


def in_language(problem: Problem, language: str) -> Problem:
    """Translate a problem and its hint; a column without a header is named by its number."""
    language = FALLBACK.get(language, language)
    column = translated(problem.column, language) if _NUMBERED.fullmatch(problem.column) else problem.column
    text, hint = translated(problem.problem, language), translated(problem.hint, language)
    return replace(problem, column=column, problem=text, hint=hint)


def translated(text: str, language: str) -> str:
    """Translate the sentences of a message; one without a translation stays as it is."""
    for pattern, translation in _patterns(language):
        if match := pattern.fullmatch(text):
            return _filled(translation, match.groups(), language)
    first, stop, rest = text.partition(". ")
    if stop and (sentence := translated(first + ".", language)) != first + ".":
        return f"{sentence} {translated(rest, language)}"
    return text


def templates(language: str) -> Mapping[str, str]:
    """Return all templates of a language with their translations."""
    path = FOLDER / f"sentences.{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))["sentences"] if path.is_file() else {}


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Turn templates into patterns; those with the most letters come first, so that the closest match wins."""
    pairs = sorted(templates(language).items(), key=lambda pair: (-len(pair[0].replace("{}", "")), pair[0]))
    return tuple((re.compile("(.+?)".join(map(re.escape, t.split("{}"))), re.DOTALL), text) for t, text in pairs)


def _filled(translation: str, gaps: tuple[str, ...], language: str) -> str:
    """Fill the gaps in order, or by number where the order differs (``{1}``); a gap may itself need translating."""
    phrases = [_phrase(g, language) for g in gaps]
    remaining = iter(phrases)

    def fill(gap: re.Match[str]) -> str:
        return phrases[int(gap[1])] if gap[1] else next(remaining)

    return re.sub(r"\{(\d*)\}", fill, translation)


def _phrase(text: str, language: str) -> str:
    """Translate the text of a gap: a phrase, a sentence or a list of rows."""
    if _ROWS.fullmatch(text):
        rows, more = _ROW_WORDS[language]
        return re.sub(r"\brows ", f"{rows} ", _MORE.sub(more, text))
    return translated(text, language) if text.endswith((".", "?")) else _phrases(language).get(text, text)


@cache
def _phrases(language: str) -> Mapping[str, str]:
    path = FOLDER / f"sentences.{language}.toml"
    return tomllib.loads(path.read_text("utf-8")).get("phrases", {}) if path.is_file() else {}
