"""What the package does to the primary outcomes: everybody and the package side by side.

People were left out, and extreme counts moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vunki_eval.privacy.open_data.people import EVENT
from vunki_eval.project.project import Project


@dataclass(frozen=True, slots=True)
class Effect:
    """Change of an outcome at an event, in pairs: of everybody, of the package; None where fewer than ten are left."""

    event: str
    outcome: str
    pairs: int | None
    everybody: float | None
    package: float | None

    @property
    def difference(self) -> float | None:
        """Package less everybody, in scale points."""
        if self.everybody is None or self.package is None:
            return None
        return self.package - self.everybody


def effects(project: Project, everybody: pd.DataFrame, package: pd.DataFrame, *, least: int) -> list[Effect]:
    """Compare the change from the first wave to the second, as everybody answered and as the package has it."""
    waves = (*project.instrument.wave_keys, "", "")[:2]
    found = []
    for event in [e.id for e in project.events if (everybody[EVENT] == e.id).any()]:
        for outcome in project.primary_outcomes:
            of_all, of_package = (
                _change(frame[frame[EVENT] == event], outcome, waves).dropna() for frame in (everybody, package)
            )
            shown = len(of_package) >= least
            found.append(
                Effect(
                    event, outcome, len(of_package) if shown else None, float(of_all.mean()) if shown else None,
                    float(of_package.mean()) if shown else None,
                )
            )  # fmt: skip
    return found


def _change(frame: pd.DataFrame, outcome: str, waves: Sequence[str]) -> pd.Series:
    columns = [next((c for c in (f"score_{outcome}_{w}", f"{outcome}_{w}") if c in frame), "") for w in waves]
    if not all(columns):
        return pd.Series(np.nan, index=frame.index)
    return frame[columns[1]].astype(float) - frame[columns[0]].astype(float)
