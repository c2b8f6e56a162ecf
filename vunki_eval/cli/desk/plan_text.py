"""Write a survey plan as text: what change can be seen, how many must answer, what to do."""

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
def plan_texts(language: str) -> dict[str, Any]:
    """Return the texts of plans in a language."""
    texts = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return dict(texts["et" if language in ("et", "vro") else "en"])


def plan_text(plan: SurveyPlan, instrument: Instrument, language: str) -> str:
    """Write a plan in Estonian or English, for a terminal or a letter.

    Parameters
    ----------
    plan : SurveyPlan
    instrument : Instrument
    language : str
    """
    texts, say, design = plan_texts(language), localizer(language), plan.design
    shares = {k: say.percent(getattr(design, k)) for k in ("response", "linking", "spread")}
    lines = [
        texts["title"].format(people=say.count(design.people), **shares),
        "",
        texts["pairs"].format(pairs=say.count(design.pairs)),
        texts["assume"].format(
            spread=shares["spread"], correlation=say.number(design.correlation, 2),
            level=say.percent(plan.level, 1), count=len(plan.prospects),
        ),
    ]  # fmt: skip
    for prospect in plan.prospects:
        scale = instrument.scale(prospect.outcome)
        lines += ["", f"{say.pick(scale.title)} ({prospect.outcome})"]
        lines += [f"  - {line}" for line in _prospect(prospect, texts, say, say.pick(scale.unit))]
    lines += ["", texts["curve"], *_curve(plan, texts, say), "", texts["advice"]]
    lines += [f"  - {texts['say'][key]}" for key in plan.advice]
    return "\n".join(lines) + "\n"


def _prospect(prospect: Prospect, texts: dict[str, Any], say: Localizer, unit: str) -> list[str]:
    def written(value: float) -> str:
        return say.ratio(value) if prospect.ratio else f"{say.number(value, 2)} {unit}".strip()

    lines = [texts["nothing"]]
    if prospect.detectable is not None:
        lines = [texts["detectable"].format(change=written(prospect.detectable))]
    if prospect.smallest is not None:
        pairs, answers = prospect.pairs_needed or 0, prospect.answers_needed or 0
        lines.append(
            texts["smallest"].format(
                change=written(prospect.smallest), pairs=say.count(pairs), answers=say.count(answers)
            )
        )
    if prospect.power is not None and prospect.equivalence is not None:
        lines.append(texts["chance"].format(power=say.percent(prospect.power)))
        lines.append(texts["equivalence"].format(share=say.percent(prospect.equivalence)))
    return lines


def _curve(plan: SurveyPlan, texts: dict[str, Any], say: Localizer) -> list[str]:
    """Return a small table: pairs down, outcomes across."""
    header = [texts["pair_column"], *(p.outcome for p in plan.prospects)]
    columns = [[say.count(n) for n in SIZES]]
    for prospect in plan.prospects:
        values = [v for _, v in detectable_curve(prospect, plan.level, SIZES)]
        columns.append([say.ratio(v) if prospect.ratio else say.number(v, 2) for v in values])
    rows = [header, *map(list, zip(*columns, strict=True))]
    return ["  " + "".join(cell.rjust(9) for cell in row) for row in rows]
