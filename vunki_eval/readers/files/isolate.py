"""Parse risky files in a child process, with limits on memory and time, so that a bad file cannot crash the program."""

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
        File name of the parser. Its ``parse(job, cell_text)`` returns what can be written as JSON, or
        ``{"refused": [...]}`` with (row, column, problem, hint, code) for what it does not read.
    job : dict
        Input of the parser; must be writable as JSON.
    file : str
        Name of the export for messages.

    Raises
    ------
    InputError
        If the parser refuses the file, takes too long or dies.
    """
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    request = json.dumps(job | {"parser": parser, "memory": MOST_MEMORY, "seconds": int(MOST_SECONDS) + 1}).encode()
    command = [sys.executable, "-P", str(Path(__file__).with_name("_child.py"))]
    try:
        process = subprocess.run(command, input=request, capture_output=True, timeout=MOST_SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        problem = f"Reading the file took more than {MOST_SECONDS} seconds and was stopped."
        raise InputError(Problem(file, 0, "", problem, "Export the answers as CSV.", "VE-326")) from None
    try:
        answer: dict[str, Any] = json.loads(process.stdout)
    except ValueError:
        problem = "Reading the file failed: it is damaged, or needs more memory than is allowed."
        raise InputError(Problem(file, 0, "", problem, "Export the answers again, as CSV.", "VE-326")) from None
    if "refused" in answer:
        raise InputError([Problem(file, *refusal) for refusal in answer["refused"]])
    return answer
