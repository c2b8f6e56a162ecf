"""The demonstration report, made once, and what reads PDFs."""

import importlib.util
import io
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def _load(name):
    spec = importlib.util.spec_from_file_location(f"vunki_document_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def demo():
    return _load("demo")


@pytest.fixture(scope="session")
def pdf_text():
    return _load("pdf_text")


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    path = tmp_path_factory.mktemp("results") / "results.json"
    path.write_text('{"schema": 1, "event": "2020-antsla"}', encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def book(demo):
    return demo.notebook((*demo.sections(), demo.hostile()))


@pytest.fixture(scope="session")
def pdf_bytes(book, results):
    from vunki_eval.report.render.export import export_notebook

    return export_notebook(book, "pdf", results_path=results)


@pytest.fixture
def pdf(pdf_bytes):
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf_bytes)) as opened:
        yield opened


@pytest.fixture(scope="session")
def html(book):
    from vunki_eval.report.render.export import export_notebook

    return export_notebook(book, "html").decode("utf-8")
