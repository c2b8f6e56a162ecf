"""Prepare and follow a project: start it, write its forms, plan the survey, open JupyterLab, watch returns."""
