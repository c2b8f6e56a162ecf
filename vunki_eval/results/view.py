"""Read `Results` as tables, figures and sections need them: by outcome, in one language, as ready text.

Every printed number passes through here, so that it has the same decimals wherever it appears.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vunki_eval.language import Localizer, localizer
from vunki_eval.project.style import theme_of
from vunki_eval.project.theme import Theme
from vunki_eval.results.estimates import EVERYBODY, OK, EstimateRow, Flag, rows_of
from vunki_eval.results.results import Record, Results, find

LONG_SCALE = 20  # points: readers need no reminder of the ends of a longer one, such as 0-100
_CHANGES = ("change", "change_since_post")
_REGISTERS = ("initiatives",)


@dataclass(frozen=True, slots=True)
class ResultsView:
    """Results of one event, seen in one language; see `view_results`."""

    results: Results
    say: Localizer
    event: str
    estimates: Mapping[tuple[str, str, str, str], EstimateRow]
    outcomes: Mapping[str, Any]

    @property
    def meta(self) -> dict[str, Any]:
        """The context of the numbers."""
        return self.results.meta

    @property
    def theme(self) -> Theme:
        """The project's colours."""
        return theme_of(self.meta)

    @property
    def primary(self) -> tuple[str, ...]:
        """Keys of the outcomes declared as primary before the data were seen."""
        return tuple(k for k in self.meta.get("primary", ()) if k in self.outcomes)

    @property
    def waves(self) -> tuple[str, ...]:
        """Waves in order, as the items list them: the context has no order once it has been JSON."""
        lists = sorted((i["waves"] for i in self.meta.get("items", {}).values()), key=lambda w: (-len(w), w))
        listed = dict.fromkeys(w for waves in lists for w in waves)
        titles = self.meta.get("waves", {})
        return (*(w for w in listed if w in titles), *sorted(set(titles) - set(listed)))

    def wave(self, key: str) -> str:
        """Return the title of a wave: before, after, follow-up."""
        return self.say.pick(self.meta.get("waves", {}).get(key), key)

    def title(self, outcome: str) -> str:
        """Return the title of an outcome, or the label of an item."""
        entry = self.outcomes.get(outcome)
        return self.say.pick(entry["title"], outcome) if entry else self.item(outcome)

    def item(self, code: str, *, full: bool = False) -> str:
        """Return the short label of an item, or its full wording."""
        entry = self.meta.get("items", {}).get(code, {})
        wording = self.say.pick(entry.get("text"), code)
        return wording if full else self.say.pick(entry.get("short"), wording)

    def answer(self, code: str, value: str) -> str:
        """Return the label of an answer to an item, or the value itself if it has none."""
        key = self.meta.get("items", {}).get(code, {}).get("response_set")
        return self.say.pick(self.meta.get("answers", {}).get(key or "", {}).get(value), value)

    def order(self, item: str) -> list[str]:
        """List an item's answers in the instrument's order, as its published rows have it; without rows, sorted."""
        key = self.meta.get("items", {}).get(item, {}).get("response_set") or ""
        rows = self.results.distributions
        answers = dict.fromkeys(rows.loc[rows["item"] == item, "answer"]) if len(rows) else {}
        return [str(a) for a in answers] or sorted(self.meta.get("answers", {}).get(key, {}))

    def is_ratio(self, outcome: str) -> bool:
        """Tell whether changes of an outcome are printed as ratios."""
        return bool(self.outcomes.get(outcome, {}).get("transform") == "log1p")

    def smallest_change(self, outcome: str) -> float | None:
        """Return the smallest change that matters (a ratio for counts), if one was declared."""
        value = self.outcomes.get(outcome, {}).get("smallest_change")
        return None if value is None else float(value)

    def row(self, outcome: str, statistic: str, wave: str = "post", group: str = EVERYBODY) -> EstimateRow | None:
        """Return a row of the estimates, whatever its status."""
        return self.estimates.get((outcome, group, wave, statistic))

    def number(self, outcome: str, statistic: str, wave: str = "post", group: str = EVERYBODY) -> EstimateRow | None:
        """Return a row of the estimates if its number may be printed."""
        row = self.row(outcome, statistic, wave, group)
        return row if row is not None and row.status == OK and row.estimate is not None else None

    def change(self, outcome: str, wave: str = "post", group: str = EVERYBODY) -> EstimateRow | None:
        """Return the headline change with both limits, if it may be printed."""
        row = self.number(outcome, "change", wave, group)
        return row if row is not None and row.low is not None and row.high is not None else None

    def decimals(self, outcome: str) -> int:
        """Choose the decimals of an outcome: one on long scales, two on short scales and for ratios.

        One decimal is not enough when it would make a limit look like no change or like the smallest change.
        """
        if self.is_ratio(outcome):
            return 2
        low, high = self.outcomes.get(outcome, {}).get("range") or (0, 1)
        if high - low < 10:
            return 2
        marks = (0.0, self.smallest_change(outcome) or 0.0)
        limits = [limit for row in self._changes(outcome) for limit in (row.low, row.high) if limit is not None]
        return 2 if any(_blurred(abs(x), m) for x in limits for m in marks) else 1

    def change_text(self, outcome: str, row: EstimateRow) -> str:
        """Write a change with its interval, or the estimate alone if it has none."""
        ratio = self.is_ratio(outcome)
        decimals = 1 if Flag.ROUNDED in row.flags and not ratio else self.decimals(outcome)
        if row.low is None or row.high is None:
            return self.say.ratio(row.estimate) if ratio else self.say.signed(row.estimate, decimals)
        return self.say.change(row.estimate, row.low, row.high, decimals, ratio=ratio)

    def level(self, outcome: str, wave: str) -> str:
        """Write the level of an outcome in a wave: its mean, or the median of a count; "" if not known."""
        median = self.is_ratio(outcome)
        row = self.number(outcome, "median" if median else "mean", wave)
        if row is None:
            return ""
        decimals = _median_decimals(row.estimate) if median else self.decimals(outcome)
        return self.say.number(row.estimate, decimals)

    def levels(self, outcome: str, before: str = "pre", after: str = "post") -> str:
        """Write two levels with their scale: 5,8 → 6,5 (skaala 0–10); "" unless both are known."""
        first, second = self.level(outcome, before), self.level(outcome, after)
        if not (first and second):
            return ""
        if self.is_ratio(outcome):
            return self.say._("median {before} → {after}", before=first, after=second)
        low, high = self.outcomes.get(outcome, {}).get("range") or (0, 1)
        if high - low > LONG_SCALE:
            return f"{first} → {second}"
        return self.say._("{before} → {after} (scale {scale})", before=first, after=second, scale=self.scale(outcome))

    def scale(self, outcome: str) -> str:
        """Write the ends of an outcome's scale: 0–10."""
        low, high = self.outcomes.get(outcome, {}).get("range") or (0, 1)
        return self.say.between(low, high)

    def in_units(self, outcome: str, value: float) -> float:
        """Express a change in units of the smallest change that matters."""
        unit = self.smallest_change(outcome)
        if not unit:
            raise KeyError(outcome)
        return math.log(value) / math.log(unit) if self.is_ratio(outcome) else value / unit

    def verdict(self, outcome: str) -> Record | None:
        """Return the verdict on an outcome."""
        return next((r for r in self.rows("verdicts") if r["outcome"] == outcome), None)

    def fact(self, key: str) -> Record | None:
        """Return a fact of the event, if it is known and may be printed."""
        rows = (r for r in self.rows("facts") if r["key"] == key and r["value"] is not None)
        return next((r for r in rows if r["status"] == "ok"), None)

    def rows(self, table: str, **where: Any) -> list[Record]:
        """Select rows of a table by value: of this event, or of all events if the table is a register."""
        frame = getattr(self.results, table)
        if "event" in frame and table not in _REGISTERS:
            where = {"event": self.event, **where}
        return _records(find(self.results, table, **where))

    def distribution(self, item: str, wave: str, group: str = EVERYBODY) -> dict[str, Record]:
        """Return the rows of an item in a wave, by answer (with ``total`` and ``missing``)."""
        return {r["answer"]: r for r in self.rows("distributions", item=item, wave=wave, group=group)}

    def _changes(self, outcome: str) -> Iterator[EstimateRow]:
        for (key, group, _, statistic), row in self.estimates.items():
            if key == outcome and group == EVERYBODY and statistic in _CHANGES:
                yield row


def view_results(results: Results, language: str, event: str | None = None) -> ResultsView:
    """See results in a language.

    Parameters
    ----------
    results : Results
        Results of an event or of the project.
    language : str
        Language of all text and numbers.
    event : str, optional
        Event whose rows to see in a project's results; the results' own event by default.
    """
    event = event or results.event
    index = {(r.outcome, r.group, r.wave, r.statistic): r for r in rows_of(results.estimates) if r.event == event}
    outcomes, estimated = results.meta.get("outcomes", {}), dict.fromkeys(key for key, _, _, _ in index)
    # The context loses its order in JSON (keys are sorted), so outcomes follow the order of the estimates.
    order = (*(k for k in estimated if k in outcomes), *sorted(set(outcomes) - set(estimated)))
    return ResultsView(results, localizer(language), event, index, {k: outcomes[k] for k in order})


def view_events(results: Results, language: str) -> dict[str, ResultsView]:
    """See the results of every event of the project, by event id, in the project's order."""
    return {str(key): view_results(results, language, str(key)) for key in results.meta.get("events", {})}


def _records(frame: pd.DataFrame) -> list[Record]:
    """Turn a table of objects into rows, a few times faster than ``to_dict`` does."""
    names = [str(c) for c in frame.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*(frame[c].tolist() for c in names), strict=True)]


def _blurred(value: float, mark: float) -> bool:
    """Tell whether a value would look equal to a mark when printed with one decimal."""
    return f"{value:.1f}" == f"{mark:.1f}" and abs(value - mark) > 1e-9


def _median_decimals(value: float) -> int:
    """Choose the decimals of a median of counts: it is whole, or lies halfway between two."""
    return 0 if float(value).is_integer() else 1
