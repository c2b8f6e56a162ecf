"""Scan free text for what may identify a person: addresses of all kinds, personal and company numbers, names.

The scan helps people who code answers or approve quotes. It reports what kind of thing it saw and how often, never the
text itself. It is never complete: a story can identify somebody without any of this.
"""

from collections import Counter
from collections.abc import Iterable

from vunki_eval.survey.scan.names import NOBODY, Names, known_names
from vunki_eval.survey.scan.patterns import PATTERNS

__all__ = ["ALWAYS", "KINDS", "NOBODY", "Names", "known_names", "scan", "scan_all"]

KINDS = (*(kind for kind, _, _ in PATTERNS), "name")
"""What is looked for, in this order; text that one kind has matched is hidden from later kinds."""
ALWAYS = frozenset({"email", "personal_code", "bank_account", "phone"})
"""Kinds that no quote may contain, even an approved one."""
_MOST = 20_000


def scan(text: str | None, names: Names = NOBODY) -> dict[str, int]:
    """Count what may identify a person in a text.

    Parameters
    ----------
    text : str or None
        An answer or a quote; only the first 20 000 characters are read.
    names : Names
        Names of people who might be mentioned; see `known_names`.

    Returns
    -------
    dict of str to int
        Hits by kind, in the order of `KINDS`; empty when nothing was seen, which is no proof that the text is safe.

    Examples
    --------
    >>> scan("Helista 512 3456 või kirjuta mari@naide.ee.")
    {'email': 1, 'phone': 1}
    >>> scan("Maaritile ja Mägedele suur aitäh!", known_names(["Maarit Mägi"]))
    {'name': 2}
    """
    unread = (text or "")[:_MOST]
    counts = {}
    for kind, pattern, is_valid in PATTERNS:
        hits = [hit for hit in pattern.finditer(unread) if is_valid(hit.group())]
        for hit in hits:
            unread = unread[: hit.start()] + "\0" * (hit.end() - hit.start()) + unread[hit.end() :]
        if hits:
            counts[kind] = len(hits)
    if named := names.count(unread):
        counts["name"] = named
    return counts


def scan_all(texts: Iterable[str | None], names: Names = NOBODY) -> dict[str, int]:
    """Count the texts in which each kind was seen."""
    seen = Counter(kind for text in texts for kind in scan(text, names))
    return {kind: seen[kind] for kind in KINDS if seen[kind]}
