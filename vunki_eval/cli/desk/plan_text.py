"""A survey plan in words: what can be seen, how many must answer, what to do."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from vunki_eval.language import Localizer, localizer
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.planning import Prospect, SurveyPlan, detectable_curve

_WORDS = Path(__file__).parent / "plan_words.toml"
SIZES = (10, 15, 20, 30, 40, 60, 80, 120, 200)


@cache
def plan_words(language: str) -> dict[str, Any]:
    """Give the words of plans in a language."""
    words = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return dict(words["et" if language in ("et", "vro") else "en"])


def plan_text(plan: SurveyPlan, instrument: Instrument, language: str) -> str:
    """Say a plan in Estonian or English, ready for a terminal of 80 columns or a letter.

    Parameters
    ----------
    plan : Plan
    instrument : Instrument
    language : str
    """
    words, speak, design = plan_words(language), localizer(language), plan.design
    shares = {k: speak.percent(getattr(design, k)) for k in ("response", "linking", "spread")}
    lines = [
        words["title"].format(people=speak.count(design.people), **shares),
        "",
        words["pairs"].format(pairs=speak.count(design.pairs)),
        words["assume"].format(
            spread=shares["spread"], correlation=speak.number(design.correlation, 2),
            level=speak.percent(plan.level, 1), count=len(plan.prospects),
        ),
    ]  # fmt: skip
    for prospect in plan.prospects:
        scale = instrument.scale(prospect.outcome)
        lines += ["", f"{speak.pick(scale.title)} ({prospect.outcome})"]
        lines += [f"  - {line}" for line in _prospect(prospect, words, speak, speak.pick(scale.unit))]
    lines += ["", words["curve"], *_curve(plan, words, speak), "", words["advice"]]
    lines += [f"  - {words['say'][key]}" for key in plan.advice]
    return "\n".join(lines) + "\n"


def _prospect(prospect: Prospect, words: dict[str, Any], speak: Localizer, unit: str) -> list[str]:
    def said(value: float) -> str:
        return speak.ratio(value) if prospect.ratio else f"{speak.number(value, 2)} {unit}".strip()

    lines = [words["nothing"]]
    if prospect.detectable is not None:
        lines = [words["detectable"].format(change=said(prospect.detectable))]
    if prospect.smallest is not None:
        pairs, answers = prospect.pairs_needed or 0, prospect.answers_needed or 0
        lines.append(
            words["smallest"].format(
                change=said(prospect.smallest), pairs=speak.count(pairs), answers=speak.count(answers)
            )
        )
    if prospect.power is not None and prospect.equivalence is not None:
        lines.append(words["chance"].format(power=speak.percent(prospect.power)))
        lines.append(words["equivalence"].format(share=speak.percent(prospect.equivalence)))
    return lines


def _curve(plan: SurveyPlan, words: dict[str, Any], speak: Localizer) -> list[str]:
    """Give a small table: pairs down, outcomes across."""
    heads = [words["pair_column"], *(p.outcome for p in plan.prospects)]
    columns = [[speak.count(n) for n in SIZES]]
    for prospect in plan.prospects:
        values = [v for _, v in detectable_curve(prospect, plan.level, SIZES)]
        columns.append([speak.ratio(v) if prospect.ratio else speak.number(v, 2) for v in values])
    rows = [heads, *map(list, zip(*columns, strict=True))]
    return ["  " + "".join(cell.rjust(9) for cell in row) for row in rows]
