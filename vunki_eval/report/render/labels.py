"""The words that exporters add themselves, such as figure, table and contents."""

from collections.abc import Mapping

#: Keys and English defaults; a report supplies the words of its own language in ``Cover.labels``.
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

#: Symbols of statistics, set in italics in the header of a column (the PDF template has its own list).
SYMBOLS = frozenset({"n", "p"})


def labels_with_defaults(labels: Mapping[str, str]) -> dict[str, str]:
    """Return every label: the report's own word, else the English default."""
    return LABELS | {key: label for key, label in labels.items() if label}


def figure_foot(base: str, source: str, labels: Mapping[str, str]) -> str:
    """Join a figure's base and source into the line below it, as two sentences."""
    first, last = with_label(labels["base"], base), with_label(labels["source"], source)
    if first and last and first[-1] not in ".!?;:":
        first += "."
    return f"{first} {last}".strip()


def with_label(label: str, text: str) -> str:
    """Put a label such as "Source: " before a line, unless the line begins with it already."""
    if not text or not label or text.lower().startswith(label.lower()):
        return text
    return f"{label}: {text}"
