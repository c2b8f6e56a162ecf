"""Executed notebook in, signed-off PDF and HTML out."""
