"""Reading the TOML files that people write: every fault at once, each with file, key and what to do."""

import difflib
import tomllib
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from vunki_eval.errors import ConfigError, Problem

MOST_BYTES = 1_000_000
LONGEST_NAME = 60
_M = TypeVar("_M", bound=BaseModel)
_SAID = {
    "missing": ("The key is missing.", "Add it."),
    "string_type": ("A text is wanted.", 'Write it in quotes: "...".'),
    "int_type": ("A whole number is wanted.", "Write it without quotes."),
    "int_from_float": ("A whole number is wanted.", "Remove the decimals."),
    "int_parsing": ("A whole number is wanted.", "Write it without quotes."),
    "float_type": ("A number is wanted.", "Write it without quotes."),
    "float_parsing": ("A number is wanted.", "Write it without quotes and with a decimal point."),
    "bool_type": ("true or false is wanted.", "Write it without quotes."),
    "bool_parsing": ("true or false is wanted.", "Write it without quotes."),
    "tuple_type": ("A list is wanted.", "Write [a, b, c]."),
    "dict_type": ("A table is wanted.", 'Write { et = "...", en = "..." }.'),
    "date_type": ("A date is wanted.", "Write it as 2020-08-13, without quotes."),
    "date_parsing": ("A date is wanted.", "Write it as 2020-08-13, without quotes."),
    "date_from_datetime_parsing": ("A date is wanted.", "Write it as 2020-08-13, without quotes."),
    "date_from_datetime_inexact": ("A date is wanted.", "Write it as 2020-08-13, without quotes."),
    "model_type": ("A table is wanted.", "Write { key = value, ... }."),
    "literal_error": ("This word is not known here.", ""),
}


_NO_FORM = ("The value has none of the forms that are possible here.", "See CONTRIBUTING.md for them.")


class Faults(ValueError):
    """Faults found while the whole model was looked at, as (key path, sentence) pairs."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{where}: {what}" for where, what in self.faults))


def shown(path: Path) -> str:
    """Name a file as the user knows it: from ``surveys/`` on, else its name."""
    parts = path.parts
    return "/".join(parts[parts.index("surveys") :]) if "surveys" in parts else path.name


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of reasonable size and depth.

    Raises
    ------
    ConfigError
        If it is missing, too large, not UTF-8, not TOML, nested too deeply or of an unknown schema.
    """
    name = shown(path)

    def refuse(problem: str, hint: str, code: str, row: int = 0) -> ConfigError:
        return ConfigError(Problem(name, row, "", problem, hint, code))

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise refuse(
            "The file does not exist.", "Create it, or run the command in a project's folder.", "VE-201"
        ) from None
    except OSError as error:
        raise refuse(f"The file cannot be read: {error.strerror}.", "Check its permissions.", "VE-201") from None
    if len(raw) > MOST_BYTES:
        raise refuse("The file is larger than 1 MB.", "A configuration is small; is this the right file?", "VE-202")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise refuse("The file is not UTF-8.", "Save it as UTF-8.", "VE-203", row) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = str(error)
        row = int(where.split("line ")[1].split(",")[0]) if "line " in where else 0
        raise refuse(f"This is not TOML: {where}.", "Correct the line.", "VE-204", row) from None
    except RecursionError:
        raise refuse(
            "Brackets are nested too deeply.", "Close the brackets; is this the right file?", "VE-202"
        ) from None
    if data.get("schema", 1) != 1:
        raise refuse("The file's schema is not 1.", "Set schema = 1; newer keys need a newer vunki_eval.", "VE-205")
    return data


def validate(model: type[_M], data: dict[str, Any], path: Path) -> _M:
    """Check data against a model.

    Raises
    ------
    ConfigError
        With every fault: file, key path, what is wrong and what to do; unknown keys with "did you mean".
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors()
    unknown = [e["loc"] for e in found if e["type"] == "extra_forbidden"]
    # Unknown keys hide faults that only show when the whole is looked at: look again without them, but not without a
    # whole table of the file, which everything else would miss.
    try:
        model.model_validate(_without(data, [place for place in unknown if len(place) > 1]))
    except ValidationError as error:
        found += error.errors()
    problems = {p for e in found for p in _problems(model, e, data, shown(path))}
    raise ConfigError(sorted(p for p in problems if not _said_closer(p, problems)))


def _said_closer(problem: Problem, others: Iterable[Problem]) -> bool:
    """Tell whether another fault says what is wrong inside a value that fits no form."""
    inside = f"{problem.column}."
    return problem.problem == _NO_FORM[0] and any(o.column.startswith(inside) for o in others)


def _without(data: dict[str, Any], places: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """Copy data, leaving out some keys."""
    copied = deepcopy(data)
    for *way, last in places:
        inner: Any = copied
        for step in way:
            # Steps that are no key name a branch of the model, not a place in the data.
            if not _is_branch(step, inner):
                inner = inner[step]
        if isinstance(inner, dict):
            inner.pop(last, None)
    return copied


def _problems(model: type[BaseModel], error: Any, data: dict[str, Any], file: str) -> Iterable[Problem]:
    inner = error.get("ctx", {}).get("error")
    if isinstance(inner, Faults):
        prefix = _path(error["loc"], data)
        for where, what in inner.faults:
            column = ".".join(x for x in (prefix, where) if x)
            yield Problem(file, 0, column, what, "Correct the entry.", "VE-207")
        return
    column = _path(error["loc"], data)
    if error["type"] == "too_short" and error["ctx"]["actual_length"] < _length(error["loc"], data):
        return  # entries are there, and their own faults are listed
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _keys(model, error["loc"][:-1]), n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "Remove it, or see CONTRIBUTING.md for the known keys."
        yield Problem(file, 0, column, "The key is unknown.", hint, "VE-206")
        return
    problem, hint = _SAID.get(error["type"], (f"{error['msg']}.", "Correct the value."))
    if error["type"] == "literal_error":
        hint = f"Choose {error['ctx']['expected']}."
    if _branched(error["loc"], data):
        problem, hint = _NO_FORM
    yield Problem(file, 0, column, problem, hint, "VE-207")


def _path(loc: tuple[int | str, ...], data: Any) -> str:
    """Give the key path; entries of lists are named by their key, code or id, else counted from 1."""
    parts: list[str] = []
    for step in loc:
        if _is_branch(step, data):
            continue
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(step, int):
            name = next((str(data[k]) for k in ("key", "code", "id") if isinstance(data, dict) and k in data), "")
            parts.append(_clean(name) or str(step + 1))
        else:
            parts.append(_clean(step))
    return ".".join(parts)


def _clean(name: str) -> str:
    """Make a name that someone wrote fit into a one-line message."""
    seen = "".join(c if c.isprintable() else "?" for c in name)
    return seen if len(seen) <= LONGEST_NAME else seen[: LONGEST_NAME - 1] + "…"


def _length(loc: tuple[int | str, ...], data: Any) -> int:
    for step in loc:
        data = data if _is_branch(step, data) else data[step]
    return len(data)


def _branched(loc: tuple[int | str, ...], data: Any) -> bool:
    """Tell whether an error lies in one of several possible forms of a value."""
    for step in loc:
        if _is_branch(step, data):
            return True
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return False
    return False


def _is_branch(step: int | str, data: Any) -> bool:
    """Tell whether a step of an error's place names a form that was tried instead of a key."""
    if isinstance(step, int) or (isinstance(data, dict) and step in data):
        return False
    return step in ("int", "str", "float") or step.startswith("constrained") or "[" in step or step[:1].isupper()


def _keys(model: Any, loc: tuple[int | str, ...]) -> list[str]:
    """Known keys of the (nested) model that an error's place names."""
    for step in loc:
        if isinstance(step, int) or not hasattr(model, "model_fields"):
            continue
        found = [f for n, f in model.model_fields.items() if step in (n, f.alias)]
        # A step that is no field is a key of a table or a form that was tried: still inside the same model.
        model = _model_in(found[0].annotation) if found else model
    return [f.alias or n for n, f in model.model_fields.items()] if hasattr(model, "model_fields") else []


def _model_in(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a)) is not None), None)
