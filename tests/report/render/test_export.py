"""The doors in: our own function and plain nbconvert."""

import io
import subprocess
import sys
from importlib.metadata import entry_points

import nbformat
import pikepdf
import pytest

from vunki_eval.errors import BuildError
from vunki_eval.report.render.export import export_notebook, find_results


@pytest.fixture
def report(tmp_path, demo):
    path = tmp_path / "2020-antsla" / "et" / "report.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(demo.notebook(demo.sections()[:3]), path)
    (path.parents[1] / "results.json").write_text('{"schema": 1}', encoding="utf-8")
    return path


def test_an_unknown_format_is_refused(book):
    with pytest.raises(BuildError, match=r"Formats: pdf, html, docx\.") as error:
        export_notebook(book, "odt")
    assert error.value.exit_code == 4


def test_results_that_cannot_be_read_are_refused(book, tmp_path):
    (tmp_path / "results.json").write_text("{", encoding="utf-8")
    for path in (tmp_path / "results.json", tmp_path / "none.json"):
        with pytest.raises(BuildError, match="VE-432"):
            export_notebook(book, "pdf", results_path=path)


def test_without_results_nothing_is_attached(demo):
    data = export_notebook(demo.notebook(demo.sections()[:3]), "pdf")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.attachments) == 0


def test_results_are_looked_for_beside_and_above(report, tmp_path):
    assert find_results(report.parent) == report.parents[1] / "results.json"
    assert find_results(report.parents[1]) == report.parents[1] / "results.json"
    assert find_results(tmp_path) is None


def test_exporters_give_what_the_function_gives(report):
    from vunki_eval.report.render.exporters import VunkiHTMLExporter, VunkiPDFExporter

    results = report.parents[1] / "results.json"
    book = nbformat.read(report, as_version=4)
    pdf, resources = VunkiPDFExporter().from_filename(str(report))
    assert resources["output_extension"] == ".pdf"
    assert pdf == export_notebook(book, "pdf", results_path=results)
    html, resources = VunkiHTMLExporter().from_filename(str(report))
    assert resources["output_extension"] == ".html"
    assert html.encode("utf-8") == export_notebook(book, "html")


def test_the_path_of_results_can_be_given(report, tmp_path):
    from vunki_eval.report.render.exporters import VunkiPDFExporter

    other = tmp_path / "other.json"
    other.write_text('{"schema": 2}', encoding="utf-8")
    data, _ = VunkiPDFExporter(results_path=str(other)).from_filename(str(report))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.attachments["results.json"].get_file().read_bytes() == b'{"schema": 2}'


@pytest.mark.parametrize(
    ("to", "ending", "begins"),
    [
        ("vunki-pdf", ".pdf", b"%PDF-1.7"),
        pytest.param("vunki-html", ".html", b"<!doctype", marks=pytest.mark.slow),
        pytest.param("vunki-docx", ".docx", b"PK", marks=pytest.mark.slow),
    ],
)
def test_plain_nbconvert_knows_us(report, to, ending, begins):
    if to not in entry_points(group="nbconvert.exporters").names:
        pytest.skip("vunki-eval is not installed here, so its entry points are not known")
    run = [sys.executable, "-m", "nbconvert", "--to", to, "--log-level", "ERROR", str(report)]
    subprocess.run(run, check=True, timeout=600, capture_output=True)
    assert report.with_suffix(ending).read_bytes().startswith(begins)


def test_importing_the_function_is_cheap():
    code = (
        "import sys, vunki_eval.report.render.export, vunki_eval.report.render.notebook; "
        "print([m for m in ('typst', 'mistune', 'fontTools', 'nbconvert', 'matplotlib', 'pandas') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=600)
    assert run.stdout.strip() == "[]"
