"""What every form is made from: the items of a wave in groups, the words around them, the consent text."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from vunki_eval.language import localizer
from vunki_eval.project.instrument import Instrument, Item, ResponseSet
from vunki_eval.project.project import Project
from vunki_eval.survey.followup import asks_stage

_WORDS = Path(__file__).parent / "words.toml"
MOST_CONSENT = 20_000


@dataclass(frozen=True, slots=True)
class Group:
    """Items that stand together: a grid (one stem, one response set, several rows) or a single question."""

    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        """The item that speaks for the group."""
        return self.items[0]

    @property
    def is_grid(self) -> bool:
        """Tell whether the items share a stem."""
        return bool(self.first.stem)

    @property
    def code(self) -> str:
        """Code of the group; never the code of an item."""
        return f"G{self.first.code}"


def grouped(items: Iterable[Item]) -> tuple[Group, ...]:
    """Put neighbouring items with one stem, kind and response set together."""

    def key(item: Item) -> tuple[Any, ...]:
        alone = () if item.stem else (item.code,)
        return (tuple(sorted(item.stem.items())), item.kind, item.response_set, *alone)

    return tuple(Group(tuple(members)) for _, members in groupby(items, key))


def array_codes(instrument: Instrument, group: Group) -> tuple[str, list[str]]:
    """Give the codes of a grid and of its rows; a roster's are the question's and the participants' (``NWR[K07]``)."""
    asked = instrument.roster
    if asked is not None and all(i.code.startswith(f"{asked.code}_") for i in group.items):
        return asked.code, [i.code.removeprefix(f"{asked.code}_") for i in group.items]
    return group.code, [i.code for i in group.items]


def consent_item(items: Sequence[Item]) -> Item | None:
    """Give the item that asks for consent, if there is one."""
    return next((i for i in items if i.role == "consent"), None)


def code_words(items: Sequence[Item], language: str) -> tuple[str, str]:
    """Give title and introduction of the questions that link answers: a self-made code, or an invitation's."""
    kind = "token" if any(i.kind == "token" for i in items) else "code"
    return word(language, f"{kind}_title"), word(language, f"{kind}_intro")


def agreed(instrument: Instrument, item: Item) -> str:
    """Value of the answer that consents: ``yes`` where there is one, else the first option."""
    chosen = instrument.response_set(item)
    values = [str(v) for v in chosen.values] if chosen else []
    return "yes" if "yes" in values or not values else values[0]


def ends(chosen: ResponseSet, language: str) -> str:
    """Say what the ends of a long numbered scale mean: ``0 – not at all, 10 – completely``; "" if they say no more."""
    low, high = chosen.options[0], chosen.options[-1]
    said = [chosen.label(o.value, language) for o in (low, high)]
    return ", ".join(said) if any(s != str(o.value) for s, o in zip(said, (low, high), strict=True)) else ""


def is_numbered(chosen: ResponseSet) -> bool:
    """Tell whether the answers between the ends are bare numbers, so that columns can carry the number alone."""
    inner = chosen.options[1:-1]
    return chosen.ordered and bool(inner) and all(str(o.value) == t for o in inner for t in o.label.values())


@cache
def _all_words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def word(language: str, key: str, **gaps: object) -> str:
    """Give a word of the forms; Võro follows Estonian, other languages English."""
    words = _all_words()
    chosen = words.get(language) or words["et" if language == "vro" else "en"]
    text = str(chosen[key])
    return text.format(**gaps) if gaps else text


def consent_text(project: Project, language: str) -> tuple[str, ...]:
    """Give the paragraphs that stand before the first question.

    ``surveys/consent.<language>.md`` is taken as it is, paragraph by paragraph; without it a standard text is filled
    from the project.
    """
    own = project.surveys / f"consent.{language}.md"
    if own.is_file():
        text = own.read_text(encoding="utf-8-sig")[:MOST_CONSENT]
        return tuple(" ".join(p.lstrip("#").split()) for p in text.split("\n\n") if p.strip())
    words = _all_words()
    chosen = words.get(language) or words["et" if language == "vro" else "en"]
    until = project.config.retention.retain_until
    known = localizer(language if language in ("et", "en", "vro") else "en")
    gaps = {
        "title": known.pick(project.about.title),
        "applicant": project.about.applicant.name,
        "threshold": project.method.suppression_threshold,
        "link": chosen["link_token" if any(i.kind == "token" for i in project.instrument.items) else "link_code"],
        "stage": chosen["stage"] if asks_stage(project.instrument) else "",
        "until": chosen["until"].format(date=known.date(until)) if until else chosen["no_until"],
    }
    return tuple(str(p).format(**gaps) for p in chosen["consent"])
