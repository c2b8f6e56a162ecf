"""Sentences, numbers and dates in the language of a report.

`localizer` brings them together: sentences come from gettext catalogues, number and date formats from Babel.
"""

from vunki_eval.language.causal_wording import banned
from vunki_eval.language.localizer import N_, Localizer, known_languages, localizer

__all__ = ["N_", "Localizer", "banned", "known_languages", "localizer"]
