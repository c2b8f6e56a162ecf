"""Where "#key" links lead: one id per section, heading, figure and table, the same in PDF and HTML."""

from collections import Counter
from collections.abc import Iterable
from itertools import count

from vunki_eval.language.text import slug
from vunki_eval.results.blocks import Figure, Heading, Section, Table


def anchors(sections: Iterable[Section]) -> dict[str, str]:
    """Give the id of every key and name; where two share a name, the first has it.

    Figures and tables are called ``figure-1``, ``table-1`` and so on in order.
    """
    found: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for section in sections:
        found.setdefault(section.key, _free(f"s-{slug(section.key)}", found))
        for block in section.blocks:
            if isinstance(block, Figure | Table):
                counts[block.kind] += 1
                found.setdefault(block.name, f"{block.kind}-{counts[block.kind]}")
            elif isinstance(block, Heading) and block.key:
                found.setdefault(block.key, _free(f"h-{slug(block.key)}", found))
    return found


def _free(wanted: str, found: dict[str, str]) -> str:
    taken = set(found.values())
    return next(name for k in count(1) if (name := f"{wanted}-{k}" if k > 1 else wanted) not in taken)


def section_numbers(sections: Iterable[Section]) -> list[str]:
    """Give each titled section its number: 1, 2, 3 in the body, A, B, C in the annex; "" for the others."""
    counts: Counter[str] = Counter()
    numbers = []
    for section in sections:
        designed = any(block.kind == "page_one" for block in section.blocks)
        part = "annex" if section.part == "annex" else "body"
        counts[part] += bool(section.title and not designed)
        order = counts[part] if section.title and not designed else 0
        numbers.append((_letters(order) if part == "annex" else str(order)) if order else "")
    return numbers


def _letters(count: int) -> str:
    """Count in letters: A to Z, then AA, AB."""
    more, last = divmod(count - 1, 26)
    return (_letters(more) if more else "") + chr(ord("A") + last)
