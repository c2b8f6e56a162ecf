"""Papers on personal data, filled from the config: information for participants, consent, record of processing.

They are drafts for the project's data protection officer and say so on every page; what the config does not hold is a
line to be filled in by hand.
"""

from vunki_eval.privacy.documents.write import FORMATS, write_documents

__all__ = ["FORMATS", "write_documents"]
