"""Read the TOML files that people write; report all faults at once, each with file, key and what to do."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from vunki_eval.errors import M_, NOTHING, ConfigError, Message, Problem
from vunki_eval.project.file_names import composed
from vunki_eval.project.open_files import read_problem, read_whole
from vunki_eval.project.toml_rows import Place, key_rows, row_of
from vunki_eval.project.version_1 import NEWEST

MOST_BYTES = 1_000_000
LONGEST_NAME = 60
_LINE = re.compile(r"line (\d+)")
_QUOTED = re.compile(r"'([^']*)'")
_M = TypeVar("_M", bound=BaseModel)
_MESSAGES = {
    "missing": (M_("The key is missing."), M_("Add it.")),
    "string_type": (M_("This must be text."), M_('Write it in quotes: "...".')),
    "int_type": (M_("This must be a whole number."), M_("Write it without quotes.")),
    "int_from_float": (M_("This must be a whole number."), M_("Remove the decimals.")),
    "int_parsing": (M_("This must be a whole number."), M_("Write it without quotes.")),
    "float_type": (M_("This must be a number."), M_("Write it without quotes.")),
    "float_parsing": (M_("This must be a number."), M_("Write it without quotes and with a decimal point.")),
    "bool_type": (M_("This must be true or false."), M_("Write it without quotes.")),
    "bool_parsing": (M_("This must be true or false."), M_("Write it without quotes.")),
    "tuple_type": (M_("This must be a list."), M_("Write [a, b, c].")),
    "dict_type": (M_("This must be a table."), M_('Write { et = "...", en = "..." }.')),
    "date_type": (M_("This must be a date."), M_("Write it as 2020-08-13, without quotes.")),
    "date_parsing": (M_("This must be a date."), M_("Write it as 2020-08-13, without quotes.")),
    "date_from_datetime_parsing": (M_("This must be a date."), M_("Write it as 2020-08-13, without quotes.")),
    "date_from_datetime_inexact": (M_("This must be a date."), M_("Write it as 2020-08-13, without quotes.")),
    "model_type": (M_("This must be a table."), M_("Write { key = value, ... }.")),
    "literal_error": (M_("This word is not one of the choices."), NOTHING),
}
_NO_FORM = M_("The value fits none of the forms allowed here.")
_LIMITS = {
    "greater_than": M_("The value must be greater than {gt}."),
    "greater_than_equal": M_("The value must be at least {ge}."),
    "less_than": M_("The value must be less than {lt}."),
    "less_than_equal": M_("The value must be at most {le}."),
    "string_pattern_mismatch": M_("The text does not have the form that is wanted here: {pattern}."),
    "string_too_short": M_("The text needs at least {min_length} letters."),
    "string_too_long": M_("The text may have at most {max_length} letters."),
    "too_short": M_("The list needs at least {min_length} entries."),
    "too_long": M_("The list may have at most {max_length} entries."),
}
"""What a value must keep to; the gaps are those of pydantic's error types."""
PAGE, ELSEWHERE = M_("docs/en/keys.md"), M_("CONTRIBUTING.md")
_ON_PAGE = ("project.toml", "instrument.toml", "instrument.xlsx")


class Faults(ValueError):
    """Faults that a model finds in itself as a whole, as (key path, sentence) pairs."""

    def __init__(self, faults: Iterable[tuple[str, Message]]) -> None:
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

    def refuse(problem: Message, hint: Message, code: str, row: int = 0) -> ConfigError:
        return ConfigError(Problem(name, row, "", problem, hint, code))

    try:
        raw = read_whole(path)
    except FileNotFoundError:
        raise refuse(
            M_("The file does not exist."), M_("Create it, or run the command in a project's folder."), "VE-201"
        ) from None
    except OSError as error:
        raise ConfigError(read_problem(error, name, "VE-201")) from None
    if len(raw) > MOST_BYTES:
        raise refuse(
            M_("The file is larger than 1 MB."), M_("A configuration is small; is this the right file?"), "VE-202"
        )
    try:
        text = composed(raw.decode("utf-8-sig"))  # a name copied from a Mac's folder may have its letters apart
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise refuse(M_("The file is not UTF-8."), M_("Save it as UTF-8."), "VE-203", row) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        row = int(place[1]) if (place := _LINE.search(str(error))) else text.count("\n") + 1
        raise refuse(
            M_("This is not TOML from here on."),
            M_("Correct the line: a quotation mark, bracket or equals sign may be missing."),
            "VE-204",
            row,
        ) from None
    except RecursionError:
        raise refuse(
            M_("Brackets are nested too deeply."), M_("Close the brackets; is this the right file?"), "VE-202"
        ) from None
    if data.get("schema", 1) not in range(1, NEWEST + 1):
        raise refuse(
            M_("The file's schema is not 1 or {newest}.", newest=NEWEST),
            M_("Set schema = {newest}; newer keys need a newer vunki_eval.", newest=NEWEST),
            "VE-205",
            row_of(key_rows(text), ("schema",)),
        )
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
    file = _File(shown(path), _rows_of(path), page_of(path))
    problems = {p for e in errors for p in _problems(model, e, data, file)}
    raise ConfigError(sorted(p for p in problems if not _has_closer(p, problems)))


def page_of(path: Path) -> Message:
    """Name the page that lists the keys of a file."""
    return PAGE if path.name in _ON_PAGE else ELSEWHERE


@dataclass(frozen=True, slots=True)
class _File:
    """The file whose faults are told: its name, the rows of its keys, and the page that lists them."""

    name: str
    rows: dict[Place, int]
    page: Message

    def named_rows(self, data: Any) -> dict[str, int]:
        """Rows by the key path that messages print, in which entries of lists have names."""
        return {_path(place, data): row for place, row in self.rows.items()}


def _rows_of(path: Path) -> dict[Place, int]:
    """Rows of a TOML file's keys; none of another file."""
    if path.suffix != ".toml":
        return {}
    try:
        return key_rows(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return {}


def problems_of(path: Path, faults: Iterable[tuple[str, Message]], data: Any = None) -> list[Problem]:
    """Turn faults of a file as a whole into problems with their rows.

    Parameters
    ----------
    path : Path
    faults : iterable of (str, str)
        Key path and sentence.
    data : optional
        The file as it was read; it is read again if left out.
    """
    faults = list(faults)
    if faults and data is None and path.suffix == ".toml":
        data = read_toml(path)
    file = _File(shown(path), _rows_of(path), page_of(path))
    return list(_whole_problems(file, faults, "", data))


def _whole_problems(file: _File, faults: Iterable[tuple[str, Message]], prefix: str, data: Any) -> Iterable[Problem]:
    rows: dict[Place, int] = {tuple(name.split(".")): row for name, row in file.named_rows(data).items()}
    for where, what in faults:
        column = ".".join(x for x in (prefix, where) if x)
        yield Problem(
            file.name, row_of(rows, tuple(column.split("."))), column, what, M_("Correct the entry."), "VE-207"
        )


def _has_closer(problem: Problem, others: Iterable[Problem]) -> bool:
    """Tell whether another problem says more exactly what is wrong inside a value that fits no form."""
    inside = f"{problem.column}."
    return problem.problem == _NO_FORM and any(o.column.startswith(inside) for o in others)


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


def _problems(model: type[BaseModel], error: Any, data: dict[str, Any], file: _File) -> Iterable[Problem]:
    inner = error.get("ctx", {}).get("error")
    if isinstance(inner, Faults):
        yield from _whole_problems(file, inner.faults, _path(error["loc"], data), data)
        return
    column, row = _path(error["loc"], data), row_of(file.rows, _place(error["loc"], data))
    if error["type"] == "too_short" and error["ctx"]["actual_length"] < _length(error["loc"], data):
        return  # the list has entries; their own faults are reported
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _keys(model, error["loc"][:-1]), n=1)
        hint = (
            M_("Did you mean {near}?", near=repr(near[0]))
            if near
            else M_("Remove it, or see {page} for the known keys.", page=file.page)
        )
        yield Problem(file.name, row, column, M_("The key is unknown."), hint, "VE-206")
        return
    problem = value_fault(error["type"], error.get("ctx", {}))
    hint = _MESSAGES.get(error["type"], (problem, M_("Correct the value.")))[1]
    if error["type"] == "literal_error":
        choices = _QUOTED.findall(error["ctx"]["expected"])
        hint = M_("Choose one of: {allowed}.", allowed=", ".join(choices))
    if _branched(error["loc"], data):
        problem, hint = _NO_FORM, M_("See {page} for the forms.", page=file.page)
    yield Problem(file.name, row, column, problem, hint, "VE-207")


def value_fault(kind: str, limits: Mapping[str, Any]) -> Message:
    """Say what is wrong with a value: ``kind`` and ``limits`` are the type and the context of pydantic's error."""
    if kind in _LIMITS:
        return _LIMITS[kind].filled(**{name: _as_written(limit) for name, limit in limits.items()})
    return _MESSAGES.get(kind, (M_("The value is not allowed here."), NOTHING))[0]


def _as_written(limit: Any) -> Any:
    """Write a limit as people do: 1, not 1.0."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def _place(loc: tuple[int | str, ...], data: Any) -> Place:
    """Place of an error in the file: its steps without the names of forms that were tried."""
    place: list[int | str] = []
    for step in loc:
        if _is_branch(step, data):
            continue
        place.append(step)
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
    return tuple(place)


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
