"""Words, numbers and dates in the language of a report.

`localizer` gives everything a text needs: translations from gettext catalogues and number formats by Babel.
"""

from vunki_eval.language.causal_wording import banned
from vunki_eval.language.localizer import N_, Localizer, known_languages, localizer

__all__ = ["N_", "Localizer", "banned", "known_languages", "localizer"]
