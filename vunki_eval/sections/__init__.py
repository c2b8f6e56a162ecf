"""Sections of the reports: each takes results, a language and the people's words, and gives a section.

The order of the event report and of the end-of-project report is that of the notebooks.
"""

from vunki_eval.sections.annex_attrition import annex_attrition
from vunki_eval.sections.annex_disclosure import annex_disclosure
from vunki_eval.sections.annex_items import annex_items
from vunki_eval.sections.annex_method import annex_method
from vunki_eval.sections.annex_quality import annex_quality
from vunki_eval.sections.annex_reproducibility import annex_reproducibility
from vunki_eval.sections.claims import claims
from vunki_eval.sections.cocreation import cocreation
from vunki_eval.sections.cover import cover, cover_project
from vunki_eval.sections.decision import decision
from vunki_eval.sections.events import events
from vunki_eval.sections.experience import experience
from vunki_eval.sections.groups import groups
from vunki_eval.sections.ideas import ideas
from vunki_eval.sections.indicators import indicators
from vunki_eval.sections.initiatives import initiatives
from vunki_eval.sections.money import money
from vunki_eval.sections.networking import networking
from vunki_eval.sections.open_answers import open_answers
from vunki_eval.sections.other import other
from vunki_eval.sections.over_events import (
    experience_project,
    groups_project,
    networking_project,
    open_answers_project,
    outcomes_project,
    participants_project,
    volunteers_project,
)
from vunki_eval.sections.over_events_annex import annex_attrition_project, annex_items_project
from vunki_eval.sections.page_one import page_one, page_one_project
from vunki_eval.sections.participants import participants
from vunki_eval.sections.selfcheck import selfcheck
from vunki_eval.sections.sensitivity import sensitivity
from vunki_eval.sections.summary import summary
from vunki_eval.sections.theory import theory
from vunki_eval.sections.trust import trust

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
