"""Every kind of document is known everywhere from one list."""

from importlib.metadata import entry_points

import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.report.render.formats import FORMATS


def test_the_help_names_every_kind_and_nothing_else() -> None:
    said = " ".join(CliRunner().invoke(app, ["report", "--help"]).output.split())
    assert f"{', '.join(FORMATS)};" in said


@pytest.mark.parametrize("name", FORMATS)
def test_nbconvert_writes_every_kind(name: str) -> None:
    (point,) = entry_points(group="nbconvert.exporters", name=f"vunki-{name}")
    exporter = point.load()
    assert exporter.fmt == name
    assert exporter().file_extension == f".{name}"


@pytest.mark.parametrize("name", FORMATS)
def test_no_empty_or_foreign_file_is_whole(name: str) -> None:
    assert not FORMATS[name].is_whole(b"")
    assert not FORMATS[name].is_whole(b"something else")
