"""What a questionnaire is made of: waves, sections of the report, items, scales, and the question about everybody."""

from typing import Annotated, Literal

from pydantic import Field

from vunki_eval.project.answers import Code, MissingOption, Model, ResponseSet, Texts, Value, in_language

Role = Literal["scale", "profile", "link", "consent", "network", "event", "text", "meta"]
Kind = Literal["single", "multiple", "number", "text", "link", "token", "timestamp"]
Moment = Literal["before", "end", "later"]
Translation = Literal["original", "attested", "draft", "reviewed"]


class Wave(Model):
    """A wave of the survey: its key is free; ``moment`` says when it is asked, ``order`` its place among the waves.

    Waves without ``order`` stand in the order of the file.
    """

    key: Code
    order: int = 0
    title: Texts
    moment: Moment


class ReportSection(Model):
    """A section of the report: items and scales fall into it by their ``dimension``.

    Sections without ``order`` stand in the order of the file.
    """

    key: Code
    title: Texts
    dimensions: Annotated[tuple[str, ...], Field(min_length=1)]
    order: int = 0


class Excluded(Model):
    """Answers of a profile item that exclude this item from its index (a person's own sector)."""

    item: Code
    values: Annotated[tuple[Value, ...], Field(min_length=1)]


class Item(Model):
    """One question.

    ``text`` is the full wording per language, ``stem`` the sentence above a grid whose rows are the items' ``text``,
    and ``short`` a label for tables. ``use`` says what the item is for; see `vunki_eval.project.uses`.
    ``kind = "link"`` is an element of a self-generated linking code, ``"token"`` the code of a personal invitation.
    ``range`` bounds counts and other numbers. ``optional`` items may be absent from an export, and so may items in one
    of their ``optional_waves``; see `needed_in`. ``source_text`` translates ``source``.
    """

    code: Code
    kind: Kind = "single"
    role: Role
    use: str = ""
    text: Texts
    stem: dict[str, str] = {}
    short: dict[str, str] = {}
    also: tuple[str, ...] = ()
    translation: Translation = "draft"
    response_set: Code | None = None
    range: tuple[int, int] | None = None
    integer: bool = True
    missing: tuple[MissingOption, ...] = ()
    waves: Annotated[tuple[Code, ...], Field(min_length=1)]
    optional: bool = False
    optional_waves: tuple[Code, ...] = ()
    reverse: bool = False
    retrospective_of: Code | None = None
    excluded_by: Excluded | None = None
    at_most: Code | None = None
    dimension: str = ""
    source: str = ""
    source_text: dict[str, str] = {}

    def needed_in(self, wave: str) -> bool:
        """Tell whether an export of the wave must hold the item."""
        return wave in self.waves and not self.optional and wave not in self.optional_waves

    def wording(self, language: str) -> str:
        """Full wording in a language: stem and row joined for a grid row."""
        stem, text = self.stem.get(language, ""), in_language(self.text, language)
        return f"{stem} {text}".strip() if stem else text

    def label(self, language: str) -> str:
        """Short label in a language."""
        return self.short.get(language) or in_language(self.text, language)


class Scale(Model):
    """A score: the mean of the answered items, if at least ``minimum`` of them are answered.

    ``transform = "log1p"`` analyses a count as log(1 + x) and prints ratios. ``smallest_change`` is in units of the
    scale (a ratio for log1p). ``direction`` says whether more is better (1), worse (-1) or neither (0). ``use`` says
    what the scale is for; a scale of one item may leave it to the item.
    """

    key: Code
    title: Texts
    use: str = ""
    items: Annotated[tuple[Code, ...], Field(min_length=1)]
    score: Literal["mean"] = "mean"
    minimum: int | None = None
    range: tuple[float, float]
    transform: Literal["", "log1p"] = ""
    direction: Literal[-1, 0, 1] = 1
    primary: bool = False
    model: Literal["reflective", "formative"] = "reflective"
    smallest_change: float | None = None
    unit: dict[str, str] = {}
    dimension: str = ""
    source: str = ""

    @property
    def needed(self) -> int:
        """Number of answered items that a score needs: ``minimum``, else half of them, but two of two or more."""
        if self.minimum is not None:
            return self.minimum
        half = -(-len(self.items) // 2)
        return max(half, 2) if len(self.items) > 1 else 1


class RosterQuestion(Model):
    """The ``[roster]`` table: everybody rates every participant on the event's list, by code (``NWR[K07]``).

    ``own`` is the item in which a person gives their own code. ``tie`` is the lowest answer that counts as a tie.
    """

    code: Code = "NWR"
    own: Code = "NWC"
    text: Texts
    own_text: Texts
    response_set: Code
    waves: Annotated[tuple[Code, ...], Field(min_length=1)]
    tie: int = 2
    source: str = ""


class InstrumentParts(Model):
    """The parts of an instrument as they stand in its file; `vunki_eval.project.instrument.Instrument` reads them."""

    schema_: Annotated[int, Field(alias="schema")] = 2
    id: str
    title: Texts
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    licence: str = ""
    licence_text: dict[str, str] = {}
    source: str = ""
    link: tuple[Code, ...] = ()
    stable: tuple[Code, ...] = ()
    waves: Annotated[tuple[Wave, ...], Field(alias="wave", min_length=1, max_length=5)]
    sections: Annotated[tuple[ReportSection, ...], Field(alias="section")] = ()
    response_sets: Annotated[tuple[ResponseSet, ...], Field(alias="response_set")] = ()
    items: Annotated[tuple[Item, ...], Field(alias="item", min_length=1)]
    scales: Annotated[tuple[Scale, ...], Field(alias="scale")] = ()
    roster: RosterQuestion | None = None
