"""The warm engine gives the same outputs as a kernel, cell by cell; a hang, a death and a limit end as they should."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.marks import linux
from vunki_eval.publish.engine.run import join_streams

pytestmark = pytest.mark.slow

CELLS = (
    "1 + 1",
    "print('a'); print('b')",
    "import sys; print('to stderr', file=sys.stderr); 'result after a stream'",
    "from IPython.display import HTML, JSON, Markdown, SVG, display\ndisplay(HTML('<b>x</b>'), Markdown('*y*'))",
    "display({'application/vnd.vunki.section+json': {'blocks': [1, 2.5, None]}, 'text/plain': 'õ'}, raw=True)",
    "h = display('first', display_id='d1')",
    "h.update('second'); display('other')",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('kept')",
    "print('gone too'); clear_output(wait=True); display('kept too')",
    "import pandas as pd\npd.DataFrame({f'c{i}': range(70) for i in range(30)})",
    "print(pd.DataFrame({f'column {i}': range(3) for i in range(30)}))",
    "pd.options.display.max_rows, pd.options.display.max_columns, pd.options.display.width",
    "import numpy as np\nnp.arange(2000).reshape(40, 50)",
    "import asyncio\nawait asyncio.sleep(0)\nprint('awaited')",
    "asyncio.get_running_loop().is_running()",
    "class Both:\n    def _repr_html_(self): return '<i>h</i>'\n    def _repr_latex_(self): return '$x$'\nBoth()",
    "class Picture:\n    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n' + bytes(20)\nPicture()",
    "class Bundle:\n    def _repr_mimebundle_(self, **k):\n"
    "        return {'text/plain': 'p', 'text/html': 'h'}, {'text/html': {'a': 1}}\nBundle()",
    "_, Out[3], In[3]",
    "get_ipython().__class__.__name__.startswith('ZMQ') or 'ZMQ' in get_ipython().__class__.__name__",
    "__name__",
    "x = 5;",
    "x",
    "%who_ls int",
    "!echo from a shell",
    # (The standard kernel reads the descriptor in a thread of its own: what comes after the cell's end is lost there.)
    "import os, time\nos.write(1, b'written to the descriptor\\n') and time.sleep(2)",
    "import warnings\nwarnings.warn('look out', UserWarning)",
    "def f():\n    yield 1\nlist(f())",
    "import os\nos.getcwd().endswith(os.path.basename(os.getcwd()))",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(1, 1)); ax.plot([1, 2]); 0",
    "",
    "try:\n    input('?')\nexcept Exception as e:\n    print(type(e).__name__, e)",
    "event",
    "def g(n):\n    return 1 / n\ng(0)",
)


def notebook(folder: Path, *sources: str) -> Path:
    notebook_node = nbformat.v4.new_notebook()
    notebook_node.cells = [nbformat.v4.new_code_cell('event = "a"')]
    notebook_node.cells[0].metadata.tags = ["parameters"]
    notebook_node.cells += [nbformat.v4.new_markdown_cell("# Text")] + [nbformat.v4.new_code_cell(s) for s in sources]
    for number, cell in enumerate(notebook_node.cells):
        cell.id = f"c{number}"
    path = folder / "n.ipynb"
    nbformat.write(notebook_node, path)
    return path


# In a process of its own: pytest's has threads, and the libraries shall be loaded before the fork.
SCRIPT = """
import sys
from pathlib import Path
sys.modules["rfc3987_syntax"] = None
import matplotlib.pyplot, numpy, pandas, papermill
from vunki_eval.publish.engine import limits, run, warm
path, target, engine = sys.argv[1:]
assert limits.can_fork(), "a library has started a thread"
run._register_engine()
options = {"kernel_name": "python3", "language": "python", "progress_bar": False}
options["kernel_manager_class"] = run._kernel_manager(Path(target).parent)
if engine == "vunki":
    papermill.engines.NBClientEngine.execute_managed_notebook = None  # no fallback
try:
    papermill.execute_notebook(path, target, {"event": "b"}, engine_name=engine or None, **options)
except papermill.PapermillExecutionError as error:
    print(error.ename, error.source[:9])
"""


def executed(path: Path, target: Path, engine: str) -> Any:
    env = {k: v for k, v in os.environ.items() if k not in ("MPLBACKEND", "PYTEST_CURRENT_TEST")}
    env |= {"OPENBLAS_NUM_THREADS": "1"}  # (ipykernel looks at PYTEST_CURRENT_TEST)
    command = [sys.executable, "-c", SCRIPT, str(path), str(target), engine]
    done = subprocess.run(command, env=env, cwd=path.parent, capture_output=True, text=True, timeout=600)
    assert done.stdout.endswith("ZeroDivisionError def g(n):\n"), done.stderr + done.stdout
    return nbformat.read(target, as_version=4)


def shown(outputs: list[Any]) -> Any:
    """Outputs without memory addresses and process numbers."""
    return json.loads(re.sub(r"0x[0-9a-f]{8,}|ipykernel_\d+", "0", json.dumps(join_streams(outputs))))


@linux
def test_outputs_equal_those_of_the_standard_engine(tmp_path: Path) -> None:
    path = notebook(tmp_path, *CELLS)
    ours = executed(path, tmp_path / "ours.ipynb", "vunki")
    theirs = executed(path, tmp_path / "theirs.ipynb", "")
    assert len(ours.cells) == len(theirs.cells)
    for mine, other in zip(ours.cells, theirs.cells, strict=True):
        assert mine.source == other.source
        if mine.cell_type == "code":
            assert shown(mine.outputs) == shown(other.outputs), mine.source
            assert mine.execution_count == other.execution_count, mine.source
    assert ours.metadata.language_info == theirs.metadata.language_info
    assert all(c.outputs for c in ours.cells[3:] if c.cell_type == "code" and c.source not in ("", "x = 5;"))


# Several notebooks in one process, each ending in its own way: {name: (sources, settings)}.
ENDINGS = {
    "died": (["1", "import os; os._exit(3)"], {}),
    "killed": (["import os, signal; os.kill(os.getpid(), signal.SIGKILL)"], {}),
    "timeout": (["while True: pass"], {"VUNKI_CELL_SECONDS": "8"}),
    "memory": (["x = bytearray(3 * 2**30)"], {"VUNKI_MEMORY_MB": "500"}),
    "error": (["1", "raise KeyError('secret')"], {}),
    "syntax": (["1 +"], {}),
    "ours": (
        ["from vunki_eval.errors import InputError\nraise InputError('Row 3 is wrong.')"],
        {},
    ),
    "left": (["import subprocess; p = subprocess.Popen(['sleep', '61']); print(p.pid)"], {}),
    "fine": (["import os; print(os.getppid())", "event"], {}),
    "hung": (
        ["import os, time\nif type(get_ipython()).__name__.startswith('Forked'):\n    time.sleep(60)\nprint('slept')"],
        {},
    ),
}
RUNNER = """
import json, os, sys
sys.modules["rfc3987_syntax"] = None
from pathlib import Path
from vunki_eval.publish.engine import limits, run, warm
from vunki_eval.errors import VunkiError
import papermill
assert limits.can_fork()
warm.IDLE_SECONDS = 3
folder = Path(sys.argv[1])
endings = {}
for name, settings in json.loads(sys.argv[2]).items():
    os.environ.update(settings)
    private = folder / name
    try:
        options = {"cwd": folder, "results": folder / "r.json", "private": private}
        done = run.run_notebook(private / "n.ipynb", {"event": "b"}, **options)
        endings[name] = [[dict(o) for o in c.outputs] for c in done.cells if c.cell_type == "code"]
    except VunkiError as error:
        endings[name] = str(error)
    for key in settings:
        del os.environ[key]
print(json.dumps({"endings": endings, "pid": os.getpid(), "threads": limits.native_threads()}))
"""


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("endings")
    for name, (sources, _) in ENDINGS.items():
        (folder / name).mkdir()
        notebook(folder / name, *sources)
    settings = json.dumps({name: s for name, (_, s) in ENDINGS.items()})
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", RUNNER, str(folder), settings]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@linux
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("died", r"n.ipynb:cell 4: The notebook's process ended in this cell"),
        ("killed", r"n.ipynb:cell 3: The notebook's process ended in this cell"),
        ("timeout", r"n.ipynb:cell 3: This cell took too long"),
        ("memory", r"n.ipynb:cell 3: The notebook stopped with MemoryError"),
        ("error", r"n.ipynb:cell 4: The notebook stopped with KeyError\. Run"),
        ("syntax", r"n.ipynb:cell 3: The notebook stopped with SyntaxError"),
        ("ours", r"n.ipynb:cell 3: The notebook stopped with InputError. Row 3 is wrong"),
    ],
)
def test_a_notebook_that_ends_badly_is_located(endings: dict[str, Any], name: str, message: str) -> None:
    """71; the cell's number is that of the notebook as its author has it."""
    assert re.match(message, endings["endings"][name]), endings["endings"][name]
    assert "secret" not in endings["endings"][name]


@linux
def test_the_notebooks_after_a_bad_one_run(endings: dict[str, Any]) -> None:
    outputs = endings["endings"]["fine"]
    assert outputs[-1][0]["data"]["text/plain"] == "'b'"
    assert int(outputs[-2][0]["text"]) == endings["pid"]


@linux
def test_what_a_cell_has_started_ends_with_the_notebook(endings: dict[str, Any]) -> None:
    pid = int(endings["endings"]["left"][-1][0]["text"])
    assert not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()


@linux
def test_a_child_that_hangs_is_replaced_by_the_standard_engine(endings: dict[str, Any]) -> None:
    assert endings["endings"]["hung"][-1] == [{"name": "stdout", "output_type": "stream", "text": "slept\n"}]
