"""Text tables become cleaned, linked, scored answers: the only room that sees a person."""
