"""Simulate a whole project, to try out an instrument before anybody is asked."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from vunki_eval.project.project import load_project
from vunki_eval.simulate.event import simulate_event, truth
from vunki_eval.simulate.exports import to_plain
from vunki_eval.simulate.setting import Setting


def simulate_project(
    source: Path | str,
    target: Path | str,
    *,
    n: int = 80,
    seed: int = 0,
    change: Mapping[str, float] | None = None,
) -> dict[str, dict[str, object]]:
    """Copy an instrument and a project file into a new folder and add simulated exports.

    Parameters
    ----------
    source : Path or str
        Folder with ``instrument.toml`` and ``project.toml``.
    target : Path or str
        A new or empty folder; gets ``surveys/`` with an export per event and wave.
    n : int
        Attendees per event.
    seed : int
        Same seed, same answers.
    change : mapping, optional
        True mean change per scale; see `simulate_event`.

    Returns
    -------
    dict
        True values by event; see `truth`.
    """
    source, surveys = Path(source), Path(target) / "surveys"
    surveys.mkdir(parents=True, exist_ok=True)
    for name in ("instrument.toml", "project.toml"):
        shutil.copyfile(source / name, surveys / name)
    project, true_values = load_project(Path(target)), {}
    for k, event in enumerate(project.events):
        start = event.actual.start or event.planned.start or project.about.start
        simulated = simulate_event(
            project.instrument, n=n, seed=seed + k, change=change, setting=Setting(start=start, omitted={})
        )
        waves = tuple(w for w in project.instrument.wave_keys if event.exports(w))
        (surveys / event.id).mkdir(exist_ok=True)
        for wave in waves:
            path = surveys / event.id / event.exports(wave)[0].file
            path.write_text(to_plain(simulated, wave), "utf-8", newline="\n")
        true_values[event.id] = truth(simulated, waves)
    return true_values
