"""Read the TOML files that people write; report all faults at once, each with file, key and what to do."""

import difflib
import tomllib
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from vunki_eval.errors import ConfigError, Problem
from vunki_eval.project.file_names import composed
from vunki_eval.project.open_files import read_problem, read_whole

MOST_BYTES = 1_000_000
LONGEST_NAME = 60
_M = TypeVar("_M", bound=BaseModel)
_MESSAGES = {
    "missing": ("The key is missing.", "Add it."),
    "string_type": ("This must be text.", 'Write it in quotes: "...".'),
    "int_type": ("This must be a whole number.", "Write it without quotes."),
    "int_from_float": ("This must be a whole number.", "Remove the decimals."),
    "int_parsing": ("This must be a whole number.", "Write it without quotes."),
    "float_type": ("This must be a number.", "Write it without quotes."),
    "float_parsing": ("This must be a number.", "Write it without quotes and with a decimal point."),
    "bool_type": ("This must be true or false.", "Write it without quotes."),
    "bool_parsing": ("This must be true or false.", "Write it without quotes."),
    "tuple_type": ("This must be a list.", "Write [a, b, c]."),
    "dict_type": ("This must be a table.", 'Write { et = "...", en = "..." }.'),
    "date_type": ("This must be a date.", "Write it as 2020-08-13, without quotes."),
    "date_parsing": ("This must be a date.", "Write it as 2020-08-13, without quotes."),
    "date_from_datetime_parsing": ("This must be a date.", "Write it as 2020-08-13, without quotes."),
    "date_from_datetime_inexact": ("This must be a date.", "Write it as 2020-08-13, without quotes."),
    "model_type": ("This must be a table.", "Write { key = value, ... }."),
    "literal_error": ("This word is not one of the choices.", ""),
}
_NO_FORM = ("The value fits none of the forms allowed here.", "See CONTRIBUTING.md for the forms.")


class Faults(ValueError):
    """Faults that a model finds in itself as a whole, as (key path, sentence) pairs."""

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
        If the file is missing, too large, not UTF-8, not TOML, nested too deeply or of an unknown schema.
    """
    name = shown(path)

    def refuse(problem: str, hint: str, code: str, row: int = 0) -> ConfigError:
        return ConfigError(Problem(name, row, "", problem, hint, code))

    try:
        raw = read_whole(path)
    except FileNotFoundError:
        raise refuse(
            "The file does not exist.", "Create it, or run the command in a project's folder.", "VE-201"
        ) from None
    except OSError as error:
        raise ConfigError(read_problem(error, name, "VE-201")) from None
    if len(raw) > MOST_BYTES:
        raise refuse("The file is larger than 1 MB.", "A configuration is small; is this the right file?", "VE-202")
    try:
        text = composed(raw.decode("utf-8-sig"))  # a name copied from a Mac's folder may have its letters apart
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
        errors = error.errors()
    unknown = [e["loc"] for e in errors if e["type"] == "extra_forbidden"]
    # Unknown keys keep the checks of the whole model from running, so check again without them. Unknown tables at the
    # top stay: without a misspelt table the checks would report everything in it as missing.
    try:
        model.model_validate(_without(data, [place for place in unknown if len(place) > 1]))
    except ValidationError as error:
        errors += error.errors()
    problems = {p for e in errors for p in _problems(model, e, data, shown(path))}
    raise ConfigError(sorted(p for p in problems if not _has_closer(p, problems)))


def _has_closer(problem: Problem, others: Iterable[Problem]) -> bool:
    """Tell whether another problem says more exactly what is wrong inside a value that fits no form."""
    inside = f"{problem.column}."
    return problem.problem == _NO_FORM[0] and any(o.column.startswith(inside) for o in others)


def _without(data: dict[str, Any], places: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """Copy data without the keys at the given places."""
    copied = deepcopy(data)
    for *parents, last in places:
        inner: Any = copied
        for step in parents:
            # A step that is not a key names a branch of the model, not a place in the data.
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
        return  # the list has entries; their own faults are reported
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _keys(model, error["loc"][:-1]), n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "Remove it, or see CONTRIBUTING.md for the known keys."
        yield Problem(file, 0, column, "The key is unknown.", hint, "VE-206")
        return
    problem, hint = _MESSAGES.get(error["type"], (f"{error['msg']}.", "Correct the value."))
    if error["type"] == "literal_error":
        hint = f"Choose {error['ctx']['expected']}."
    if _branched(error["loc"], data):
        problem, hint = _NO_FORM
    yield Problem(file, 0, column, problem, hint, "VE-207")


def _path(loc: tuple[int | str, ...], data: Any) -> str:
    """Write the key path; entries of lists are named by their key, code or id, else counted from 1."""
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
    """Make a name from a file fit into a one-line message."""
    printable = "".join(c if c.isprintable() else "?" for c in name)
    return printable if len(printable) <= LONGEST_NAME else printable[: LONGEST_NAME - 1] + "…"


def _length(loc: tuple[int | str, ...], data: Any) -> int:
    for step in loc:
        data = data if _is_branch(step, data) else data[step]
    return len(data)


def _branched(loc: tuple[int | str, ...], data: Any) -> bool:
    """Tell whether an error is inside one of several possible forms of a value."""
    for step in loc:
        if _is_branch(step, data):
            return True
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return False
    return False


def _is_branch(step: int | str, data: Any) -> bool:
    """Tell whether a step of an error's place names a form that was tried, not a key."""
    if isinstance(step, int) or (isinstance(data, dict) and step in data):
        return False
    return step in ("int", "str", "float") or step.startswith("constrained") or "[" in step or step[:1].isupper()


def _keys(model: Any, loc: tuple[int | str, ...]) -> list[str]:
    """List the keys of the (nested) model that an error's place names."""
    for step in loc:
        if isinstance(step, int) or not hasattr(model, "model_fields"):
            continue
        fields = [f for n, f in model.model_fields.items() if step in (n, f.alias)]
        # A step that is not a field is a key of a table or a form that was tried: stay in the same model.
        model = _model_in(fields[0].annotation) if fields else model
    return [f.alias or n for n, f in model.model_fields.items()] if hasattr(model, "model_fields") else []


def _model_in(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a)) is not None), None)
