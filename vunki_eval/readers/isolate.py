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


def run_isolated(script: str, job: dict[str, Any], file: str) -> dict[str, Any]:
    """Run one of the scripts beside this file in a child process.

    Parameters
    ----------
    script : str
        File name of the script; it reads a JSON object from standard input and writes one to standard output.
    job : dict
        What to do; must be JSON-ready.
    file : str
        Name of the export for messages.

    Raises
    ------
    InputError
        If the child takes too long or dies.
    """
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    given = json.dumps(job | {"memory": MOST_MEMORY, "seconds": MOST_SECONDS}).encode()
    command = [sys.executable, "-P", str(Path(__file__).parent / script)]
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
