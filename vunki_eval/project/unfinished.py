"""An erasure that was interrupted: until it is finished, nothing else may read or write in the project."""

from pathlib import Path

from vunki_eval.errors import M_, Problem, UsageError

UNDER_WAY = ".erasure.json"  # in surveys/ while an erasure is under way; see `vunki_eval.privacy.erasure.journal`


def unfinished_erasure() -> Problem:
    """Describe an erasure that was interrupted."""
    problem = M_("An erasure was interrupted; some files are old and some are new.")
    return Problem("surveys/", 0, "", problem, M_("Run `vunki-eval erase` again."), "VE-730")


def refuse_unfinished(surveys: Path) -> None:
    """Refuse to work while an erasure is unfinished: decisions might refer to rows that have moved.

    Raises
    ------
    UsageError
        If there is a journal of renames under way.
    """
    if (surveys / UNDER_WAY).exists():
        raise UsageError(unfinished_erasure())
