"""Code open answers: a codebook, sheets that two coders fill in, and their agreement.

Word lists only suggest themes; only themes that coders assign are counted. The sheets hold free text, so they are
private and are written to ``checks/<event>/``. Filled-in sheets are kept beside the event's exports as
``coding.<coder>.csv`` or ``.xlsx``.
"""

from vunki_eval.survey.coding.codebook import Codebook, CodebookTheme, load_codebook
from vunki_eval.survey.coding.coder_sheets import AGREED, CoderSheet, Place, read_coding
from vunki_eval.survey.coding.compare import Coding, agreements, counts, disagreements, match_coding, settled
from vunki_eval.survey.coding.prepared_sheets import (
    COLUMNS,
    coding_rows,
    lemmas_known,
    open_items,
    sheet_csv,
    sheet_xlsx,
    spreadsheet_safe,
    suggest,
)

__all__ = [
    "AGREED",
    "COLUMNS",
    "Codebook",
    "CodebookTheme",
    "CoderSheet",
    "Coding",
    "Place",
    "agreements",
    "coding_rows",
    "counts",
    "disagreements",
    "lemmas_known",
    "load_codebook",
    "match_coding",
    "open_items",
    "read_coding",
    "settled",
    "sheet_csv",
    "sheet_xlsx",
    "spreadsheet_safe",
    "suggest",
]
