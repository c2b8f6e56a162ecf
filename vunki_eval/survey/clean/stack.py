"""Put the cleaned rows of all files under one index, with a column for every item of the instrument."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.survey.clean import Cleaned, code_elements
from vunki_eval.survey.clean.cells import numeric

PLACE = ("respondent", "wave", "file", "sheet", "row", "submitted", "link_method")


def item_columns(instrument: Instrument) -> list[str]:
    """List the columns of `Study.responses` that hold answers."""
    elements = code_elements(instrument)
    columns: list[str] = []
    for item in instrument.items:
        if item.code in elements or item.role == "link" or item.kind == "timestamp":
            continue
        columns += _columns_of(item, instrument)
    return columns


def _columns_of(item: Item, instrument: Instrument) -> list[str]:
    response_set = instrument.response_set(item)
    return (
        [f"{item.code}.{v}" for v in response_set.values] if item.kind == "multiple" and response_set else [item.code]
    )


def _typed(series: pd.Series, *, as_number: bool) -> pd.Series:
    return series.astype(float) if as_number else series.astype(object).where(series.notna(), None)


def stack(
    cleaned: Sequence[Cleaned], instrument: Instrument
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.DataFrame]:
    """Put the rows of all files under one index.

    Returns
    -------
    rows : DataFrame
        Answers, with a column for every item of the instrument.
    codes : DataFrame
        Hashed elements of the linking code.
    reasons : Series
        Why a row is not usable, or "".
    nonresponse : DataFrame
        User-missing answers, by index label of ``rows``.
    """
    elements = list(code_elements(instrument))
    numbers = {
        column for item in instrument.items for column in _columns_of(item, instrument)
        if item.kind == "multiple" or numeric(item, instrument)
    }  # fmt: skip
    rows = pd.concat([c.responses for c in cleaned], ignore_index=True) if cleaned else pd.DataFrame()
    rows = rows.reindex(columns=[*PLACE[1:-1], *item_columns(instrument)])
    typed = {c: _typed(rows[c], as_number=c in numbers) for c in item_columns(instrument)}
    rows = pd.concat([rows[list(PLACE[1:-1])], pd.DataFrame(typed, index=rows.index)], axis=1)
    rows["submitted"] = rows["submitted"].astype("datetime64[s]")
    codes = pd.concat([c.codes for c in cleaned], ignore_index=True) if cleaned else pd.DataFrame()
    codes = codes.reindex(index=rows.index, columns=elements).astype(object)
    codes = codes.where(codes.notna(), None)
    reasons = pd.concat([c.reasons for c in cleaned], ignore_index=True) if cleaned else pd.Series(dtype=object)
    starts = np.cumsum([0, *(len(c.responses) for c in cleaned)])
    gaps = [
        c.nonresponse.assign(response=c.nonresponse["response"] + start)
        for c, start in zip(cleaned, starts, strict=False)
    ]
    nonresponse = pd.concat(gaps, ignore_index=True) if gaps else pd.DataFrame(columns=["response", "item", "code"])
    return rows, codes, reasons, nonresponse
