"""The desk's JupyterLab: private settings, no news, a token that no other user can read; and a real browser."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.marks import has_mode, posix
from vunki_eval.cli.desk.lab import LabSetup, prepare_lab
from vunki_eval.errors import UsageError
from vunki_eval.project.project import Project, load_project

pytestmark = pytest.mark.slow

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
PROBE = """import matplotlib.pyplot as plt
import vunki_eval as ve
project = ve.load_project()
print("PROJECT", project.about.id)
plt.plot([1, 2]);"""


@pytest.fixture
def project(own_project: Path) -> Project:
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [nbformat.v4.new_code_cell(PROBE), nbformat.v4.new_code_cell('print("ALL-" + "DONE")')]
    for n, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{n}"
    nbformat.write(notebook, own_project / "notebooks" / "probe.ipynb")
    return load_project(own_project)


def test_it_stays_on_this_machine_and_asks_for_no_news(project: Project) -> None:
    desk = prepare_lab(project, "probe.ipynb", browser=False, port=8899)
    words = " ".join(desk.command)
    assert "--ip=127.0.0.1" in desk.command
    assert "--LabApp.news_url=None" in desk.command
    assert "NeverCheckForUpdate" in words
    assert "--LabApp.extension_manager=readonly" in desk.command
    assert "--no-browser" in desk.command
    assert "default_url=/lab/tree/notebooks/probe.ipynb" in words
    token = desk.environment["JUPYTER_TOKEN"]
    assert len(token) >= 24
    assert token not in words
    assert desk.url == f"http://127.0.0.1:8899/lab/tree/notebooks/probe.ipynb?token={token}"
    assert prepare_lab(project, "probe.ipynb").environment["JUPYTER_TOKEN"] != token


def test_its_folders_are_private_and_the_users_own_are_left_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", "/elsewhere")
    desk = prepare_lab(project, "probe.ipynb")
    assert "JUPYTER_PATH" not in desk.environment
    home = project.root / ".vunki" / "jupyter"
    for name in (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "IPYTHONDIR",
    ):
        assert Path(desk.environment[name]).parent == home
    assert has_mode(home, 0o700)
    news = json.loads((home / "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings").read_text())
    assert news == {"fetchNews": "false", "checkForUpdates": False}


def test_own_settings_are_kept(project: Project) -> None:
    prepare_lab(project, "probe.ipynb")
    path = project.root / ".vunki/jupyter/settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    path.write_text('{"windowingMode": "full"}')
    prepare_lab(project, "probe.ipynb")
    assert "full" in path.read_text()


def test_an_unknown_notebook_is_refused(project: Project) -> None:
    with pytest.raises(UsageError, match=r"probe\.ipynb.*VE-126"):
        prepare_lab(project, "prob.ipynb")
    with pytest.raises(UsageError, match="VE-126"):
        prepare_lab(project, "../surveys/instrument.toml")


def test_a_free_port_is_taken(project: Project) -> None:
    port = re.search(r":(\d+)/lab", prepare_lab(project, "probe.ipynb").url)
    assert port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", int(port[1])))


def ask(desk: LabSetup, path: str) -> Any:
    base, token = desk.url.split("/lab/")[0], desk.environment["JUPYTER_TOKEN"]
    with urllib.request.urlopen(f"{base}{path}?token={token}", timeout=10) as answer:
        return json.loads(answer.read())


@pytest.fixture
def running(project: Project, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[LabSetup]:
    desk = prepare_lab(project, getattr(request, "param", "probe.ipynb"), browser=False)
    with (tmp_path / "lab.log").open("w") as log:
        process = subprocess.Popen(
            desk.command, env=desk.environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until(lambda: answers(desk), process, tmp_path / "lab.log")
            yield desk
        finally:
            process.communicate(timeout=30)  # closes its input: that ends it


def answers(desk: LabSetup) -> bool:
    try:
        ask(desk, "/api")
    except (urllib.error.URLError, OSError):
        return False
    return True


def wait_until(happened: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(240):
        if happened():
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.5)
    raise AssertionError(log.read_text())


LAB = """import json, sys
from pathlib import Path
from vunki_eval.cli.desk.lab import prepare_lab, run_lab
from vunki_eval.cli import _stop
from vunki_eval.project.project import load_project
import signal
signal.signal(signal.SIGTERM, _stop)
setup = prepare_lab(load_project(Path(sys.argv[1])), "probe.ipynb", browser=False)
Path(sys.argv[2]).write_text(json.dumps([setup.url, setup.environment["JUPYTER_TOKEN"]]))
sys.exit(run_lab(setup))
"""


@pytest.mark.parametrize("how", ["terminate", "kill", pytest.param("interrupt", marks=posix)])
def test_the_server_and_its_kernels_end_with_the_program(how: str, project: Project, tmp_path: Path) -> None:
    """However the program ends, killed included, nothing of the server stays behind."""
    told, log = tmp_path / "told.json", tmp_path / "lab.log"
    with log.open("w") as file:
        process = subprocess.Popen([sys.executable, "-c", LAB, str(project.root), str(told)], stdout=file, stderr=file)
        wait_until(told.exists, process, log)
        url, token = json.loads(told.read_text())
        desk = LabSetup([], {"JUPYTER_TOKEN": token}, url)
        wait_until(lambda: answers(desk), process, log)
        start = urllib.request.Request(f"{url.split('/lab/')[0]}/api/kernels?token={token}", b"{}", method="POST")
        with urllib.request.urlopen(start, timeout=60) as answer:
            kernel = json.loads(answer.read())["id"]
        connection = next((project.root / ".vunki" / "jupyter" / "runtime").glob(f"kernel-{kernel}.json"))
        {"terminate": process.terminate, "kill": process.kill, "interrupt": lambda: process.send_signal(2)}[how]()
        code = process.wait(30)
    assert code == 0 or how == "kill"
    deadline = time.monotonic() + 30
    while (answers(desk) or connection.exists()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not answers(desk)
    assert not connection.exists()  # the server has ended its kernel and cleared up


@dataclass
class Seen:
    """What a browser met on its way."""

    page: Any
    faults: list[str]
    outside: list[str]


@pytest.fixture
def seen(running: LabSetup) -> Iterator[Seen]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not on this machine")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    base = running.url.split("/lab/")[0]
    with sync.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(120_000)
        met = Seen(page, [], [])
        page.on("pageerror", lambda e: met.faults.append(str(e)[:200]))
        ours = (base, base.replace("http", "ws", 1), "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(ours) else met.outside.append(r.url))
        page.goto(f"{running.url}&reset")
        yield met
        browser.close()


@pytest.mark.slow
def test_a_browser_opens_the_notebook_and_runs_it(running: LabSetup, seen: Seen, project: Project) -> None:
    base = running.url.split("/lab/")[0]
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{base}/api/contents", timeout=10)
    run_all(seen.page, running)
    seen.page.locator(".jp-OutputArea-output", has_text="ALL-DONE").first.wait_for(state="attached")
    seen.page.keyboard.press("Control+s")
    saved = wait_for(project.root / "notebooks" / "probe.ipynb", "ALL-DONE")
    assert seen.page.locator(".jp-OutputArea-output img").count() == 1
    outputs = json.dumps([c["outputs"] for c in saved["cells"]])
    assert f"PROJECT {project.about.id}" in outputs
    assert "image/png" in outputs
    assert seen.faults == []
    assert seen.outside == []
    assert ask(running, "/api/kernelspecs")["kernelspecs"].keys() == {"python3"}


@pytest.mark.slow
@pytest.mark.parametrize("running", ["event_report.ipynb", "final_report.ipynb", "reuse.ipynb"], indirect=True)
def test_a_report_notebook_is_pleasant_by_hand(running: LabSetup, seen: Seen, project: Project) -> None:
    path = project.root / "notebooks" / running.url.split("/")[-1].split("?")[0]
    code = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    run_all(seen.page, running)
    last = f"[{len(code)}]:"
    seen.page.locator(".jp-InputPrompt", has_text=last).first.wait_for(state="attached", timeout=240_000)
    seen.page.keyboard.press("Control+s")
    saved = wait_for(path, '"execution_count": ' + str(len(code)), whole=True)
    ran = [c for c in saved["cells"] if c["cell_type"] == "code"]
    kinds = [{o["output_type"] for o in c["outputs"]} for c in ran]
    assert not [k for k in kinds if "error" in k]
    silent = ("import tempfile", "import shutil", "project = ")  # cells on reuse that prepare and clear up
    assert all(c["outputs"] for c in ran[2:] if not "".join(c["source"]).startswith(silent))
    least = 1 if path.name == "reuse.ipynb" else 3
    assert seen.page.locator(".jp-OutputArea-output svg, .jp-OutputArea-output img").count() >= least
    assert seen.page.locator(".jp-OutputArea-output table").count() >= least
    assert seen.faults == []
    assert seen.outside == []


def run_all(page: Any, desk: LabSetup) -> None:
    """Wait for the kernel, then choose Run > Run All Cells (sooner, a dialogue would swallow it)."""
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    for _ in range(300):
        sessions = ask(desk, "/api/sessions")
        if sessions and sessions[0]["kernel"]["execution_state"] == "idle":
            break
        time.sleep(0.3)
    page.locator("#jp-bottom-panel, .jp-StatusBar-Left").filter(has_text=re.compile(r"\| Idle")).first.wait_for()
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()


def wait_for(path: Path, mark: str, *, whole: bool = False) -> Any:
    """Read the saved notebook until the mark stands in its outputs (or anywhere)."""
    for _ in range(120):
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
        except json.JSONDecodeError:  # read in the middle of being saved
            time.sleep(0.5)
            continue
        parts = saved["cells"] if whole else [c.get("outputs", []) for c in saved["cells"]]
        if any(mark in json.dumps(part) for part in parts):
            return saved
        time.sleep(0.5)
    raise AssertionError("the notebook was not saved with its outputs")
