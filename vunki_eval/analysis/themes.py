"""What people wrote about: counts per theme as coders gave them, and how far two coders agree."""

from collections.abc import Iterator

from vunki_eval.analysis.respondents import AnalysisPlan, waves_of
from vunki_eval.analysis.rows import Row, row, without
from vunki_eval.disclosure.partitions import is_small
from vunki_eval.survey.coding import agreements, counts, open_items
from vunki_eval.survey.study import Study

DECIMALS = 2


def theme_rows(study: Study) -> list[Row]:
    """Count the answers with each theme, per open question and wave."""
    rows: list[Row] = []
    for item in open_items(study.project.instrument):
        for wave in waves_of(study):
            n, found = counts(study.coding, item.code, wave)
            if n:
                rows += [
                    {"wave": wave, "item": item.code, "theme": theme, "n": k, "status": "ok"}
                    for theme, k in found.items()
                ]
    return rows


def coding_rows(study: Study, plan: AnalysisPlan) -> Iterator[Row]:
    """Give how many answers were coded, and Cohen's kappa per theme and over all themes.

    Kappa of a theme that few answers hold (or lack) is left out: it would give the count away, and means little.
    """
    for item in open_items(study.project.instrument):
        for wave in waves_of(study):
            n, _ = counts(study.coding, item.code, wave)
            if n:
                yield row(item.code, wave, "answers_coded", float(n), n=n, method=_method(study))
        found = agreements(study.coding, item.code, level=plan.level)
        for theme, (kappa, first, second) in found.items():
            both = found["all"][1]
            group = "all" if theme == "all" else f"theme={theme}"
            few = theme != "all" and any(k == 0 or is_small(k, both, plan.threshold) for k in (first, second))
            if kappa is None or few:
                yield {**without(item.code, "", "kappa", "too_few"), "group": group}
                continue
            numbers = {k: round(getattr(kappa, v), DECIMALS) for k, v in
                       (("estimate", "value"), ("low", "low"), ("high", "high"))}  # fmt: skip
            yield {**row(item.code, "", "kappa", n=kappa.n, method=kappa.method, **numbers), "group": group}


def _method(study: Study) -> str:
    coders = len(study.coding.coders)
    return "two_coders" if coders == 2 else "one_coder" if coders == 1 else "settled"


def theme_meta(study: Study) -> dict[str, dict[str, dict[str, str]]]:
    """Give titles and definitions of the themes, where anything was coded."""
    if not study.coding.sheets:
        return {}
    return {t.key: {"title": dict(t.title), "definition": dict(t.definition)} for t in study.coding.codebook.themes}
