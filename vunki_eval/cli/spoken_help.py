"""What the command line itself says, in the project's language: ``--help``, and words that it does not understand.

The library writes both in English. Help texts of the verbs and their options are in the catalogue; the few words around
them (headings, ``[default: ...]``) are put in their places here. For words on the command line that cannot be used
there is one message in the form of all others, made from the kind of the library's error.
"""

import re
from typing import Any

import typer

from vunki_eval.errors import M_, NOTHING, Message, Problem, as_called
from vunki_eval.errors.message import catalogue

UsageError: Any = typer.BadParameter.__base__
"""What the library raises for words on the command line; it has no public name for it."""
HEADINGS = {"Options": M_("Options"), "Arguments": M_("Arguments"), "Commands": M_("Commands")}
_HEADING = re.compile(r"^(Options|Arguments|Commands):$", re.MULTILINE)


def translated(text: str, language: str) -> str:
    """Translate a help text; texts that the catalogue does not have stay English."""
    return catalogue(language).gettext(text) if text else ""


def speak(command: Any, language: str) -> None:
    """Put the help of a verb and of its options into a language; their English is kept for the next time."""
    command.help = as_called(translated(_english(command), language))
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = translated(_english(parameter), language)


def _english(part: Any) -> str:
    if not hasattr(part, "english_help"):
        part.english_help = part.help or ""
    return str(part.english_help)


def spoken_page(page: str, language: str) -> str:
    """Put the words around the help texts into a language."""
    if language == "en":
        return page

    page = _HEADING.sub(lambda match: f"{HEADINGS[match[1]].text(language)}:", page)
    for words in (M_("Usage:"), M_("Show this message and exit.")):
        page = page.replace(str(words), words.text(language))
    page = re.sub(r"\[default:(?=\s)", f"[{M_('default').text(language)}:", page)
    return re.sub(r"(?<=[\[ ])required\]", f"{M_('required').text(language)}]", page)


def problem_of(error: Any) -> Problem:
    """Say in one message what is wrong with the words on the command line, from the kind of the library's error."""
    where, problem, hint = _fault(error)
    path = error.ctx.command_path if error.ctx else "vunki-eval"
    more = M_("The words it knows: {command}.", command=f"{path} --help")
    return Problem("", 0, where, problem, hint or more, "VE-132")


def _fault(error: Any) -> tuple[str, Message, Message]:
    kind, parameter = type(error).__name__, getattr(error, "param", None)
    where = _name(parameter) if parameter is not None else str(getattr(error, "option_name", ""))
    if kind == "NoSuchOption":
        near = ", ".join(error.possibilities or ())
        return where, M_("There is no such option."), M_("Did you mean {near}?", near=near) if near else NOTHING
    if kind == "MissingParameter":
        return where, M_("This is missing on the command line."), NOTHING
    if kind == "BadOptionUsage":
        return where, M_("The option needs a value behind it."), NOTHING
    if parameter is not None:
        return where, _value_fault(error), NOTHING
    if kind == "NoSuchVerb":
        near = ", ".join(error.near)
        return error.verb, M_("There is no such command."), M_("Did you mean {near}?", near=near) if near else NOTHING
    return where, M_("These words do not go together here."), NOTHING


def _value_fault(error: Any) -> Message:
    from vunki_eval.project.config import value_fault

    cause = error.__cause__
    details = cause.errors() if hasattr(cause, "errors") else []
    return value_fault(details[0]["type"], details[0].get("ctx", {})) if details else M_("This value cannot be used.")


def _name(parameter: Any) -> str:
    return str(parameter.opts[0] if parameter.param_type_name == "option" else parameter.human_readable_name)


class NoSuchVerb(UsageError):  # type: ignore[misc]
    """The first word names no verb."""

    def __init__(self, verb: str, near: list[str], ctx: Any) -> None:
        super().__init__(verb, ctx)
        self.verb, self.near = verb, near
