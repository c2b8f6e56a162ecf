"""Words, numbers and dates in the language of a report.

`speaker` gives everything a text needs: translations from gettext catalogues and number formats by Babel.
"""

from vunki_eval.language.claims import banned
from vunki_eval.language.speaker import N_, Speaker, known_languages, speaker

__all__ = ["N_", "Speaker", "banned", "known_languages", "speaker"]
