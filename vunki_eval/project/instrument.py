"""The instrument: items, response sets, scales and waves, read from ``instrument.toml`` and checked as a whole.

The file is the source of truth: it says what is asked and when, how it is worded, how answers are coded and how scales
are scored. No item, scale or label is written into code. `load_instrument` reports every fault at once.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import model_validator

from vunki_eval.project.answers import (
    MOST_RATED,
    Code,
    MissingOption,
    Model,
    Option,
    ResponseSet,
    Texts,
    Value,
    in_language,
    upper_values,
)
from vunki_eval.project.config import Faults, read_toml, validate
from vunki_eval.project.instrument_faults import OTHER_SECTION, instrument_faults
from vunki_eval.project.questions import (
    Excluded,
    InstrumentParts,
    Item,
    Kind,
    Moment,
    ReportSection,
    Role,
    RosterQuestion,
    Scale,
    Wave,
)
from vunki_eval.project.uses import GROUPS, PARTICIPANTS, SCALE, USES
from vunki_eval.project.version_1 import complete_instrument

__all__ = [
    "Code",
    "Excluded",
    "Instrument",
    "Item",
    "Kind",
    "MissingOption",
    "Model",
    "Moment",
    "Option",
    "ReportSection",
    "ResponseSet",
    "Role",
    "RosterQuestion",
    "Scale",
    "Texts",
    "Value",
    "Wave",
    "load_instrument",
]

_NOT_SHOWN = ("profile", "link", "consent", "meta")
_CODES = ("link", "token", "timestamp")
_OTHER = ReportSection(
    key=OTHER_SECTION, title={"et": "Muud küsimused", "en": "Other questions"}, dimensions=("other questions",)
)


class Instrument(InstrumentParts):
    """A questionnaire with its coding, as `load_instrument` reads it; asked by use and by moment, never by code."""

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, data: Any) -> Any:
        return complete_instrument(data)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if faults := list(instrument_faults(self)):
            raise Faults(faults)
        return self

    @property
    def wave_keys(self) -> tuple[str, ...]:
        """Keys of the waves, in their order."""
        return tuple(w.key for w in sorted(self.waves, key=lambda w: w.order))

    @property
    def first_wave(self) -> str:
        """Key of the wave that is asked first."""
        return self.wave_keys[0]

    @property
    def before_wave(self) -> str | None:
        """Key of the wave before the event, if there is one."""
        return next(iter(self.waves_at("before")), None)

    @property
    def end_wave(self) -> str | None:
        """Key of the wave at the end of the event, if there is one."""
        return next(iter(self.waves_at("end")), None)

    @property
    def headline_wave(self) -> str:
        """Key of the wave that results are about first: at the end, else the first later one, else the first."""
        return self.end_wave or next(iter(self.waves_at("later")), self.first_wave)

    def waves_at(self, moment: Moment) -> tuple[str, ...]:
        """Keys of the waves of a moment, in their order."""
        moments = {w.key: w.moment for w in self.waves}
        return tuple(k for k in self.wave_keys if moments[k] == moment)

    def moment(self, wave: str) -> Moment:
        """Moment of a wave (KeyError if there is no such wave)."""
        return {w.key: w.moment for w in self.waves}[wave]

    def comparisons(self) -> tuple[tuple[str, str], ...]:
        """List the changes that are estimated, as (from, to): end - before, each later - before, each later - end.

        With one wave there is none; see `uncompared_waves` for the waves that stand in none.
        """
        before, end, later = self.waves_at("before"), self.waves_at("end"), self.waves_at("later")
        return (
            *((b, w) for b in before for w in (*end, *later)),
            *((e, w) for e in end for w in later),
        )

    @property
    def uncompared_waves(self) -> tuple[str, ...]:
        """Keys of the waves that no comparison holds."""
        compared = {wave for pair in self.comparisons() for wave in pair}
        return tuple(k for k in self.wave_keys if k not in compared)

    def wave_title(self, wave: str, language: str) -> str:
        """Title of a wave in a language."""
        return next((in_language(w.title, language) for w in self.waves if w.key == wave), wave)

    def item(self, code: str) -> Item:
        """Return an item by its code (KeyError if there is none)."""
        return self._index()[code]

    def scale(self, key: str) -> Scale:
        """Return a scale by its key (KeyError if there is none)."""
        return next(s for s in self.scales if s.key == key) if self.has_scale(key) else _missing(key)

    def has_scale(self, key: str) -> bool:
        """Tell whether there is such a scale."""
        return any(s.key == key for s in self.scales)

    def response_set(self, item: Item | str) -> ResponseSet | None:
        """Return the response set of an item, or None for numbers and texts."""
        key = (self.item(item) if isinstance(item, str) else item).response_set
        return next((r for r in self.response_sets if r.key == key), None)

    def in_wave(self, wave: str) -> tuple[Item, ...]:
        """List the items asked in a wave, in the order of the file."""
        return tuple(i for i in self.items if wave in i.waves)

    def missing(self, item: Item | str) -> tuple[MissingOption, ...]:
        """List the missing codes of an item: its own and those of its response set."""
        item = self.item(item) if isinstance(item, str) else item
        response_set = self.response_set(item)
        return (*item.missing, *(response_set.missing if response_set else ()))

    def use_of(self, item: Item | str) -> str:
        """Return what an item is for, "" if nothing in particular."""
        item = self.item(item) if isinstance(item, str) else item
        return item.use or ("consent" if item.role == "consent" else "")

    def items_for(self, *uses: str) -> tuple[Item, ...]:
        """List the items with one of the uses: in the order of the uses, then of the file.

        Raises
        ------
        KeyError
            If there is no such use.
        """
        return tuple(i for use in uses if USES[use] for i in self.items if self.use_of(i) == use)

    def item_for(self, use: str) -> Item | None:
        """Return the (first) item with a use, or None if the instrument has none (KeyError if there is no such use)."""
        return next(iter(self.items_for(use)), None)

    def scale_for(self, use: str) -> Scale | None:
        """Return the scale with a use, else the one that consists of the item with that use alone; None if neither."""
        if USES[use].kinds == (SCALE,):
            return next((s for s in self.scales if s.use == use), None)
        item = self.item_for(use)
        return next((s for s in self.scales if item and s.items == (item.code,)), None)

    @property
    def participant_items(self) -> tuple[Item, ...]:
        """Questions that describe who took part, in the order of the report."""
        return self.items_for(*PARTICIPANTS)

    @property
    def group_items(self) -> tuple[Item, ...]:
        """Questions by whose answers results are also given, in the order of the report."""
        return self.items_for(*GROUPS)

    def favourable(self, item: Item | str) -> tuple[Value, ...]:
        """Values of an item that count as favourable, smallest first; those of a reversed item lie at the other end.

        Numbers with at most eleven whole values are read like ratings. Other numbers, texts and nominal answers without
        ``favourable`` have none.
        """
        item = self.item(item) if isinstance(item, str) else item
        response_set = self.response_set(item)
        if response_set is not None:
            values, answers = response_set.favourable_values, response_set.values
        elif item.kind == "number" and item.range and item.integer and item.range[1] - item.range[0] < MOST_RATED:
            whole = tuple(range(item.range[0], item.range[1] + 1))
            values, answers = upper_values(whole), whole
        else:
            return ()
        numbers = [v for v in answers if isinstance(v, int)]
        if not item.reverse or len(numbers) < len(answers):
            return values
        turned = {min(numbers) + max(numbers) - v for v in values if isinstance(v, int)}
        return tuple(v for v in sorted(numbers) if v in turned)

    def agreeing(self, item: Item | str) -> tuple[Value, ...]:
        """Values of a question of consent by which a person agrees."""
        response_set = self.response_set(item)
        return response_set.agrees if response_set else ()

    @property
    def report_sections(self) -> tuple[ReportSection, ...]:
        """Sections of the report, in their order: declared ones, else one for each dimension.

        Questions without a section stand in a last one, ``other``, if there are any.
        """
        declared = tuple(sorted(self.sections, key=lambda s: s.order)) or self._sections_of_dimensions()
        placed = {d for s in declared for d in s.dimensions}
        parts: tuple[Item | Scale, ...] = (*self._shown_items(), *self.scales)
        rest = [part for part in parts if self._dimension(part) not in placed]
        return (*declared, _OTHER) if rest else declared

    def section_of(self, part: Item | Scale) -> str:
        """Key of the section that an item or a scale falls into."""
        dimension = self._dimension(part)
        return next((s.key for s in self.report_sections if dimension in s.dimensions), OTHER_SECTION)

    def items_in(self, section: str) -> tuple[Item, ...]:
        """List the questions of a section in the order of the file: all but profile, consent, codes and notes."""
        return tuple(i for i in self._shown_items() if self.section_of(i) == section)

    def scales_in(self, section: str) -> tuple[Scale, ...]:
        """List the scales of a section in the order of the file."""
        return tuple(s for s in self.scales if self.section_of(s) == section)

    def _shown_items(self) -> tuple[Item, ...]:
        return tuple(i for i in self.items if i.role not in _NOT_SHOWN and i.kind not in _CODES)

    def _dimension(self, part: Item | Scale) -> str:
        """Dimension of an item or scale; an item without one has that of its scale, and a scale that of its items."""
        if part.dimension:
            return part.dimension
        if isinstance(part, Scale):
            codes: tuple[str, ...] = part.items
            return next((i.dimension for i in self.items if i.code in codes and i.dimension), "")
        return next((s.dimension for s in self.scales if part.code in s.items and s.dimension), "")

    def _sections_of_dimensions(self) -> tuple[ReportSection, ...]:
        dimensions = dict.fromkeys(self._dimension(i) for i in self._shown_items())
        return tuple(
            ReportSection(
                key=f"section_{n}", title=dict.fromkeys(self.languages, d[:1].upper() + d[1:]), dimensions=(d,)
            )
            for n, d in enumerate((d for d in dimensions if d), 1)
        )

    def _index(self) -> Mapping[str, Item]:
        return {i.code: i for i in self.items}


def load_instrument(path: Path) -> Instrument:
    """Read and check an instrument.

    Parameters
    ----------
    path : Path
        The TOML file.

    Returns
    -------
    Instrument

    Raises
    ------
    ConfigError
        With every fault found: file, key and what to do.
    """
    return validate(Instrument, read_toml(path), path)


def _missing(key: str) -> Any:
    raise KeyError(key)
