"""LimeSurvey CSV: full answers or codes; headers as text, as ``code[sub]`` or as ``code. Question``.

An empty submit date marks a response that was not finished. Anonymised surveys have 1980-01-01 in every date. ``N/A``
stands for a question that was not shown. Headers can be empty or repeated: such columns match no item.
"""

from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable
from vunki_eval.readers.tabulate import bracketed, tabulate
from vunki_eval.readers.wording import label_key

NAME = "limesurvey"
ROLES = {
    "response id": "record", "id": "record", "vastuse id": "record",
    "date submitted": "submitted", "submitdate": "submitted", "esitamise kuupäev": "submitted",
    "last page": "ignored", "lastpage": "ignored", "viimane leht": "ignored",
    "start language": "language", "startlanguage": "language", "alguskeel": "language",
    "seed": "ignored", "token": "record", "access code": "record",
    "date started": "started", "startdate": "started", "alustamise kuupäev": "started",
    "date last action": "ignored", "datestamp": "ignored", "viimase tegevuse kuupäev": "ignored",
    "ip address": "record", "ipaddr": "record", "referrer url": "ignored", "refurl": "ignored",
    "total time": "duration", "interviewtime": "duration",
}  # fmt: skip


def recognises(source: Source) -> bool:
    """Recognise the response id and the submit date among the first columns."""
    roles = [ROLES.get(_name(h), "") for h in source.header()[:5]]
    return roles[:1] == ["record"] and {"submitted"} <= set(roles) and bool({"language", "ignored"} & set(roles))


def read(source: Source, options: ReaderOptions) -> RawTable:
    """Read a table with one header row."""
    columns = [bracketed(h, ROLES, _name(h)) for h in source.header()]
    return tabulate(NAME, source, columns, header_rows=1, strict=False, blanks=frozenset({"n/a"}))


def _name(header: str) -> str:
    """Return the key of a header; ``id. Response ID`` (code and text) counts as ``id``."""
    code, _, rest = header.partition(". ")
    return label_key(code) if rest and label_key(code) in ROLES else label_key(header)
