"""Write a survey plan as text: what change can be seen, how many must answer, what to do."""

from vunki_eval.language import N_, Localizer, localizer
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.planning import Prospect, SurveyPlan, detectable_curve

SIZES = (10, 15, 20, 30, 40, 60, 80, 120, 200)
TEXTS = {
    "title": N_("Survey plan: {people} people, {response} answer, {linking} can be linked"),
    "pairs": N_("Expect {pairs} linked pairs (before and after)."),
    "assume": N_(
        "Assumed: people differ by {spread} of the scale's width, steadiness {correlation}; verdicts at "
        "the {level} level ({count} primary outcomes, Holm). Power is 80% unless said otherwise."
    ),
    "detectable": N_("smallest change that would be noticed: {change}"),
    "nothing": N_("too few pairs to estimate a change"),
    "smallest": N_(
        "smallest change that matters: {change}; this takes {pairs} pairs, so {answers} people must answer both times"
    ),
    "chance": N_("if that change is real, it is found in {power} of cases (simulation)"),
    "equivalence": N_("if nothing changed, one can say “no change that matters” in {share} of cases (simulation)"),
    "curve": N_("Smallest noticeable change by number of pairs"),
    "pair_column": N_("pairs"),
    "advice": N_("Advice"),
    "figure_title": N_("How many pairs it takes to notice the smallest change that matters"),
    "figure_about": N_(
        "Up: the smallest change noticed, counted in smallest changes that matter (power 80%). Below "
        "the line 1× the pairs are enough. Plan: {people} people, {response} answer, {linking} can be "
        "linked."
    ),
    "expected": N_("expect {pairs}"),
    "pairs_axis": N_("linked pairs (before and after)"),
    "pairs_needed": N_("takes {pairs} pairs"),
}

ADVICE = {
    "too_few": N_(
        "Fewer than 5 pairs: no change is published. Ask about the experience and open questions instead of change."
    ),
    "described": N_("5–9 pairs: a change can only be described; there is no verdict."),
    "pool_events": N_(
        "The people of this event are not enough to find the smallest change that matters, even if all "
        "answer. Pool several events in the final report, or declare fewer primary outcomes."
    ),
    "reminders": N_(
        "More answers are needed than expected: leave time to fill in the form on the spot before "
        "closing, and send two reminders (days 2 and 6)."
    ),
    "enough": N_("If the expected response comes in, the pairs are enough for all primary outcomes."),
    "short_form": N_(
        "Use the short form (trust, contacts, co-creation skills, a few questions on the experience): "
        "more people complete a shorter survey."
    ),
    "linking": N_("Linking loses many answers: use personal invitations, or hand out a code card that people keep."),
    "followup": N_(
        "A follow-up after 6–12 months makes sense: even with 60% answering, enough pairs remain to "
        "describe and to protect groups."
    ),
    "followup_small": N_(
        "A follow-up would have few pairs: ask teams about the stage of their ideas rather than people about change."
    ),
    "no_equivalence": N_(
        "At this size one can rarely say that there was no change. When no change is found, the answer "
        "stays “cannot tell”."
    ),
}


def plan_texts(language: str) -> dict[str, str]:
    """Return the texts of plans in a language."""
    say = localizer(language)
    return {key: say._(text) for key, text in TEXTS.items()}


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
    lines += [f"  - {say._(ADVICE[key])}" for key in plan.advice]
    return "\n".join(lines) + "\n"


def _prospect(prospect: Prospect, texts: dict[str, str], say: Localizer, unit: str) -> list[str]:
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


def _curve(plan: SurveyPlan, texts: dict[str, str], say: Localizer) -> list[str]:
    """Return a small table: pairs down, outcomes across."""
    header = [texts["pair_column"], *(p.outcome for p in plan.prospects)]
    columns = [[say.count(n) for n in SIZES]]
    for prospect in plan.prospects:
        values = [v for _, v in detectable_curve(prospect, plan.level, SIZES)]
        columns.append([say.ratio(v) if prospect.ratio else say.number(v, 2) for v in values])
    rows = [header, *map(list, zip(*columns, strict=True))]
    return ["  " + "".join(cell.rjust(9) for cell in row) for row in rows]
