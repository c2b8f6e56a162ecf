"""The version of the program; here so that every room can import it without importing the package itself."""

__version__ = "0.1.0"
