"""Measure how well codes link waves: the linking rate and the share of links expected to be wrong."""

from collections.abc import Sequence

import pandas as pd

from vunki_eval.survey.link import link_waves


def linking_quality(
    codes: pd.DataFrame, waves: pd.Series, order: Sequence[str], *, stable: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Link waves by their codes and report the quality of the links.

    Parameters
    ----------
    codes : DataFrame
        One row per response, one column per element of the code, hashed or not; None where it is blank.
    waves : Series
        Wave of every response, same index.
    order : sequence of str
        Waves in their order; the others are linked to the first.
    stable : DataFrame, optional
        Answers that do not change between waves, same index; contradicting pairs are not linked.

    Returns
    -------
    DataFrame
        One row per later wave: ``wave``, ``n`` (responses), ``linked``, ``exact``, ``one_difference``, ``ambiguous``
        (several candidates, not linked), ``rate`` (linked / n, 0-1) and ``expected_wrong_share`` (of the links,
        0-1; NaN without links). The last is estimated from how often different people in these data agree in each
        element, assuming that elements are independent; it needs no true identities.

    References
    ----------
    Grube, J. W., Morgan, M., Kearney, K. A. (1989). Using self-generated identification codes to match questionnaires.
    Addictive Behaviors 14(2), 159-171. doi:10.1016/0306-4603(89)90044-0
    """
    rows = []
    for later in order[1:]:
        here = waves.isin([order[0], later])
        stable_here = stable[here] if stable is not None else None
        linked = link_waves(codes[here], waves[here], [order[0], later], stable=stable_here)
        new = linked.method[waves[here] == later]
        links = int((new != "none").sum())
        rows.append({
            "wave": later, "n": len(new), "linked": links, "exact": int(new.isin(["exact", "id"]).sum()),
            "one_difference": int((new == "one_difference").sum()),
            "ambiguous": int(new.index.isin(linked.ambiguous).sum()),
            "rate": links / len(new) if len(new) else float("nan"), "expected_wrong_share": linked.false_link_share,
        })  # fmt: skip
    return pd.DataFrame(rows)
