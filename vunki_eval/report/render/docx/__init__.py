"""A document as a Word file that people can comment on; needs the extra ``docx`` (python-docx)."""
