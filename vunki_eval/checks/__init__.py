"""Checking an event's exports: what was recognised, what was changed, what a person must settle. Private."""

from vunki_eval.checks.event import Checked, check_event
from vunki_eval.checks.summary import summary
from vunki_eval.checks.write import write_check, write_decisions

__all__ = ["Checked", "check_event", "summary", "write_check", "write_decisions"]
