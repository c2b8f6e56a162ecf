"""What every form is made of: the items of a wave in groups, the texts around them, and the consent text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from vunki_eval.language import Localizer, known_languages, localizer
from vunki_eval.project.instrument import Instrument, Item, ResponseSet
from vunki_eval.project.project import Project
from vunki_eval.questionnaire.words import CONSENT, TEXTS
from vunki_eval.survey.followup import asks_stage

MOST_CONSENT = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Group:
    """Items shown together: a grid (one stem, one response set, several rows) or a single question."""

    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        """The first item, whose stem and response set are the whole group's."""
        return self.items[0]

    @property
    def is_grid(self) -> bool:
        """Tell whether the items share a stem."""
        return bool(self.first.stem)

    @property
    def code(self) -> str:
        """Code of the group, different from every item's code."""
        return f"G{self.first.code}"


def grouped(items: Iterable[Item]) -> tuple[Group, ...]:
    """Group neighbouring items that share stem, kind and response set."""

    def key(item: Item) -> tuple[Any, ...]:
        own_code = () if item.stem else (item.code,)
        return (tuple(sorted(item.stem.items())), item.kind, item.response_set, *own_code)

    return tuple(Group(tuple(members)) for _, members in groupby(items, key))


def array_codes(instrument: Instrument, group: Group) -> tuple[str, list[str]]:
    """Return the code of a grid and of its rows; a roster's are the question's and the participants' (``NWR[K07]``)."""
    roster = instrument.roster
    if roster is not None and all(i.code.startswith(f"{roster.code}_") for i in group.items):
        return roster.code, [i.code.removeprefix(f"{roster.code}_") for i in group.items]
    return group.code, [i.code for i in group.items]


def consent_item(items: Sequence[Item]) -> Item | None:
    """Return the item that asks for consent, if there is one."""
    return next((i for i in items if i.role == "consent"), None)


def linking_texts(items: Sequence[Item], language: str) -> tuple[str, str]:
    """Return title and introduction of the linking questions, which ask for a self-made code or an invitation code."""
    kind = "token" if any(i.kind == "token" for i in items) else "code"
    return form_text(language, f"{kind}_title"), form_text(language, f"{kind}_intro")


def consenting_value(instrument: Instrument, item: Item) -> str:
    """Return the value of the answer that gives consent: the first that the instrument says agrees."""
    return str(next(iter(instrument.agreeing(item)), "yes"))


def end_labels(response_set: ResponseSet, language: str) -> str:
    """Label the ends of a long numbered scale (``0 – not at all, 10 – completely``); "" if both are bare numbers."""
    low, high = response_set.options[0], response_set.options[-1]
    labels = [response_set.label(o.value, language) for o in (low, high)]
    return ", ".join(labels) if any(label != str(o.value) for label, o in zip(labels, (low, high), strict=True)) else ""


def is_numbered(response_set: ResponseSet) -> bool:
    """Tell whether all answers between the ends are bare numbers, so that column heads can show numbers alone."""
    inner = response_set.options[1:-1]
    return response_set.ordered and bool(inner) and all(str(o.value) == t for o in inner for t in o.label.values())


def form_text(language: str, key: str, **gaps: object) -> str:
    """Return a text of the forms; Võro falls back to Estonian, other languages to English."""
    return _spoken(language)._(TEXTS[key], **gaps)


def _spoken(language: str) -> Localizer:
    return localizer(language if language in known_languages() else "en")


def consent_text(project: Project, language: str) -> tuple[str, ...]:
    """Return the paragraphs shown before the first question.

    They come from ``surveys/consent.<language>.md`` if it exists, else from a standard text filled in from the project.
    """
    own = project.surveys / f"consent.{language}.md"
    if own.is_file():
        text = own.read_text(encoding="utf-8-sig")[:MOST_CONSENT]
        return tuple(" ".join(p.lstrip("#").split()) for p in text.split("\n\n") if p.strip())
    until = project.config.retention.retain_until
    say = _spoken(language)
    gaps = {
        "title": say.pick(project.about.title),
        "applicant": project.about.applicant.name,
        "threshold": project.method.suppression_threshold,
        "link": say._(TEXTS["link_token" if any(i.kind == "token" for i in project.instrument.items) else "link_code"]),
        "stage": " " + say._(TEXTS["stage"]) if asks_stage(project.instrument) else "",
        "until": say._(TEXTS["until"], date=say.date(until)) if until else say._(TEXTS["no_until"]),
    }
    return tuple(say._(paragraph, **gaps) for paragraph in CONSENT)
