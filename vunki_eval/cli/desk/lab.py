"""Open JupyterLab for a project: on this machine only, behind a token, with its own settings, fetching no news.

Everything Jupyter writes goes to ``.vunki/jupyter/`` of the project (hidden, readable by its owner alone), so the
user's own Jupyter and kernels installed elsewhere are neither touched nor used.
"""

import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vunki_eval.cli.desk.shipped_files import copy_notebooks
from vunki_eval.errors import M_, Problem, UsageError
from vunki_eval.project.project import Project
from vunki_eval.publish.files import make_folder, write_whole

ADDRESS = "127.0.0.1"
FOLDERS = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
           "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
           "IPYTHONDIR": "ipython"}  # fmt: skip
LOCALES = {"et": "et_EE"}
SECONDS_TO_END = 10


@dataclass(frozen=True, slots=True)
class LabSetup:
    """A JupyterLab ready to start.

    Attributes
    ----------
    command : list of str
    environment : dict
        Holds the token: others on the machine can read a command line, but not this.
    url : str
        With the token; for the owner's eyes only.
    """

    command: list[str]
    environment: dict[str, str]
    url: str


def prepare_lab(
    project: Project, notebook: str = "event_report.ipynb", *, language: str = "en", browser: bool = True, port: int = 0
) -> LabSetup:
    """Write settings and kernel, and return how to start JupyterLab.

    Parameters
    ----------
    project : Project
    notebook : str
        File in ``notebooks/``; the shipped notebooks are copied there when the project has none.
    language : str
        Language of the interface; Estonian only if the package ``jupyterlab-language-pack-et-EE`` is installed.
    browser : bool
        Open the browser.
    port : int
        0 takes a free one.

    Raises
    ------
    UsageError
        If there is no such notebook, or the folder cannot be written.
    """
    _own_notebooks(project)
    home = _home(project)
    _settings(home / "settings", language)
    _kernel(home / "data", project)
    notebooks = sorted(p.name for p in (project.root / "notebooks").glob("*.ipynb"))
    if notebook not in notebooks:
        hint = M_("Notebooks of this project: {notebooks}.", notebooks=", ".join(notebooks) or M_("none"))
        raise UsageError(Problem("", 0, "", M_("There is no notebook with that name."), hint, "VE-126"))
    port = port or _free_port()
    token = secrets.token_urlsafe(24)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
    environment = {
        **inherited,
        **{name: str(home / folder) for name, folder in FOLDERS.items()},
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_TOKEN": token,
        "VUNKI_LANGUAGE": language,
    }
    url = f"http://{ADDRESS}:{port}/lab/tree/notebooks/{notebook}?token={token}"
    return LabSetup(_command(project, notebook, port, browser), environment, url)


def run_lab(setup: LabSetup) -> int:
    """Start JupyterLab and wait until it ends; return its exit code, 0 when Ctrl+C ended it.

    It ends when its standard input is closed, which the system does too if this process is killed.
    """
    process = subprocess.Popen(setup.command, env=setup.environment, stdin=subprocess.PIPE)
    try:
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(2 * SECONDS_TO_END)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()


def serve() -> None:
    """Be the server, with the arguments of JupyterLab; end it, kernels and all, when standard input is closed."""
    from jupyterlab.labapp import main

    threading.Thread(target=_end_with_input, args=(sys.stdin.buffer,), daemon=True).start()
    main()


def _end_with_input(stream: BinaryIO) -> None:
    while stream.read(1):
        pass
    signal.raise_signal(signal.SIGTERM)  # Jupyter ends its kernels then
    time.sleep(SECONDS_TO_END)
    os._exit(1)


def _command(project: Project, notebook: str, port: int, browser: bool) -> list[str]:
    return [
        sys.executable, "-m", __name__, f"--ip={ADDRESS}", f"--port={port}", "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={project.root}", f"--LabApp.default_url=/lab/tree/notebooks/{notebook}",
        # JupyterLab must not ask any server for news, newer versions or extensions.
        "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly", "--log-level=WARN",
        *([] if browser else ["--no-browser"]), *(["--allow-root"] if _is_root() else []),
    ]  # fmt: skip


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def _own_notebooks(project: Project) -> None:
    """Copy the shipped notebooks when the project has no folder of them; nothing is overwritten."""
    folder = project.root / "notebooks"
    if not folder.exists():
        first_event = project.events[0].id if project.events else ""
        copy_notebooks(folder, event=first_event, language=project.about.languages[0])


def _home(project: Project) -> Path:
    home = project.root / ".vunki" / "jupyter"
    for folder in (home.parent, home, *(home / name for name in FOLDERS.values())):
        make_folder(folder, private=True)
    return home


def _settings(folder: Path, language: str) -> None:
    settings: dict[str, dict[str, object]] = {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        # Draw all cells, so that printing and searching cover the whole notebook.
        "notebook-extension/tracker": {"windowingMode": "none"},
    }
    locale = LOCALES.get(language, "")
    if locale and importlib.util.find_spec(f"jupyterlab_language_pack_{locale}"):
        settings["translation-extension/plugin"] = {"locale": locale}
    for name, values in settings.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        if not path.exists():
            make_folder(path.parent)
            write_whole(path, json.dumps(values, indent=1) + "\n")


def _kernel(folder: Path, project: Project) -> None:
    """Write the only kernel: this very Python, whatever else is installed on the machine."""
    path = folder / "kernels" / "python3" / "kernel.json"
    make_folder(path.parent)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"vunki_eval ({project.about.id})",
        "language": "python",
        "metadata": {"debugger": False},
    }
    write_whole(path, json.dumps(spec, indent=1) + "\n")


if __name__ == "__main__":
    serve()
