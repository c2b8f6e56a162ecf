"""The files in ``surveys/`` as checked models: the project, its events and its instrument."""
