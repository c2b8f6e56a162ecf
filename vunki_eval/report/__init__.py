"""`Results` become pages: commentary, tables, figures, sections, and their rendering."""
