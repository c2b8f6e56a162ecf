"""Standard output and error: open, able to show every letter somehow, plain when they cannot be written."""

import errno
import io
import os
import sys
from typing import Any

from vunki_eval.errors import M_, Problem, UsageError, reason, spoken_language

CLOSED = (errno.EPIPE, errno.EINVAL) if os.name == "nt" else (errno.EPIPE,)  # whoever read it has seen enough: `| head`


class OutputLost(Exception):
    """Standard output or error cannot be written. No OSError, so that it is not mistaken for a fault of a file."""

    def __init__(self, number: int, error: OSError) -> None:
        super().__init__(number, error)
        self.number, self.error = number, error

    def end(self, language: str = "") -> int:
        """Drop what is still to be written, say why unless nobody reads it any more, and return the exit code."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.number)
        if self.error.errno in CLOSED:
            return 0
        problem = M_("The output cannot be written: {reason}.", reason=reason(self.error))
        message = Problem("", 0, "", problem, M_("Make room, or send it elsewhere."), "VE-129")
        try:
            print(message.text(language or spoken_language()), file=sys.stderr, flush=True)
        except OutputLost as other:  # standard error cannot be written either
            os.dup2(nowhere, other.number)
        return UsageError.exit_code


class _Output(io.FileIO):
    """A file, pipe or device that the caller chose for our output."""

    def write(self, data: Any) -> int:
        """Write as a file does."""
        try:
            return super().write(data)
        except OSError as error:
            raise OutputLost(self.fileno(), error) from None


def open_streams() -> None:
    """Make standard output and error ready, whatever the caller made of them."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:  # closed: the next file opened would get its number, and what is printed
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
            continue
        errors = "replace" if stream.encoding.lower() == "utf-8" else "backslashreplace"
        if stream.isatty():
            stream.reconfigure(errors=errors)
            continue
        output = io.BufferedWriter(_Output(number, "w", closefd=False))
        wrapper = io.TextIOWrapper(output, stream.encoding, errors, line_buffering=stream.line_buffering)
        setattr(sys, name, wrapper)
