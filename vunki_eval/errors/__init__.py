"""Errors meant for the user: the exception tree, and the one form of every message.

A message has one shape wherever it appears: ``file:row:column: problem. What to do. [VE-code]``.
It never holds an answer or a person's code: file, row and column are enough to find the cell. Its sentences are
`Message` objects: made with `M_` where the fault arises, translated where they are shown.

    VunkiError
    ├── UsageError        the command line or the environment (exit 2)
    ├── ConfigError       project.toml, instrument.toml, decisions and the like (exit 2)
    ├── InputError        survey exports (exit 3)
    ├── BuildError        a notebook, an export or publishing failed (exit 4)
    └── StatisticsError   a number that cannot be computed (also a ValueError)
"""

import os
import pickle
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vunki_eval.errors.message import M_, MN_, NOTHING, Message, in_language, joined
from vunki_eval.errors.reasons import reason
from vunki_eval.errors.spoken import spoken_language

__all__ = [
    "COMMAND",
    "FAULTS",
    "MN_",
    "MOST_PER_FILE",
    "M_",
    "NOTHING",
    "VERBS",
    "BuildError",
    "ConfigError",
    "InputError",
    "Message",
    "Problem",
    "StatisticsError",
    "UsageError",
    "VunkiError",
    "as_called",
    "chosen",
    "in_language",
    "joined",
    "reason",
    "shorten",
    "spoken_language",
]  # fmt: skip

MOST_PER_FILE = 50  # one wrong column can fault every row; fifty lines show the pattern
COMMAND = "VUNKI_COMMAND"  # environment variable: how the program was called, if not as vunki-eval
FAULTS = "VUNKI_FAULTS"  # environment variable: file in which a notebook that stops leaves its problems
VERBS = ("new", "questionnaire", "plan", "check", "decide", "code", "report", "final", "claim", "lab", "papers",
         "benchmark", "verify", "export", "erase", "purge", "explain", "demo", "version")  # fmt: skip
"""The program's verbs in the order of the work."""
_NAMED = re.compile(rf"\bvunki-eval (?={'|'.join(VERBS)}\b)")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault, and what to do about it.

    Parameters
    ----------
    file : str
        Path as the user knows it, relative to the project (``surveys/2020-antsla/post.csv``), or "".
    row : int
        Physical line (text files) or sheet row (workbooks), counted from 1; 0 when the whole file is meant.
    column : str
        Header, item code or key path; "" when none is meant. A message where it is words of a language.
    problem, hint : Message
        What is wrong, and what to do: full sentences with a full stop.
    code : str
        Stable code, ``VE-101`` and so on.
    level : str
        "fault" stops the work; "look" is a finding that a person must settle (exit code 1); "note" is for information.
    """

    file: str
    row: int
    column: str
    problem: Message
    hint: Message
    code: str
    level: str = "fault"

    def __str__(self) -> str:
        """Return the message on one line, in English."""
        return self.text("en")

    def text(self, language: str) -> str:
        """Return the message on one line, in a language."""
        return self.message().text(language)

    def message(self) -> Message:
        """Return the whole as a message, for one that passes it on."""
        place = joined(":", (part for part in (self.file, str(self.row or ""), self.column) if part))
        text = joined(" ", (part for part in (self.problem, self.hint) if part))
        parts = {"place": place, "text": text, "code": self.code}
        return Message("{place}: {text} [{code}]" if place else "{text} [{code}]", parts)

    def as_dict(self) -> dict[str, str | int]:
        """Return the fields by name, in English, for ``--json``."""
        return {name: getattr(self, name) for name in ("file", "row", "column", "problem", "hint", "code", "level")}


class VunkiError(Exception):
    """Base of all errors meant for the user; holds every problem, not only the first."""

    exit_code = 5

    def __init__(self, problems: Problem | Iterable[Problem] | Message, *, code: str = "VE-000") -> None:
        if isinstance(problems, str):
            problems = Problem("", 0, "", problems, NOTHING, code)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(shorten(self.problems)))

    def __reduce__(self) -> tuple[type["VunkiError"], tuple[tuple[Problem, ...]]]:
        """Pickle the problems alone, so that an error survives the way back from a child process."""
        return type(self), (self.problems,)

    def _render_traceback_(self) -> list[str]:
        """Show only the message in a notebook: IPython calls this instead of printing a traceback.

        The engine that runs a notebook learns only the text of an error, so the problems are left for it in a file.
        """
        if path := os.environ.get(FAULTS):
            Path(path).write_bytes(pickle.dumps(self.problems))
        language = spoken_language()
        more = M_("For more, run `vunki-eval explain` with the code at the end of a line.")
        return [*shorten(self.problems, language), "", as_called(more.text(language))]


class UsageError(VunkiError):
    """The command line, the environment or the file system does not allow the work."""

    exit_code = 2


class ConfigError(VunkiError):
    """A file that a person wrote to steer the program (TOML, decisions, mappings) is wrong."""

    exit_code = 2


class InputError(VunkiError):
    """A survey export cannot be read without guessing."""

    exit_code = 3


class BuildError(VunkiError):
    """A notebook, an export or the publishing of a report failed."""

    exit_code = 4


class StatisticsError(VunkiError, ValueError):
    """A number does not exist for these data; the message is meant for the evaluator."""


def chosen(names: Iterable[str] | None, allowed: Sequence[str], option: str) -> list[str]:
    """Return the values that an option was given; all of those allowed if it was given none.

    Raises
    ------
    UsageError
        If a value is none of those allowed.
    """
    for name in names or ():
        if name not in allowed:
            problem = M_("{value} is not among the choices.", value=repr(name))
            hint = M_("Choose one of: {allowed}.", allowed=", ".join(allowed))
            raise UsageError(Problem("", 0, option, problem, hint, "VE-103"))
    return list(dict.fromkeys(names or allowed))


def as_called(text: str) -> str:
    """Name the command in a text as it was called: ``py run.py check`` where ``vunki-eval check`` is not installed."""
    called = os.environ.get(COMMAND)
    return _NAMED.sub(lambda _: f"{called} ", text) if called else text


def shorten(problems: Sequence[Problem], language: str = "en") -> list[str]:
    """List the messages in a language, at most 50 for each file, and count the rest."""
    lines: list[str] = []
    seen: dict[str, int] = {}
    for problem in problems:
        seen[problem.file] = seen.get(problem.file, 0) + 1
        if seen[problem.file] <= MOST_PER_FILE:
            lines.append(as_called(problem.text(language)))
    for file, count in seen.items():
        if (rest := count - MOST_PER_FILE) > 0:
            left = MN_("{n} more problem is not listed.", "{n} more problems are not listed.", rest)
            lines.append(f"{file}: {left.text(language)}")
    return lines
