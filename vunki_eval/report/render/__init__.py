"""From an executed notebook to a report as PDF, HTML or Word."""
