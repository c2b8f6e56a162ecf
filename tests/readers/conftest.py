"""A small instrument, and exports made of cells."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from vunki_eval.project.instrument import Instrument, load_instrument


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return load_instrument(Path(__file__).parent / "small_instrument.toml")


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write rows into a workbook; ``change`` edits its parts (name to text) before it is closed."""

    def write(rows: list[list[object]], change: Callable[[str, str], str] | None = None, **sheets: list) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for name, more in sheets.items():
            sheet = book.create_sheet(name)
            for row in more:
                sheet.append(row)
        whole = io.BytesIO()
        book.save(whole)
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                text = old.read(name).decode()
                new.writestr(name, change(name, text) if change else text)
        return path

    return write
