"""The package as an SPSS file with labels."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from vunki_eval.privacy.open_data.variables import Variable

LONGEST_LABEL = 250


def sav_bytes(rows: pd.DataFrame, variables: Sequence[Variable], title: str) -> bytes:
    """Write rows as SPSS does; text answers become numbers from 1 on, with their labels, as SPSS users expect.

    Parameters
    ----------
    rows : DataFrame
    variables : sequence of Variable
        In the order of the columns.
    title : str
        Label of the file.
    """
    import pyreadstat

    data: dict[str, pd.Series] = {}
    labels: dict[str, dict[float, str]] = {}
    measures = {}
    for v in variables:
        measures[v.name] = "scale" if not v.values and v.kind != "string" else "ordinal" if v.ordered else "nominal"
        if v.kind == "string" and v.values:
            numbers = {value: float(i) for i, value in enumerate(v.values, 1)}
            data[v.name] = rows[v.name].map(numbers).astype(float)
            labels[v.name] = {numbers[value]: label for value, label in v.values.items()}
        elif v.kind == "string":
            data[v.name] = rows[v.name].astype(str)
        else:
            data[v.name] = rows[v.name].astype(float).replace([np.inf, -np.inf], np.nan)
            labels[v.name] = {float(value): label for value, label in v.values.items()}
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        path = Path(folder) / "data.sav"
        pyreadstat.write_sav(
            pd.DataFrame(data), path, file_label=title[:60],
            column_labels=[v.label[:LONGEST_LABEL] for v in variables],
            variable_value_labels={name: values for name, values in labels.items() if values},
            variable_measure=measures,
        )  # fmt: skip
        return path.read_bytes()
