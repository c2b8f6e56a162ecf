"""The report's parts as data, and the HTML that shows them in a notebook."""
