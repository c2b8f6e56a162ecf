"""The names that the quality report uses for readers, cleaning rules, steps of the flow and open questions."""

from vunki_eval.language import Localizer
from vunki_eval.language.localizer import N_

READERS = {
    "google_forms": "Google Forms", "microsoft_forms": "Microsoft Forms", "limesurvey": "LimeSurvey",
    "limesurvey_r": "LimeSurvey (R)", "kobo": "KoboToolbox / ODK", "qualtrics": "Qualtrics",
    "surveymonkey": "SurveyMonkey", "redcap": "REDCap", "typeform": "Typeform", "spss": "SPSS",
    "paper": N_("paper forms, typed in twice"), "plain": N_("plain table"),
}  # fmt: skip
RULES = {
    "number_spelling": N_("a number written in another way"),
    "time_unread": N_("a time that cannot be read was left blank"),
    "code_spelling": N_("an element of the linking code written in another way"),
    "at_most": N_("an answer larger than the one it is part of was left out"),
    "edited_by_decision": N_("edited by a decision"),
    "excluded_by_decision": N_("left out by a decision"),
    "excluded_consent": N_("left out: no consent"),
    "excluded_empty": N_("left out: nothing was answered"),
    "excluded_test_row": N_("left out: a test or preview"),
    "excluded_duplicate": N_("left out: the same code or person twice"),
    "ambiguous_link": N_("not linked: several candidates"),
}
REASONS = {
    "consent": N_("no consent"),
    "empty": N_("nothing answered"),
    "test_row": N_("test or preview"),
    "excluded": N_("left out by a decision"),
    "late": N_("late, left out by a decision"),
    "duplicate": N_("the same code twice"),
    "ambiguous": N_("several candidates"),
}
STEPS = {
    "returned": N_("returned"),
    "usable": N_("usable"),
    "linked": N_("linked with the first wave"),
    "exact": N_("of them by the same code"),
    "one_difference": N_("of them with one difference"),
    "analysed": N_("with a score in both waves"),
}
NOTICED = {
    "trial": N_("looks like a trial"),
    "straight": N_("one answer throughout"),
    "time": N_("sent on the wrong side of the event"),
    "fast": N_("filled in faster than it can be read"),
    "at_most": N_("larger than the answer it is part of"),
    "same": N_("repeats the other response"),
    "unclear": N_("may be the same person as the other response"),
    "cell": N_("the answer fits nothing"),
}
HOW = {"code": N_("by code"), "wording": N_("by wording"), "mapping": N_("by the mapping file")}


def reader(name: str, say: Localizer) -> str:
    """Return the name of a reader."""
    return say._(READERS.get(name, name))


def rule(name: str, say: Localizer) -> str:
    """Return the name of a cleaning rule."""
    return say._(RULES.get(name, name))


def step(name: str, wave: str, say: Localizer) -> str:
    """Return the name of a step of the flow, such as ``linked_post_exact`` of the wave ``post``."""
    before, _, after = name.partition(f"_{wave}")
    return say._(STEPS.get(after.removeprefix("_") or before, name))


def wrong_share(share: float, say: Localizer) -> str:
    """Format the expected share of wrong links, 0–1, as a percentage."""
    least = 0.001
    return f"< {say.percent(least, 1)}" if share < least else say.percent(share, 1)
