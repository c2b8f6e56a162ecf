"""vunki_eval: evaluate community co-creation events, from survey exports to a report one can sign."""
