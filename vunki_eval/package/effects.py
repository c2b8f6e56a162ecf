"""What leaving people out does to the estimates: primary outcomes of everybody and of the package, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vunki_eval.package.people import EVENT
from vunki_eval.project import Project


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


def effects(project: Project, frame: pd.DataFrame, kept: np.ndarray[Any, Any], *, least: int) -> list[Effect]:
    """Compare the change from the first wave to the second before and after people were left out."""
    first, second = (*project.instrument.wave_keys, "", "")[:2]
    stays = np.zeros(len(frame), dtype=bool)
    stays[kept] = True
    found = []
    for event in [e.id for e in project.events if (frame[EVENT] == e.id).any()]:
        for outcome in project.primary_outcomes:
            change = _change(frame, outcome, (first, second))
            here = (frame[EVENT] == event).to_numpy()
            of_all, of_kept = change[here].dropna(), change[here & stays].dropna()
            shown = len(of_kept) >= least
            found.append(
                Effect(
                    event, outcome, len(of_kept) if shown else None, float(of_all.mean()) if shown else None,
                    float(of_kept.mean()) if shown else None,
                )
            )  # fmt: skip
    return found


def _change(frame: pd.DataFrame, outcome: str, waves: Sequence[str]) -> pd.Series:
    columns = [next((c for c in (f"score_{outcome}_{w}", f"{outcome}_{w}") if c in frame), "") for w in waves]
    if not all(columns):
        return pd.Series(np.nan, index=frame.index)
    return frame[columns[1]].astype(float) - frame[columns[0]].astype(float)
