"""Write the package as an SPSS file with labels."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from vunki_eval.privacy.open_data.variables import Variable

LONGEST_LABEL = 250  # characters of a variable label, within the limit of the file format


def sav_bytes(rows: pd.DataFrame, variables: Sequence[Variable], title: str) -> bytes:
    """Return the content of an SPSS file; text answers become labelled numbers from 1 on, as SPSS users expect.

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
    for variable in variables:
        is_scale = not variable.values and variable.kind != "string"
        measures[variable.name] = "scale" if is_scale else "ordinal" if variable.ordered else "nominal"
        if variable.kind == "string" and variable.values:
            numbers = {value: float(i) for i, value in enumerate(variable.values, 1)}
            data[variable.name] = rows[variable.name].map(numbers).astype(float)
            labels[variable.name] = {numbers[value]: label for value, label in variable.values.items()}
        elif variable.kind == "string":
            data[variable.name] = rows[variable.name].astype(str)
        else:
            data[variable.name] = rows[variable.name].astype(float).replace([np.inf, -np.inf], np.nan)
            labels[variable.name] = {float(value): label for value, label in variable.values.items()}
    with tempfile.TemporaryDirectory(prefix="vunki-") as folder:
        path = Path(folder) / "data.sav"
        pyreadstat.write_sav(
            pd.DataFrame(data), path, file_label=title[:60],
            column_labels=[variable.label[:LONGEST_LABEL] for variable in variables],
            variable_value_labels={name: values for name, values in labels.items() if values},
            variable_measure=measures,
        )  # fmt: skip
        return path.read_bytes()
