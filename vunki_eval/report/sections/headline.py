"""The headline of a report: its overall verdict as one sentence, and the sentence below it."""

from collections import Counter

from vunki_eval.language import N_
from vunki_eval.report.sections.phrases import DIRECTION, also_clause, finding, verdict_key
from vunki_eval.results.view import ResultsView

_OF = {
    2: N_("Of the two main outcomes"),
    3: N_("Of the three main outcomes"),
    4: N_("Of the four main outcomes"),
    5: N_("Of the five main outcomes"),
}
_GROUPS = (
    (
        ("clear_gain",),
        N_("one rose clearly"),
        N_("{n} rose clearly"),
        N_("all rose clearly"),
    ),
    (
        ("gain",),
        N_("one rose by an uncertain amount"),
        N_("{n} rose by an uncertain amount"),
        N_("all rose by an uncertain amount"),
    ),
    (
        ("clear_decline", "decline"),
        N_("one fell"),
        N_("{n} fell"),
        N_("all fell"),
    ),
    (
        ("smaller_than_matters",),
        N_("one changed less than what matters"),
        N_("{n} changed less than what matters"),
        N_("all changed less than what matters"),
    ),
    (
        ("no_meaningful_change",),
        N_("one stayed practically the same"),
        N_("{n} stayed practically the same"),
        N_("all stayed practically the same"),
    ),
    (
        ("cannot_tell",),
        N_("for one no conclusion can be drawn"),
        N_("{k} no conclusion can be drawn"),
        N_("for none can a conclusion be drawn"),
    ),
    (
        ("described", "suppressed", "not_estimable", ""),
        N_("for one there are too few data"),
        N_("{k} there are too few data"),
        N_("for all there are too few data"),
    ),
)
_WORDS = {2: N_("two"), 3: N_("three"), 4: N_("four"), 5: N_("five")}
_FOR = {2: N_("for two"), 3: N_("for three"), 4: N_("for four"), 5: N_("for five")}
_RANK = ("clear_gain", "clear_decline", "gain", "decline")


def headline(view: ResultsView) -> str:
    """State the overall verdict: the clearest finding comes first, and no decline is left out."""
    say, verdict_of = view.say, {k: verdict_key(view, k) for k in view.primary}
    moved = sorted((k for k in verdict_of if verdict_of[k] in _RANK), key=lambda k: _RANK.index(verdict_of[k]))
    if moved:
        first, rest = moved[0], moved[1:]
        shown = [k for k in rest if DIRECTION[verdict_of[k]] < 0] or rest[:1]
        clauses = [also_clause(view, k) for k in shown]
        return "; ".join([_short(view, first, verdict_of[first]) if clauses else finding(view, first), *clauses])
    verdicts = set(verdict_of.values())
    if verdicts and verdicts <= {"no_meaningful_change", "smaller_than_matters"}:
        return say._("The main outcomes stayed practically the same after the event")
    if verdicts & {"cannot_tell", "no_meaningful_change", "smaller_than_matters"}:
        return say._("No clear change in the main outcomes could be seen after the event")
    if verdicts & {"described", "suppressed"}:
        return say._("Too few people answered to say what changed")
    return say._("What changed has not been measured yet")


def _short(view: ResultsView, outcome: str, verdict: str) -> str:
    """Shorten a title that another clause follows: the uncertain size is left to the sentence below."""
    return finding(view, outcome, verdict).partition(";")[0]


def lead(view: ResultsView) -> str:
    """Count the main outcomes by verdict, and say that the reason for a change cannot be told."""
    say, counted, total = view.say, Counter(verdict_key(view, k) for k in view.primary), len(view.primary)
    no_reason = say._("There is no comparison group: the reason for a change cannot be told from this design.")
    if total not in _OF:
        return no_reason
    parts = []
    for verdicts, singular, plural, all_of_them in _GROUPS:
        n = sum(counted[v] for v in verdicts)
        if n:
            clause = singular if n == 1 else all_of_them if n == total else plural
            numeral, for_whom = (say._(numerals[n]) if n in numerals else "" for numerals in (_WORDS, _FOR))
            parts.append(say._(clause).format(n=numeral, k=for_whom))
    return f"{say._(_OF[total])} {say.listing(parts)}. {no_reason}"
