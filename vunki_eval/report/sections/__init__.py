"""The sections of the reports: each function takes results, a language and the commentary, and returns a section.

The notebooks set the order of the sections in a report.
"""

from vunki_eval.report.sections.annex_attrition import annex_attrition
from vunki_eval.report.sections.annex_disclosure import annex_disclosure
from vunki_eval.report.sections.annex_items import annex_items
from vunki_eval.report.sections.annex_method import annex_method
from vunki_eval.report.sections.annex_quality import annex_quality
from vunki_eval.report.sections.annex_reproducibility import annex_reproducibility
from vunki_eval.report.sections.cocreation import cocreation
from vunki_eval.report.sections.cover import cover, cover_project
from vunki_eval.report.sections.events import events
from vunki_eval.report.sections.experience import experience
from vunki_eval.report.sections.groups import groups
from vunki_eval.report.sections.ideas import ideas
from vunki_eval.report.sections.indicators import indicators
from vunki_eval.report.sections.initiatives import initiatives
from vunki_eval.report.sections.money import money
from vunki_eval.report.sections.networking import networking
from vunki_eval.report.sections.open_answers import open_answers
from vunki_eval.report.sections.other import other
from vunki_eval.report.sections.over_events import (
    experience_project,
    groups_project,
    networking_project,
    open_answers_project,
    outcomes_project,
    participants_project,
    volunteers_project,
)
from vunki_eval.report.sections.over_events_annex import annex_attrition_project, annex_items_project
from vunki_eval.report.sections.page_one import page_one, page_one_project
from vunki_eval.report.sections.participants import participants
from vunki_eval.report.sections.press_statements import claims
from vunki_eval.report.sections.recommendations import decision
from vunki_eval.report.sections.selfcheck import selfcheck
from vunki_eval.report.sections.sensitivity import sensitivity
from vunki_eval.report.sections.summary import summary
from vunki_eval.report.sections.theory import theory
from vunki_eval.report.sections.trust import trust

__all__ = [
    "annex_attrition",
    "annex_attrition_project",
    "annex_disclosure",
    "annex_items",
    "annex_items_project",
    "annex_method",
    "annex_quality",
    "annex_reproducibility",
    "claims",
    "cocreation",
    "cover",
    "cover_project",
    "decision",
    "events",
    "experience",
    "experience_project",
    "groups",
    "groups_project",
    "ideas",
    "indicators",
    "initiatives",
    "money",
    "networking",
    "networking_project",
    "open_answers",
    "open_answers_project",
    "other",
    "outcomes_project",
    "page_one",
    "page_one_project",
    "participants",
    "participants_project",
    "selfcheck",
    "sensitivity",
    "summary",
    "theory",
    "trust",
    "volunteers_project",
]
