"""The version of the program, for those below the package's root."""

__version__ = "0.1.0"
