"""Errors meant for the user: the exception tree, and the one form of every message.

A message has one shape wherever it appears: ``file:row:column: problem. What to do. [VE-code]``.
It never holds an answer or a person's code: file, row and column are enough to find the cell.

    VunkiError
    ├── UsageError        the command line or the environment (exit 2)
    ├── ConfigError       project.toml, instrument.toml, decisions and the like (exit 2)
    ├── InputError        survey exports (exit 3)
    ├── BuildError        a notebook, an export or publishing failed (exit 4)
    └── StatisticsError   a number that cannot be computed (also a ValueError)
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_PER_FILE = 50  # one wrong column can fault every row; fifty lines show the pattern
COMMAND = "VUNKI_COMMAND"  # environment variable: how the program was called, if not as vunki-eval
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
        Header, item code or key path; "" when none is meant.
    problem, hint : str
        What is wrong, and what to do: full sentences with a full stop.
    code : str
        Stable code, ``VE-101`` and so on.
    level : str
        "fault" stops the work; "look" is a finding that a person must settle (exit code 1); "note" is for information.
    """

    file: str
    row: int
    column: str
    problem: str
    hint: str
    code: str
    level: str = "fault"

    def __str__(self) -> str:
        """Return the message on one line."""
        place = ":".join(part for part in (self.file, str(self.row or ""), self.column) if part)
        text = " ".join(part for part in (self.problem, self.hint) if part)
        return f"{place}: {text} [{self.code}]" if place else f"{text} [{self.code}]"

    def as_dict(self) -> dict[str, str | int]:
        """Return the fields by name, for ``--json``."""
        return {name: getattr(self, name) for name in ("file", "row", "column", "problem", "hint", "code", "level")}


class VunkiError(Exception):
    """Base of all errors meant for the user; holds every problem, not only the first."""

    exit_code = 5

    def __init__(self, problems: Problem | Iterable[Problem] | str, *, code: str = "VE-000") -> None:
        if isinstance(problems, str):
            problems = Problem("", 0, "", problems, "", code)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(shorten(self.problems)))

    def __reduce__(self) -> tuple[type["VunkiError"], tuple[tuple[Problem, ...]]]:
        """Pickle the problems alone, so that an error survives the way back from a child process."""
        return type(self), (self.problems,)

    def _render_traceback_(self) -> list[str]:
        """Show only the message in a notebook: IPython calls this instead of printing a traceback."""
        more = "For more, run `vunki-eval explain` with the code at the end of a line."
        return [*shorten(self.problems), "", as_called(more)]


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


def as_called(text: str) -> str:
    """Name the command in a text as it was called: ``py run.py check`` where ``vunki-eval check`` is not installed."""
    called = os.environ.get(COMMAND)
    return _NAMED.sub(lambda _: f"{called} ", text) if called else text


def shorten(problems: Sequence[Problem]) -> list[str]:
    """List the messages, at most 50 for each file, and count the rest."""
    lines: list[str] = []
    seen: dict[str, int] = {}
    for problem in problems:
        seen[problem.file] = seen.get(problem.file, 0) + 1
        if seen[problem.file] <= MOST_PER_FILE:
            lines.append(as_called(str(problem)))
    for file, count in seen.items():
        if (rest := count - MOST_PER_FILE) > 0:
            lines.append(f"{file}: {rest} more {'problem is' if rest == 1 else 'problems are'} not listed.")
    return lines
