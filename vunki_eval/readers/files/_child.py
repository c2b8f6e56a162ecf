"""The child process: limit itself, run one of the parsers beside it, write JSON. Started by `workbook.run_isolated`.

Neither it nor the parsers import this package, so that the process starts quickly and little in it can break.
"""

import contextlib
import ctypes
import datetime as dt
import importlib.util
import io
import json
import sys
from pathlib import Path
from typing import Any


class JobLimits(ctypes.Structure):
    """Windows' JOBOBJECT_EXTENDED_LIMIT_INFORMATION; times are in units of 100 ns."""

    _fields_ = (
        ("process_time", ctypes.c_int64), ("job_time", ctypes.c_int64), ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t), ("most_working_set", ctypes.c_size_t), ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t), ("priority", ctypes.c_uint32), ("scheduling", ctypes.c_uint32),
        ("io", ctypes.c_uint64 * 6), ("process_memory", ctypes.c_size_t), ("job_memory", ctypes.c_size_t),
        ("peak_process", ctypes.c_size_t), ("peak_job", ctypes.c_size_t),
    )  # fmt: skip


PROCESS_TIME, PROCESS_MEMORY = 0x2, 0x100  # JOB_OBJECT_LIMIT_...
EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation


def limit_by_job(kernel: Any, memory: int, seconds: int) -> None:
    """Put this process into a job object of Windows with a limit on memory and processor time."""
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p  # handles have 64 bits
    limits = JobLimits(flags=PROCESS_TIME | PROCESS_MEMORY, process_time=seconds * 10_000_000, process_memory=memory)
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    kernel.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))


def limit(memory: int, seconds: int) -> None:
    """Limit memory and time, where the operating system allows it."""
    if sys.platform == "win32":
        limit_by_job(ctypes.WinDLL("kernel32"), memory, seconds)
        return
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def cell_text(value: Any) -> str:
    """Write a cell as text: numbers as stored, whole numbers without decimals, dates in ISO format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        # Workbooks store times as fractions of a day: round to the second.
        moment: dt.datetime = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ")
    return str(value.isoformat()) if isinstance(value, dt.date | dt.time) else str(value)


def main() -> None:
    """Read a job from standard input, write the answer to standard output."""
    job = json.load(sys.stdin)
    limit(job["memory"], job["seconds"])
    spec = importlib.util.spec_from_file_location("parser", Path(__file__).with_name(job["parser"]))
    if spec is None or spec.loader is None:
        sys.exit(2)
    parser = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parser)
    answer = parser.parse(job, cell_text)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
    json.dump(answer, out)
    out.flush()


if __name__ == "__main__":
    main()
