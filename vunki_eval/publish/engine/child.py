"""The forked child: an IPython shell that runs cells and sends the messages a kernel would send, over one pipe.

Shell, display hook and publisher are ipykernel's own. Only the session beneath them is replaced, so that the code that
makes outputs in a kernel (MIME bundles, display ids, errors, streams) makes them here too.
"""

import asyncio
import builtins
import io
import json
import os
import signal
import sys
import tempfile
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from vunki_eval.publish.engine.limits import end_with_parent

PARENT = {"msg_id": "cell", "msg_type": "execute_request"}


def serve(pipe: Connection, parent: int) -> NoReturn:
    """Run cells as they arrive over the pipe, until it closes; never return."""
    code = 1
    try:
        os.setpgid(0, 0)  # so that the parent can kill the whole group, with whatever the cells start
        end_with_parent(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        files = _redirect_output()
        session = _session(pipe)
        sys.stdout, sys.stderr = (_Stream(name, session, file) for name, file in files.items())
        shell = make_shell(session)
        asyncio.run(_run_cells(pipe, session, shell))
        code = 0
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        code = 0
    finally:
        os._exit(code)  # not sys.exit: it would run the parent's exit handlers and flush its buffers


def make_shell(session: Any) -> Any:
    """Create ipykernel's shell in the state of a fresh kernel, whatever this process loaded before the fork."""
    from ipykernel.compiler import XCachingCompiler
    from ipykernel.zmqshell import ZMQInteractiveShell
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    # The name holds "ZMQ": pandas looks for it to tell a notebook from a terminal.
    class ForkedZMQInteractiveShell(ZMQInteractiveShell):
        def enable_gui(self, gui: Any = None) -> None:
            """Do nothing: nobody watches this notebook, so it needs no windows."""

    for shell_class in (InteractiveShell, ZMQInteractiveShell):
        shell_class.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    shell: Any = ForkedZMQInteractiveShell.instance(config=config, kernel=_Kernel(), compiler_class=XCachingCompiler)
    for publisher in (shell.displayhook, shell.display_pub):
        publisher.session, publisher.pub_socket = session, None
    shell.displayhook.topic = b"execute_result"
    shell.set_parent({"header": PARENT})
    if "" not in sys.path:
        sys.path.insert(0, "")
    _reset_libraries(shell)
    return shell


def _reset_libraries(shell: Any) -> None:
    """Put libraries that were imported outside a notebook into the state that they have inside one."""
    backend = os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = backend
        if backend.endswith("inline"):
            shell.run_line_magic("matplotlib", "inline")
    if "pandas" in sys.modules:
        # The default is 0 (fit the window) if pandas was imported at a terminal, and 20 in a notebook.
        sys.modules["pandas"].set_option("display.max_columns", 20)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # else every child would draw the numbers of its parent
    builtins.input = _no_input


def _no_input(prompt: object = "") -> str:
    from IPython.core.error import StdinNotImplementedError

    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


class _Kernel:
    """Stands in for the kernel, for code that uses ``get_ipython().kernel``."""

    eventloop = None


async def _run_cells(pipe: Connection, session: Any, shell: Any) -> None:
    """Run one cell after another inside a running event loop, as ipykernel does."""
    while True:
        code = json.loads(pipe.recv_bytes())
        session.send(None, "execute_input", {"code": code, "execution_count": shell.execution_count})
        result = await _run_cell(shell, code)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        error = result.error_before_exec or result.error_in_exec
        failed = not result.success or getattr(shell, "_last_traceback_during_displayhook", False)
        content = {"status": "error" if failed else "ok", "execution_count": shell.execution_count - 1}
        if failed:
            content |= {"ename": type(error).__name__, "evalue": str(error), "traceback": shell._last_traceback or []}
        shell.payload_manager.clear_payload()
        session.send(None, "execute_reply", content)


async def _run_cell(shell: Any, code: str) -> Any:
    try:
        transformed, failure = shell.transform_cell(code), None
    except Exception:
        transformed, failure = code, sys.exc_info()
    if not shell.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=failure):
        return shell.run_cell(code, store_history=True)
    result = None
    try:
        result = await shell.run_cell_async(
            code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failure
        )
    finally:
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
    return result


def _session(pipe: Connection) -> Any:
    """Create a session that sends its messages over the pipe; ipykernel's classes insist on the type ``Session``."""
    from jupyter_client.jsonutil import json_default
    from jupyter_client.session import Session

    class PipeSession(Session):
        def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
            message = {"header": {"msg_type": msg_type}, "msg_type": msg_type, "parent_header": PARENT}
            return message | {"content": content or {}, "buffers": []}

        def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
            is_type = isinstance(msg_or_type, str)
            message: dict[str, Any] = self.msg(msg_or_type, content) if is_type else msg_or_type
            text = json.dumps(message, default=json_default, ensure_ascii=False, allow_nan=True)
            pipe.send_bytes(text.encode("utf-8", "surrogatepass"))
            return message

    return PipeSession(key=b"")


def _redirect_output() -> dict[str, io.FileIO]:
    """Point the file descriptors 1 and 2 to temporary files: compiled code and other programs write to them."""
    no_input = os.open(os.devnull, os.O_RDONLY)
    os.dup2(no_input, 0)
    files: dict[str, io.FileIO] = {}
    for number, name in ((1, "stdout"), (2, "stderr")):
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (stays open as long as the process)
        os.dup2(file.fileno(), number)
        files[name] = file
    return files


class _Stream(io.TextIOBase):
    """Standard output or error of the cells; flushing adds what was written to the file descriptor."""

    def __init__(self, name: str, session: Any, file: io.FileIO) -> None:
        self.name, self._session, self._file, self._read = name, session, file, 0
        self._parts: list[str] = []

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Return UTF-8, whatever the locale."""
        return "UTF-8"

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor, for programs that are started with it."""
        return self._file.fileno()

    def write(self, text: str) -> int:
        """Hold text back until it is flushed."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Send the text that was written since the last time."""
        size = os.fstat(self._file.fileno()).st_size
        raw = os.pread(self._file.fileno(), size - self._read, self._read) if size > self._read else b""
        self._read += len(raw)
        text = "".join(self._parts) + raw.decode("utf-8", "replace")
        self._parts.clear()
        if text:
            self._session.send(None, "stream", {"name": self.name, "text": text})
