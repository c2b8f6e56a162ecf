"""People's rights: erasure and the end of retention, documents on personal data, and anonymous open data."""
