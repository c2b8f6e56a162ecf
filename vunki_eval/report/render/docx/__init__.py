"""A document as a Word file that people can comment in; needs the extra ``docx`` (python-docx)."""
