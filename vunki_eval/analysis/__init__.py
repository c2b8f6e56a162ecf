"""Analysis, from answers to conclusions: `analyse` for one event, `analyse_project` for all events together."""

from vunki_eval.analysis.all_events import analyse_project
from vunki_eval.analysis.event import analyse

__all__ = ["analyse", "analyse_project"]
