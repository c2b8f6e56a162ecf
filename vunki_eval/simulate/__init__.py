"""Simulate events: invented people answer a real instrument, and the true change is known.

`simulate_event` draws an event. `to_google_forms`, `to_limesurvey` and `to_plain` write its answers as those tools
export them. `truth` gives the values that an analysis of the exports should recover. ``python -m vunki_eval.simulate``
rewrites the two synthetic events of the shipped project.
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
