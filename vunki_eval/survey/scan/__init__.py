"""Free text looked through for what points to a person: addresses of all kinds, numbers of persons and firms, names.

The scan helps whoever codes answers or approves a quote. It says what kind of thing it saw and how often, never what it
read, and it is never complete: a story can tell who somebody is without any of this.
"""

from collections import Counter
from collections.abc import Iterable

from vunki_eval.survey.scan.names import NOBODY, Names, known_names
from vunki_eval.survey.scan.patterns import PATTERNS

__all__ = ["ALWAYS", "KINDS", "NOBODY", "Names", "known_names", "scan", "scan_all"]

KINDS = (*(kind for kind, _, _ in PATTERNS), "name")
"""What is looked for, in this order; what one kind has found the later ones do not see."""
ALWAYS = frozenset({"email", "personal_code", "bank_account", "phone"})
"""Kinds that no quote may hold, whoever approved it."""
_MOST = 20_000


def scan(text: str | None, names: Names = NOBODY) -> dict[str, int]:
    """Count what points to a person in a text.

    Parameters
    ----------
    text : str or None
        An answer or a quote; of a very long one the first 20 000 characters are read.
    names : Names
        Of the people who might be meant; see `known_names`.

    Returns
    -------
    dict of str to int
        Hits by kind, in the order of `KINDS`; empty when nothing was seen, which proves nothing.

    Examples
    --------
    >>> scan("Helista 512 3456 või kirjuta mari@naide.ee.")
    {'email': 1, 'phone': 1}
    >>> scan("Maaritile ja Mägedele suur aitäh!", known_names(["Maarit Mägi"]))
    {'name': 2}
    """
    rest = (text or "")[:_MOST]
    found = {}
    for kind, pattern, holds in PATTERNS:
        hits = [hit for hit in pattern.finditer(rest) if holds(hit.group())]
        for hit in hits:
            rest = rest[: hit.start()] + "\0" * (hit.end() - hit.start()) + rest[hit.end() :]
        if hits:
            found[kind] = len(hits)
    if named := names.count(rest):
        found["name"] = named
    return found


def scan_all(texts: Iterable[str | None], names: Names = NOBODY) -> dict[str, int]:
    """Count in how many texts each kind was seen."""
    seen = Counter(kind for text in texts for kind in scan(text, names))
    return {kind: seen[kind] for kind in KINDS if seen[kind]}
