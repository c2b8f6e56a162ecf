"""Simulate events: invented people who answer a real instrument, with a true change that is known.

`simulate_event` draws them; `to_google_forms`, `to_limesurvey` and `to_plain` write their answers as the exports of
those tools; `truth` gives what an analysis of the exports has to find again. ``python -m vunki_eval.simulate`` writes
the two synthetic events of the shipped project anew.
"""

from vunki_eval.simulate.event import Simulated, simulate_event, truth
from vunki_eval.simulate.exports import to_google_forms, to_limesurvey, to_plain
from vunki_eval.simulate.project import simulate_project
from vunki_eval.simulate.setting import Level, Setting

__all__ = [
    "Level",
    "Setting",
    "Simulated",
    "simulate_event",
    "simulate_project",
    "to_google_forms",
    "to_limesurvey",
    "to_plain",
    "truth",
]
