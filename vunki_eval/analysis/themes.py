"""Count the themes that coders gave to open answers, and measure how far two coders agree."""

from collections.abc import Iterator

from vunki_eval.analysis.respondents import AnalysisPlan, waves_of
from vunki_eval.analysis.rows import Row, empty_row, row
from vunki_eval.disclosure.partitions import is_small
from vunki_eval.survey.coding import agreements, counts, open_items
from vunki_eval.survey.study import Study

DECIMALS = 2


def theme_rows(study: Study) -> list[Row]:
    """Count the answers with each theme, for each open question and wave."""
    rows: list[Row] = []
    for item in open_items(study.project.instrument):
        for wave in waves_of(study):
            n, theme_counts = counts(study.coding, item.code, wave)
            if n:
                rows += [
                    {"wave": wave, "item": item.code, "theme": theme, "n": count, "status": "ok"}
                    for theme, count in theme_counts.items()
                ]
    return rows


def coding_rows(study: Study, plan: AnalysisPlan) -> Iterator[Row]:
    """Make the rows of how many answers were coded, and of Cohen's kappa for each theme and over all themes.

    A theme that few answers contain, or few lack, gets no kappa: it would reveal the count, and it means little.
    """
    for item in open_items(study.project.instrument):
        for wave in waves_of(study):
            n, _ = counts(study.coding, item.code, wave)
            if n:
                yield row(item.code, wave, "answers_coded", float(n), n=n, method=_method(study))
        agreement = agreements(study.coding, item.code, level=plan.level)
        for theme, (kappa, first, second) in agreement.items():
            n_both = agreement["all"][1]
            group = "all" if theme == "all" else f"theme={theme}"
            few = theme != "all" and any(k == 0 or is_small(k, n_both, plan.threshold) for k in (first, second))
            if kappa is None or few:
                yield {**empty_row(item.code, "", "kappa", "too_few"), "group": group}
                continue
            numbers = {k: round(getattr(kappa, v), DECIMALS) for k, v in
                       (("estimate", "value"), ("low", "low"), ("high", "high"))}  # fmt: skip
            yield {**row(item.code, "", "kappa", n=kappa.n, method=kappa.method, **numbers), "group": group}


def _method(study: Study) -> str:
    coders = len(study.coding.coders)
    return "two_coders" if coders == 2 else "one_coder" if coders == 1 else "settled"


def theme_meta(study: Study) -> dict[str, dict[str, dict[str, str]]]:
    """Collect titles and definitions of the themes; empty if nothing was coded."""
    if not study.coding.sheets:
        return {}
    return {t.key: {"title": dict(t.title), "definition": dict(t.definition)} for t in study.coding.codebook.themes}
