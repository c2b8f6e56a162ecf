"""Report on the quality of an event's data: columns recognised, cells changed, questions left to a person. Private."""

from vunki_eval.publish.quality.checked_event import CheckedEvent, check_event
from vunki_eval.publish.quality.summary import summary
from vunki_eval.publish.quality.write import write_check, write_decisions

__all__ = ["CheckedEvent", "check_event", "summary", "write_check", "write_decisions"]
