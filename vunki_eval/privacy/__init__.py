"""People's rights: erasure and the end of retention, documents on personal data, open data without anybody in them."""
