"""Prepare the sheets that coders fill in: one row per answer to an open question, shuffled, with its file and row.

Themes are suggested by comparing an answer's lemmas with the codebook's words: an aid to coders, never a result.
"""

import io
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.readers.files.delimited import join_rows
from vunki_eval.survey.coding.codebook import Codebook, CodebookTheme

_WORD = re.compile(r"[^\W\d_]+")
KNOWN = ("et", "en", "lv", "lt", "fi", "sv", "de", "ru")
COLUMNS = ("item", "wave", "file", "row", "text", "personal_data", "suggestion", "themes", "note")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = dict[str, str]
Scan = Callable[[str], str]
"""Describes what in a text may be personal data ("" for nothing)."""


def open_items(instrument: Instrument) -> tuple[Item, ...]:
    """List the questions that people answer in their own words."""
    return tuple(i for i in instrument.items if i.kind == "text" and i.role == "text")


def coding_rows(
    responses: pd.DataFrame, instrument: Instrument, codebook: Codebook, *, seed: int, scan: Scan | None = None
) -> dict[str, list[Row]]:
    """Prepare a sheet for each open question with answers.

    Parameters
    ----------
    responses : DataFrame
        Usable responses, as in `vunki_eval.survey.study.Study`.
    instrument : Instrument
    codebook : Codebook
    seed : int
        Rows are shuffled so that neither time nor neighbouring answers influence the coder; a seed fixes the order.
    scan : callable, optional
        Describes what in a text may be personal data.

    Returns
    -------
    dict
        Rows with the keys of `COLUMNS`, by item; ``themes`` and ``note`` are left for the coder.
    """
    sheets: dict[str, list[Row]] = {}
    for item in open_items(instrument):
        if item.code not in responses:
            continue
        answers = responses[["wave", "file", "row", item.code]].dropna()
        answers = answers[answers[item.code].astype(str).str.strip() != ""].sort_values(["file", "row"])
        order = np.random.default_rng([seed, zlib.crc32(item.code.encode())]).permutation(len(answers))
        rows = [_row(item, codebook, instrument, values, scan) for values in answers.iloc[order].to_dict("records")]
        if rows:
            sheets[item.code] = rows
    return sheets


def _row(
    item: Item, codebook: Codebook, instrument: Instrument, values: Mapping[object, object], scan: Scan | None
) -> Row:
    text = str(values[item.code])
    return {
        "item": item.code,
        "wave": str(values["wave"]),
        "file": str(values["file"]).rpartition("/")[2],
        "row": str(int(str(values["row"]))),
        "text": text,
        "personal_data": scan(text) if scan else "",
        "suggestion": "; ".join(suggest(text, codebook.of(item.code), instrument.languages)),
        "themes": "",
        "note": "",
    }


def spreadsheet_safe(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def sheet_csv(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """Write rows as CSV with a byte-order mark, so that spreadsheets show Estonian letters correctly."""
    return "\ufeff" + join_rows([columns, *([spreadsheet_safe(row.get(c, "")) for c in columns] for row in rows)])


def sheet_xlsx(rows: Sequence[Mapping[str, str]], codebook: Codebook, item: str, language: str) -> bytes:
    """Write rows as a workbook; a second sheet lists the themes to choose from."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = "coding"
    themes = [(t.key, _in_language(t.title, language), _in_language(t.definition, language), "; ".join(t.words))
              for t in codebook.of(item)]  # fmt: skip
    _fill(sheet, [COLUMNS, *(tuple(r.get(c, "") for c in COLUMNS) for r in rows)])
    _fill(book.create_sheet("codebook"), [("key", "title", "definition", "words"), *themes])
    for page, widths in ((sheet, (8, 10, 14, 6, 70, 16, 24, 24, 30)), (book["codebook"], (18, 30, 70, 50))):
        page.freeze_panes = "A2"
        for cell in page[1]:
            cell.font = Font(bold=True)
        for letter, width in zip("ABCDEFGHI", widths, strict=False):
            page.column_dimensions[letter].width = width
        for line in page.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: object, rows: Iterable[Sequence[str]]) -> None:
    """Write every cell as text, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    for i, row in enumerate(rows, 1):
        for j, text in enumerate(row, 1):
            cell = sheet.cell(i, j)  # type: ignore[attr-defined]
            cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:32_000]
            cell.data_type = "s"


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def lemmas_known() -> bool:
    """Tell whether the extra ``themes`` (simplemma) is installed."""
    return find_spec("simplemma") is not None


def suggest(text: str, themes: tuple[CodebookTheme, ...], languages: tuple[str, ...]) -> tuple[str, ...]:
    """Give the keys of themes that have a word whose lemma occurs in the text, in the order of the codebook.

    A word ending in ``*`` is a stem: any word that begins with it counts (useful for compounds).
    """
    if not lemmas_known():
        return ()
    spoken = tuple(lang for lang in languages if lang in KNOWN)
    words = {w.casefold() for w in _WORD.findall(text)}
    forms = words | {lemma for w in words for lemma in _lemmas(w, spoken)}
    return tuple(t.key for t in themes if any(_hit(w.casefold(), words, forms, spoken) for w in t.words))


def _hit(word: str, words: set[str], forms: set[str], languages: tuple[str, ...]) -> bool:
    if word.endswith("*"):
        return any(w.startswith(word[:-1]) for w in words)
    return word in forms or bool(_lemmas(word, languages) & forms)


@lru_cache(maxsize=50_000)
def _lemmas(word: str, languages: tuple[str, ...]) -> frozenset[str]:
    from simplemma import lemmatize

    return frozenset(lemmatize(word, lang=language).casefold() for language in languages)
