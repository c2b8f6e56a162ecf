"""Keep the catalogues in step with the code: run ``python -m vunki_eval.language.catalogue`` after a sentence changed.

New sentences are added to the ``.po`` files without a translation, and unused ones are removed. Translate the new ones,
then run it again. The compiled ``.mo`` files are part of the package, so that no tool is needed to write a report.
"""

import ast
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from vunki_eval.errors import VERBS
from vunki_eval.errors.message import DOMAIN, FOLDER

CODE = (FOLDER.parent, FOLDER.parents[1] / "run.py")
"""The package, and what starts it from a checkout."""
MARKERS = {"_": 1, "N_": 1, "M_": 1, "plural": 2, "MN_": 2}
"""Functions that take a sentence of the catalogue, and how many forms of it they are given."""


def messages(*places: Path) -> Iterator[tuple[str, ...]]:
    """Find every message in the code: one text, or two for a sentence with a plural.

    A message must be a literal in the call; anything else is missed, and so is never translated.
    """
    for path in (f for place in places or CODE for f in ([place] if place.is_file() else sorted(place.rglob("*.py")))):
        tree = ast.parse(path.read_text("utf-8"))
        yield from ((text,) for text in _help_texts(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in MARKERS:
                wanted = MARKERS[_name(node.func)]
                values = [a.value for a in node.args[:wanted] if isinstance(a, ast.Constant)]
                texts = tuple(v for v in values if isinstance(v, str))
                if len(texts) == wanted:
                    yield texts


def _help_texts(tree: ast.Module) -> Iterator[str]:
    """Find what ``--help`` shows: the texts of options and arguments, and the docstrings of verbs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in ("Option", "Argument", "Typer"):
            values = [k.value for k in node.keywords if k.arg == "help"]
            yield from (v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str))
        if isinstance(node, ast.FunctionDef) and node.name in VERBS and "typer" in _imported(tree):
            yield ast.get_docstring(node) or ""


def _imported(tree: ast.Module) -> set[str]:
    return {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}


def po_path(language: str) -> Path:
    """Return the path of a language's catalogue."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(language: str) -> Catalog:
    """Read a language's catalogue."""
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """Compile a catalogue for gettext; the same catalogue always gives the same bytes."""
    catalogue.creation_date = catalogue.revision_date = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update(language: str) -> int:
    """Update a catalogue from the code, compile it, and count the sentences that still lack a translation."""
    old = load(language) if po_path(language).is_file() else Catalog(locale=language)
    header = "# Texts of vunki_eval; kept in step with the code by python -m vunki_eval.language.catalogue"
    new = Catalog(locale=language, domain=DOMAIN, charset="utf-8", fuzzy=False, header_comment=header)
    missing = 0
    for texts in sorted(set(messages())):
        entry = old.get(texts[0])
        translation = entry.string if entry else ("" if len(texts) == 1 else ("", ""))
        new.add(texts[0] if len(texts) == 1 else texts, translation)
        missing += not (translation if isinstance(translation, str) else all(translation or ()))
    buffer = io.BytesIO()
    write_po(buffer, new, width=0, omit_header=False, sort_output=True)
    po_path(language).write_bytes(_timeless(buffer.getvalue()))
    po_path(language).with_suffix(".mo").write_bytes(compiled(load(language)))
    return missing


def _timeless(po: bytes) -> bytes:
    """Drop the headers that change from run to run or name people."""
    dropped = (
        b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Last-Translator', b'"Language-Team', b'"Project-Id-Version',
        b'"Report-Msgid', b'"Generated-By',
    )  # fmt: skip
    return b"".join(line for line in po.splitlines(keepends=True) if not line.startswith(dropped))


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


if __name__ == "__main__":
    for name in sorted(p.parent.parent.name for p in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        print(f"{name}: {update(name)} sentences without a translation")
