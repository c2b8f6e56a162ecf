"""What is evaluated: the files in ``surveys/`` as models."""
