"""Copied into the Windows Python: finds the package under test, and hides one function that Wine 8 does not have."""

import _winapi
import os
import sys

del _winapi.CopyFile2  # shutil then copies by itself
sys.path.insert(0, os.environ["VUNKI_UNDER_TEST"])
