"""One row per person with what may be published: no texts, codes, times or teams, and no extreme counts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.survey.study import Study

EVENT = "event"
KINDS = ("single", "multiple", "number")
ROLES = ("scale", "network", "event")


def people(studies: Sequence[Study], quasi: Sequence[str], *, least: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring the responses of each person into one row.

    Parameters
    ----------
    studies : sequence of Study
    quasi : sequence of str
        Items that may reveal who somebody is.
    least : int
        Smallest number of people at the lowest and at the highest value of a count.

    Returns
    -------
    frame : DataFrame
        ``event``, the quasi-identifiers (str, None = not known), ``<item>_<wave>`` (float or str), and
        ``score_<scale>_<wave>``; the index is meaningless.
    counted : DataFrame
        The columns of counts as they were answered; in ``frame`` extreme counts are moved to the nearest value that
        enough people share.
    """
    parts = [_person_rows(study, quasi) for study in studies if len(study.responses)]
    if not parts:
        return pd.DataFrame(columns=[EVENT, *quasi]), pd.DataFrame()
    frame = pd.concat(parts, ignore_index=True)
    instrument = studies[0].project.instrument
    counted = frame[[name for name in frame.columns if _is_count(name, instrument)]].copy()
    return frame.assign(**{n: _without_extremes(counted[n], least) for n in counted}), counted


def exported_items(instrument: Instrument) -> list[Item]:
    """List the items whose answers go into the package as they are."""
    return [i for i in instrument.items if i.role in ROLES and i.kind in KINDS]


def _person_rows(study: Study, quasi: Sequence[str]) -> pd.DataFrame:
    instrument, rows = study.project.instrument, study.responses
    names = sorted(rows["respondent"].unique())
    out: dict[str, pd.Series] = {EVENT: pd.Series(study.event.id, index=names, dtype=object)}
    for code in quasi:
        out[code] = _first_known(rows, code).reindex(names).astype(object)
    for wave in instrument.wave_keys:
        responses = rows[rows["wave"] == wave].drop_duplicates("respondent").set_index("respondent")
        for item in exported_items(instrument):
            if wave in item.waves:
                columns = [c for c in rows.columns if c == item.code or c.startswith(f"{item.code}.")]
                out |= {f"{c.replace('.', '_')}_{wave}": responses[c].reindex(names) for c in columns}
        scores = study.scores[study.scores["wave"] == wave].drop_duplicates(["respondent", "scale"])
        for scale in instrument.scales:
            own = scores[scores["scale"] == scale.key].set_index("respondent")["score"]
            if len(scale.items) > 1 and len(own):
                out[f"score_{scale.key}_{wave}"] = own.reindex(names).astype(float)
    frame = pd.DataFrame(out).reset_index(drop=True)
    return frame.astype({c: float for c in frame if c not in (EVENT, *quasi) and frame[c].dtype != object})


def _first_known(rows: pd.DataFrame, code: str) -> pd.Series:
    """Return each person's first answer to a profile item, as text."""
    if code not in rows:
        return pd.Series(dtype=object)
    answered = rows[rows[code].notna()].drop_duplicates("respondent").set_index("respondent")[code]
    return answered.map(lambda v: str(int(v)) if isinstance(v, float) else str(v))


def _is_count(name: str, instrument: Instrument) -> bool:
    return any(i.kind == "number" and name.rpartition("_")[0] == i.code for i in instrument.items)


def _without_extremes(values: pd.Series, least: int) -> pd.Series:
    """Move values outside the ``least``-th smallest and largest to these; blank them all if they are too few."""
    ordered = np.sort(values.dropna().to_numpy(dtype=float))
    if ordered.size < 2 * least:
        return pd.Series(np.nan, index=values.index)
    return values.clip(ordered[least - 1], ordered[-least])
