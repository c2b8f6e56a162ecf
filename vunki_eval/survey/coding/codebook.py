"""Read the codebook of an event or of the whole project: themes with title, definition and example words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from vunki_eval.errors import M_, ConfigError, InputError, Problem
from vunki_eval.project.config import Faults, read_toml, shown, validate
from vunki_eval.project.instrument import Code, Instrument, Model, Texts
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers import open_source
from vunki_eval.readers.wording import tidy

NEEDED = ("key", "title_et", "definition_et")
LISTS = ("words", "items")


class CodebookTheme(Model):
    """A ``[[theme]]``: its title, when to assign it, words that suggest it, and the items it is for (default: all)."""

    key: Code
    title: Texts
    definition: dict[str, str] = {}
    words: tuple[str, ...] = ()
    items: tuple[Code, ...] = ()


class Codebook(Model):
    """All themes, in the order of the file; see `load_codebook`."""

    schema_: Annotated[int, Field(alias="schema")] = 1
    themes: Annotated[tuple[CodebookTheme, ...], Field(alias="theme")] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        keys = [t.key for t in self.themes]
        if repeated := sorted({k for k in keys if keys.count(k) > 1}):
            raise Faults([(f"theme.{k}", M_("The key is used twice.")) for k in repeated])
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all themes."""
        return tuple(t.key for t in self.themes)

    def of(self, item: str) -> tuple[CodebookTheme, ...]:
        """Themes for an open question."""
        return tuple(t for t in self.themes if not t.items or item in t.items)


def load_codebook(surveys: Path, event: str, instrument: Instrument) -> Codebook:
    """Read the codebook of an event, else the project's; empty where there is none.

    The files tried are ``surveys/<event>/codebook.csv`` (or ``.toml``), then ``surveys/codebook.csv`` (or ``.toml``).
    The columns of the CSV are ``key``, ``title_<language>``, ``definition_<language>``, and ``words`` and ``items``,
    whose entries are separated by ``;``.

    Raises
    ------
    ConfigError
        With every fault of the file.
    """
    names = [f / f"codebook.{kind}" for f in (surveys / event, surveys) for kind in ("csv", "toml")]
    path = next((p for p in names if p.is_file()), None)
    if path is None:
        return Codebook()
    data = read_toml(path) if path.suffix == ".toml" else {"theme": list(_rows(path))}
    book = validate(Codebook, data, path)
    texts = {i.code for i in instrument.items if i.kind == "text" and i.role == "text"}
    unknown = [(t.key, item) for t in book.themes for item in t.items if item not in texts]
    if unknown:
        hint = M_("Open questions: {texts}.", texts=", ".join(sorted(texts)) or M_("none"))
        raise ConfigError(
            Problem(
                shown(path),
                0,
                f"theme.{key}.items",
                M_("There is no open question {item}.", item=repr(item)),
                hint,
                "VE-760",
            )
            for key, item in unknown
        )
    return book


def _rows(path: Path) -> Iterator[dict[str, object]]:
    file = shown(path)
    try:
        source = open_source(path, file, ReaderOptions())
    except InputError as error:
        raise ConfigError(error.problems) from None
    header = [h.lower() for h in source.header()]
    if missing := [c for c in NEEDED if c not in header and c.replace("_et", "_en") not in header]:
        problem = M_("The column is missing: {missing}.", missing=", ".join(missing))
        hint = M_("Columns: key, title_et, title_en, definition_et, definition_en, words, items.")
        raise ConfigError(Problem(file, source.lines[0] if source.lines else 1, missing[0], problem, hint, "VE-761"))
    for row in source.rows[1:]:
        cells = dict(zip(header, map(tidy, row), strict=False))
        entry: dict[str, object] = {"key": cells["key"], "title": {}, "definition": {}}
        for name, cell in cells.items():
            field, _, language = name.partition("_")
            if field in ("title", "definition") and language and cell:
                entry[field] = {**entry[field], language: cell}  # type: ignore[dict-item]
        entry |= {k: [w for part in cells.get(k, "").split(";") if (w := part.strip())] for k in LISTS}
        yield entry
