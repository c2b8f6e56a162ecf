"""Count the themes that coders gave to open answers, and measure how far two coders agree."""

from collections.abc import Iterator
from dataclasses import replace

from vunki_eval.analysis.respondents import AnalysisPlan, waves_of
from vunki_eval.analysis.rows import empty_row
from vunki_eval.disclosure.partitions import is_small
from vunki_eval.results.estimates import Detail, EstimateRow, Flag, Flags
from vunki_eval.results.results import Record
from vunki_eval.survey.coding import agreements, counts, open_items
from vunki_eval.survey.study import Study

DECIMALS = 2


def theme_rows(study: Study) -> list[Record]:
    """Count the answers with each theme, for each open question and wave."""
    rows: list[Record] = []
    for item in open_items(study.project.instrument):
        for wave in waves_of(study):
            n, theme_counts = counts(study.coding, item.code, wave)
            if n:
                rows += [
                    {"wave": wave, "item": item.code, "theme": theme, "n": count, "status": "ok"}
                    for theme, count in theme_counts.items()
                ]
    return rows


def coding_rows(study: Study, plan: AnalysisPlan) -> Iterator[EstimateRow]:
    """Make the rows of how many answers were coded, and of Cohen's kappa for each theme and over all themes.

    A theme that few answers contain, or few lack, gets no kappa: it would reveal the count, and it means little.
    """
    for item in open_items(study.project.instrument):
        for wave in waves_of(study):
            n, _ = counts(study.coding, item.code, wave)
            if n:
                yield EstimateRow(item.code, wave, "answers_coded", float(n), n=n, flags=_coders(study))
        agreement = agreements(study.coding, item.code, level=plan.level)
        for theme, (kappa, first, second) in agreement.items():
            n_both = agreement["all"][1]
            group = "all" if theme == "all" else f"theme={theme}"
            few = theme != "all" and any(k == 0 or is_small(k, n_both, plan.threshold) for k in (first, second))
            if kappa is None or few:
                yield replace(empty_row(item.code, "", "kappa", "too_few"), group=group)
                continue
            numbers = {k: round(getattr(kappa, v), DECIMALS) for k, v in
                       (("estimate", "value"), ("low", "low"), ("high", "high"))}  # fmt: skip
            flags = (Detail("", kappa.method),)
            yield EstimateRow(item.code, "", "kappa", n=kappa.n, flags=flags, group=group, **numbers)


def _coders(study: Study) -> Flags:
    coders = len(study.coding.coders)
    return (Flag.TWO_CODERS if coders == 2 else Flag.ONE_CODER if coders == 1 else Flag.SETTLED,)


def theme_meta(study: Study) -> dict[str, dict[str, dict[str, str]]]:
    """Collect titles and definitions of the themes; empty if nothing was coded."""
    if not study.coding.sheets:
        return {}
    return {t.key: {"title": dict(t.title), "definition": dict(t.definition)} for t in study.coding.codebook.themes}
