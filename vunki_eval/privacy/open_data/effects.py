"""Compare the primary outcomes of everybody with those in the package.

They can differ, since people were left out and extreme counts were moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vunki_eval.privacy.open_data.people import EVENT
from vunki_eval.project.project import Project


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean change of an outcome at an event, for everybody and in the package; None with fewer than ten pairs."""

    event: str
    outcome: str
    pairs: int | None
    everybody: float | None
    package: float | None

    @property
    def difference(self) -> float | None:
        """Package minus everybody, in scale points."""
        if self.everybody is None or self.package is None:
            return None
        return self.package - self.everybody


def effects(project: Project, everybody: pd.DataFrame, package: pd.DataFrame, *, least: int) -> list[Effect]:
    """Compare the change from the first wave to the second, as everybody answered and as the package has it."""
    waves = (*project.instrument.wave_keys, "", "")[:2]
    compared = []
    for event in [e.id for e in project.events if (everybody[EVENT] == e.id).any()]:
        for outcome in project.primary_outcomes:
            of_all, of_package = (
                _change(frame[frame[EVENT] == event], outcome, waves).dropna() for frame in (everybody, package)
            )
            enough = len(of_package) >= least
            compared.append(
                Effect(
                    event, outcome, len(of_package) if enough else None, float(of_all.mean()) if enough else None,
                    float(of_package.mean()) if enough else None,
                )
            )  # fmt: skip
    return compared


def _change(frame: pd.DataFrame, outcome: str, waves: Sequence[str]) -> pd.Series:
    columns = [next((c for c in (f"score_{outcome}_{w}", f"{outcome}_{w}") if c in frame), "") for w in waves]
    if not all(columns):
        return pd.Series(np.nan, index=frame.index)
    return frame[columns[1]].astype(float) - frame[columns[0]].astype(float)
