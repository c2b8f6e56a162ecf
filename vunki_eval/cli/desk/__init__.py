"""The evaluator's desk: a project of one's own, and JupyterLab opened at it."""
