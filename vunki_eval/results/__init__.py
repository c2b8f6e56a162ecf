"""Results, how they are read in one language, and the parts of a report as data."""
