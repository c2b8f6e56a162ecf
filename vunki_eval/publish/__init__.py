"""Building and publishing reports: whole or not at all, and only what changed."""
