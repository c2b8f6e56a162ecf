"""Count responses on their way from return to analysis, and report on linking."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from vunki_eval.errors import M_, Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.survey.link import Linked


def flow_steps(
    waves: Sequence[str], rows: pd.DataFrame, responses: pd.DataFrame, linked: Linked, *, first: str
) -> pd.DataFrame:
    """Count responses from return to linking.

    Parameters
    ----------
    waves : sequence of str
        Waves with exports, in their order.
    rows : DataFrame
        All rows returned, with ``wave`` and ``reason`` ("" for usable ones).
    responses : DataFrame
        Usable responses, with ``respondent``, ``wave`` and ``link_method``.
    linked : Linked
    first : str
        First wave of the instrument, to which the others are linked.

    Returns
    -------
    DataFrame
        ``step``, ``wave``, ``n``, ``reason`` (the main loss on the way to the step, or "").
    """
    steps: list[tuple[str, str, int, str]] = []
    for wave in waves:
        lost = Counter(rows.loc[(rows["wave"] == wave) & (rows["reason"] != ""), "reason"])
        here = responses[responses["wave"] == wave]
        steps.append((f"returned_{wave}", wave, int((rows["wave"] == wave).sum()), ""))
        steps.append((f"usable_{wave}", wave, len(here), min(lost, key=lambda r: (-lost[r], r)) if lost else ""))
        if wave == first or first not in waves:
            continue
        both = here[here["respondent"].isin(responses.loc[responses["wave"] == first, "respondent"])]
        unclear = "ambiguous" if set(linked.ambiguous) & set(here.index) else ""
        steps.append((f"linked_{wave}", wave, len(both), unclear))
        steps.append((f"linked_{wave}_exact", wave, int(both["link_method"].isin(["exact", "id"]).sum()), ""))
        near = int((both["link_method"] == "one_difference").sum())
        steps.append((f"linked_{wave}_one_difference", wave, near, ""))
    return pd.DataFrame(steps, columns=["step", "wave", "n", "reason"])


def with_analysed(flow: pd.DataFrame, scores: pd.DataFrame, *, first: str) -> pd.DataFrame:
    """Add a step ``analysed_<wave>`` after a wave's links: people with a score on the same scale in both waves."""
    usable = scores[scores["score"].notna()]
    parts = []
    for wave, steps in flow.groupby("wave", sort=False):
        parts.append(steps)
        if f"linked_{wave}" in set(steps["step"]):
            both = usable[usable["wave"] == first].merge(usable[usable["wave"] == wave], on=["respondent", "scale"])
            parts.append(
                pd.DataFrame([(f"analysed_{wave}", wave, both["respondent"].nunique(), "")], columns=flow.columns)
            )
    return pd.concat(parts, ignore_index=True) if parts else flow


def link_findings(responses: pd.DataFrame, rows: pd.DataFrame, linked: Linked, instrument: Instrument) -> list[Problem]:
    """Report rows not linked because they have several candidates or only a contradicting one."""
    findings = []
    for labels, problem, code in (
        (
            linked.ambiguous,
            M_("Responses could be linked to several others and are linked to none (rows {rows})."),
            "VE-362",
        ),
        (
            linked.contradicted,
            M_("Responses share a code with a response that differs in a stable answer (rows {rows})."),
            "VE-363",
        ),
    ):
        for file, group in rows.loc[[k for k in labels if k in responses.index]].groupby("file", sort=False):
            row_list = ", ".join(str(r) for r in sorted(group["row"]))
            hint = M_("Rule on them in decisions.csv (kind link) if you know better.")
            findings.append(Problem(str(file), 0, "", problem.filled(rows=row_list), hint, code))
    waves = [w for w in instrument.wave_keys if (responses["wave"] == w).any()]
    if len(waves) > 1 and (responses["link_method"] == "none").all():
        problem = M_("No response of a later wave could be linked to an earlier one; changes rest on unlinked answers.")
        file = str(responses.loc[responses["wave"] == waves[1], "file"].iloc[0])
        findings.append(Problem(file, 0, "", problem, M_("Were the codes exported in both waves?"), "VE-361"))
    return findings
