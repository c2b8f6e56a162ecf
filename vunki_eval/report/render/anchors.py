"""Targets of "#key" links: one id for each section, heading, figure and table, the same in every format."""

from collections import Counter
from collections.abc import Iterable
from itertools import count

from vunki_eval.language.text import letters, slug
from vunki_eval.results.blocks import Figure, Heading, Section, Table


def anchors(sections: Iterable[Section]) -> dict[str, str]:
    """Map every key and name to its id; if two share a name, the first gets it.

    Figures and tables are numbered in order: ``figure-1``, ``table-1``.
    """
    ids: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for section in sections:
        ids.setdefault(section.key, _free(f"s-{slug(section.key)}", ids))
        for block in section.blocks:
            if isinstance(block, Figure | Table):
                counts[block.kind] += 1
                ids.setdefault(block.name, f"{block.kind}-{counts[block.kind]}")
            elif isinstance(block, Heading) and block.key:
                ids.setdefault(block.key, _free(f"h-{slug(block.key)}", ids))
    return ids


def _free(wanted: str, ids: dict[str, str]) -> str:
    """Return the wanted id, numbered if it is taken."""
    taken = set(ids.values())
    return next(name for k in count(1) if (name := f"{wanted}-{k}" if k > 1 else wanted) not in taken)


def section_numbers(sections: Iterable[Section]) -> list[str]:
    """Assign numbers to the titled sections: 1, 2, 3 in the body, A, B, C in the annex; "" to the others."""
    counts: Counter[str] = Counter()
    numbers = []
    for section in sections:
        if not section.title or any(block.kind == "page_one" for block in section.blocks):
            numbers.append("")
            continue
        part = "annex" if section.part == "annex" else "body"
        counts[part] += 1
        numbers.append(letters(counts[part]) if part == "annex" else str(counts[part]))
    return numbers
