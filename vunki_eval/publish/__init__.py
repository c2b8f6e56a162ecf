"""Build reports and publish them: each one complete or not at all, and only those whose inputs changed."""
