"""The verdict of a whole report as one sentence, and the sentence below it."""

from collections import Counter

from vunki_eval.language import N_
from vunki_eval.report.sections.phrases import DIRECTION, also, finding, verdict_key
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
    """Say the verdict of the report: the clearest finding first, a decline never left out."""
    say, keys = view.say, {k: verdict_key(view, k) for k in view.primary}
    moved = sorted((k for k in keys if keys[k] in _RANK), key=lambda k: _RANK.index(keys[k]))
    if moved:
        first, rest = moved[0], moved[1:]
        shown = [k for k in rest if DIRECTION[keys[k]] < 0] or rest[:1]
        clauses = [also(view, k) for k in shown]
        return "; ".join([_short(view, first, keys[first]) if clauses else finding(view, first), *clauses])
    found = set(keys.values())
    if found and found <= {"no_meaningful_change", "smaller_than_matters"}:
        return say._("The main outcomes stayed practically the same after the event")
    if found & {"cannot_tell", "no_meaningful_change", "smaller_than_matters"}:
        return say._("No clear change in the main outcomes could be seen after the event")
    if found & {"described", "suppressed"}:
        return say._("Too few people answered to say what changed")
    return say._("What changed has not been measured yet")


def _short(view: ResultsView, outcome: str, verdict: str) -> str:
    """Leave the uncertain size out of a title that goes on; the sentence below says it."""
    return finding(view, outcome, verdict).partition(";")[0]


def lead(view: ResultsView) -> str:
    """Say how many main outcomes ended with which verdict, and that the reason cannot be told."""
    say, counted, total = view.say, Counter(verdict_key(view, k) for k in view.primary), len(view.primary)
    no_reason = say._("There is no comparison group: the reason for a change cannot be told from this design.")
    if total not in _OF:
        return no_reason
    parts = []
    for verdicts, one, many, every in _GROUPS:
        n = sum(counted[v] for v in verdicts)
        if n:
            said = one if n == 1 else every if n == total else many
            word, whom = (say._(words[n]) if n in words else "" for words in (_WORDS, _FOR))
            parts.append(say._(said).format(n=word, k=whom))
    return f"{say._(_OF[total])} {say.listing(parts)}. {no_reason}"
