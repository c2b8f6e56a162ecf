"""Documents on personal data, filled in from the config: information for participants, consent, record of processing.

They are drafts for the project's data protection officer and say so on every page. What the config does not hold
becomes a line to fill in by hand.
"""

from vunki_eval.privacy.documents.write import FORMATS, write_documents

__all__ = ["FORMATS", "write_documents"]
