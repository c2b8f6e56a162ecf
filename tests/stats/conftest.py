"""Golden values from R (see r/make_values.R), the data they were computed from, and how numbers are compared."""

import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

HERE = Path(__file__).parent
Agrees = Callable[..., None]


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    return json.loads((HERE / "r" / "values.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def data() -> Callable[[str], pd.DataFrame]:
    return lambda name: pd.read_csv(HERE / "r" / "data" / name)


@pytest.fixture(scope="session")
def agrees() -> Agrees:
    """Compare the fields of a result with R's values; what R does not give is not compared."""

    def check(result: object, expected: dict[str, Any], *, rel: float, leave: tuple[str, ...] = ()) -> None:
        compared = 0
        for name, value in expected.items():
            if isinstance(value, int | float) and name not in leave and hasattr(result, name):
                ours = getattr(result, name)
                assert math.isclose(ours, value, rel_tol=rel, abs_tol=1e-13), f"{name}: {ours!r}, R has {value!r}"
                compared += 1
        assert compared > 0

    return check


@pytest.fixture(scope="session")
def real_folder() -> Path:
    """The folder of real survey files and reference values; it is never copied."""
    folder = os.environ.get("VUNKI_REAL_DATA")
    if not folder:
        pytest.skip("VUNKI_REAL_DATA is not set: the real reference values are not here")
    return Path(folder)


@pytest.fixture(scope="session")
def reference(real_folder: Path) -> dict[str, Any]:
    return json.loads((real_folder / "reference_shared.json").read_text("utf-8"))
