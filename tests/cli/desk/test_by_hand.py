"""A notebook by hand: a mistake gives a message, not a wall of calls; cells of one's own are published."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

OWN = """import matplotlib.pyplot as plt

figure, axes = plt.subplots()
axes.plot([1, 2, 3], label="oma joonis");"""


def test_a_mistake_gives_one_message(own_project: Path) -> None:
    made = nbformat.v4.new_notebook()
    sources = ['import vunki_eval as ve\nve.evaluate(event="nowhere")', "ve.load_words(event=1 / 0)"]
    made.cells = [nbformat.v4.new_code_cell(s) for s in sources]
    client = NotebookClient(made, timeout=600, allow_errors=True, resources={"metadata": {"path": str(own_project)}})
    client.execute()
    [shown] = [o for o in made.cells[0].outputs if o.output_type == "error"]
    assert shown.ename == "UsageError"
    assert "VE-102" in shown.traceback[0]
    assert "explain" in shown.traceback[-1]
    assert len(shown.traceback) <= 4
    assert not re.search(r"File |Traceback|\.py", "\n".join(shown.traceback))
    [other] = [o for o in made.cells[1].outputs if o.output_type == "error"]
    assert other.ename == "ZeroDivisionError"


@pytest.mark.slow
def test_cells_of_ones_own_are_published(own_project: Path) -> None:
    path = own_project / "notebooks" / "event_report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    place = next(n for n, c in enumerate(notebook.cells) if "sections.trust" in c.source)
    text = nbformat.v4.new_markdown_cell("Minu enda lõik: **rahvamaja** köeti ise.")
    drawn = nbformat.v4.new_code_cell(OWN, metadata={"alt": "Joon tõuseb ühest kolmeni."})
    notebook.cells[place:place] = [text, drawn]
    nbformat.write(notebook, path)
    words = [sys.executable, "-m", "vunki_eval", "report", "-e", "2021-online", "-l", "et"]
    done = subprocess.run(words, cwd=own_project, capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stderr
    folder = own_project / "reports" / "2021-online" / "et"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<strong>rahvamaja</strong> köeti ise" in page
    kept = json.loads((folder / "report.ipynb").read_text(encoding="utf-8"))
    own = next(c for c in kept["cells"] if "oma joonis" in "".join(c["source"]))
    assert [list(o["data"]) for o in own["outputs"] if o["output_type"] == "display_data"] == [
        ["image/png", "text/plain"]
    ]
    assert "data:image/png;base64," in page
    assert "Joon tõuseb ühest kolmeni." in page
    assert (folder / "report.pdf").stat().st_size > 20_000
