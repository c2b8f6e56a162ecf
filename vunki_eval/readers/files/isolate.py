"""Parsing what can harm in a child process: with a limit on memory and time, and a message instead of a crash."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from vunki_eval.errors import InputError, Problem

MOST_SECONDS = 60
MOST_MEMORY = 1_500_000_000


def run_isolated(parser: str, job: dict[str, Any], file: str) -> dict[str, Any]:
    """Run one of the parsers beside this file in a child process.

    Parameters
    ----------
    parser : str
        File name of the parser; its ``parse(job, cell_text)`` gives a JSON-ready answer, ``{"refused": [...]}`` with
        (row, column, problem, hint, code) for what it does not read.
    job : dict
        What to do; must be JSON-ready.
    file : str
        Name of the export for messages.

    Raises
    ------
    InputError
        If the parser refuses the file, takes too long or dies.
    """
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    given = json.dumps(job | {"parser": parser, "memory": MOST_MEMORY, "seconds": int(MOST_SECONDS) + 1}).encode()
    command = [sys.executable, "-P", str(Path(__file__).with_name("_child.py"))]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=MOST_SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        problem = f"Reading the file took more than {MOST_SECONDS} seconds and was stopped."
        raise InputError(Problem(file, 0, "", problem, "Export the answers as CSV.", "VE-326")) from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        problem = "The file made its reader stop: it is damaged, or needs more memory than is allowed."
        raise InputError(Problem(file, 0, "", problem, "Export the answers again, as CSV.", "VE-326")) from None
    if "refused" in answer:
        raise InputError([Problem(file, *refusal) for refusal in answer["refused"]])
    return answer
