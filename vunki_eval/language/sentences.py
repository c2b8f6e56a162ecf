"""Messages in another language: the sentence is recognised by its template, its gaps are carried over.

Messages are written in English where they arise. ``sentences.<language>.toml`` pairs every template, with ``{}`` for
what differs from case to case, with its translation; a sentence that matches none stays English.
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
    """Say a problem and its hint in a language; a column without a header is named by its number."""
    language = FALLBACK.get(language, language)
    column = translated(problem.column, language) if _NUMBERED.fullmatch(problem.column) else problem.column
    said, hint = translated(problem.problem, language), translated(problem.hint, language)
    return replace(problem, column=column, problem=said, hint=hint)


def translated(text: str, language: str) -> str:
    """Translate one or several sentences of a message; as they are where there is no translation."""
    for pattern, said in _patterns(language):
        if found := pattern.fullmatch(text):
            return _filled(said, found.groups(), language)
    first, stop, rest = text.partition(". ")
    if stop and (one := translated(first + ".", language)) != first + ".":
        return f"{one} {translated(rest, language)}"
    return text


def templates(language: str) -> Mapping[str, str]:
    """Give all templates with their translations."""
    path = FOLDER / f"sentences.{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))["sentences"] if path.is_file() else {}


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Templates as patterns, those with the most letters first."""
    known = sorted(templates(language).items(), key=lambda pair: (-len(pair[0].replace("{}", "")), pair[0]))
    return tuple((re.compile("(.+?)".join(map(re.escape, t.split("{}"))), re.DOTALL), said) for t, said in known)


def _filled(said: str, gaps: tuple[str, ...], language: str) -> str:
    """Fill gaps in order, or by number where the order differs (``{1}``); a gap may be a phrase that is known too."""
    words = [_phrase(g, language) for g in gaps]
    left = iter(words)

    def gap(mark: re.Match[str]) -> str:
        return words[int(mark[1])] if mark[1] else next(left)

    return re.sub(r"\{(\d*)\}", gap, said)


def _phrase(text: str, language: str) -> str:
    """Translate a gap that is a phrase, a sentence, or a list of rows."""
    if found := _ROWS.fullmatch(text):
        return re.sub(r"\brows ", f"{_ROW_WORDS[language][0]} ", _MORE.sub(_ROW_WORDS[language][1], found[0]))
    return translated(text, language) if text.endswith((".", "?")) else _phrases(language).get(text, text)


@cache
def _phrases(language: str) -> Mapping[str, str]:
    path = FOLDER / f"sentences.{language}.toml"
    return tomllib.loads(path.read_text("utf-8")).get("phrases", {}) if path.is_file() else {}
