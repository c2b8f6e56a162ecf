"""The words that exporters add themselves: figure, table, contents and the like."""

from collections.abc import Mapping

#: Keys and English defaults; a report gives its own language's words in ``Cover.labels``.
LABELS = {
    "contents": "Contents",
    "figure": "Figure",
    "figures": "Figures",
    "table": "Table",
    "tables": "Tables",
    "annex": "Annex",
    "page": "Page",
    "skip": "Skip to content",
    "source": "Source",
    "base": "",
    "note": "Note",
    "data": "Data of the figure",
    "footnote": "Footnote",
    "back": "Back to the text",
    "symbols": "Place for the funder's symbols",
    "draft": "Draft",
    "signature": "Signature",
}

#: Letters of statistics, in italics where they head a column (the PDF's template has its own list).
SYMBOLS = frozenset({"n", "p"})


def labels_with_defaults(given: Mapping[str, str]) -> dict[str, str]:
    """Give every label, the report's own word first."""
    return LABELS | {key: value for key, value in given.items() if value}


def figure_foot(base: str, source: str, labels: Mapping[str, str]) -> str:
    """Join a figure's base and source into the line below it, each a sentence of its own."""
    first, last = with_label(labels["base"], base), with_label(labels["source"], source)
    if first and last and first[-1] not in ".!?;:":
        first += "."
    return f"{first} {last}".strip()


def with_label(label: str, text: str) -> str:
    """Put "Source: " and the like before a line that does not begin with it already."""
    if not text or not label or text.lower().startswith(label.lower()):
        return text
    return f"{label}: {text}"
