import ctypes
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.marks import job_limits
from vunki_eval.errors import InputError, Problem
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files import _child
from vunki_eval.readers.files.opening import (
    open_source,
)
from vunki_eval.readers.files.source import Source

Write = Callable[..., Path]


def opened(path: Path, **options: str) -> Source:
    return open_source(path, path.name, ReaderOptions(**options))


def refused(path: Path, **options: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        opened(path, **options)
    return caught.value.problems


def test_cells_as_text(workbook: Write) -> None:
    path = workbook(
        [
            ["a", "b", "c", "d", "e", "f"],
            [1, 2.0, 0.1, True, dt.datetime(2020, 8, 13, 9, 5, 7), dt.date(2020, 8, 13)],
            [None, None, None, None, None, None],
            ["007", "1E5", " x ", "NA", -3, 12345678901],
        ]
    )
    source = opened(path)
    assert source.container == "xlsx"
    assert source.sheet == "Sheet"
    assert source.lines == [1, 2, 4]
    assert source.rows[1] == ["1", "2", "0.1", "TRUE", "2020-08-13 09:05:07", "2020-08-13"]
    assert source.rows[2] == ["007", "1E5", " x ", "NA", "-3", "12345678901"]


def test_a_lying_dimension_is_not_believed(workbook: Write) -> None:
    def lie(name: str, text: str) -> str:
        return text.replace('<dimension ref="A1:B3"', '<dimension ref="A1"') if "sheet1" in name else text

    assert len(opened(workbook([["a", "b"], [1, 2], [3, 4]], lie)).rows) == 3


def test_blank_rows_and_columns_are_left_out_and_short_rows_filled(workbook: Write) -> None:
    source = opened(workbook([[None, "a", "b"], [], [None, 1], [None, 2, 3]]))
    assert (source.rows, source.lines) == ([["a", "b"], ["1", ""], ["2", "3"]], [1, 3, 4])


def test_error_cells_and_formulas_without_result(workbook: Write) -> None:
    def spoil(name: str, text: str) -> str:
        return text.replace('<c r="A3" t="n"><v>5</v></c>', '<c r="A3" t="e"><v>#N/A</v></c>')

    problems = refused(workbook([["a", "b"], [1, "=1+1"], [5, 2]], spoil))
    assert [(p.row, p.column, p.code) for p in problems] == [(2, "B", "VE-324"), (3, "A", "VE-324")]


def test_formula_with_a_stored_result(workbook: Write) -> None:
    def store(name: str, text: str) -> str:
        return text.replace("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>").replace("<f>1+1</f><v />", "<f>1+1</f><v>2</v>")

    assert opened(workbook([["a", "b"], [1, "=1+1"]], store)).rows[1] == ["1", "2"]


def test_several_sheets_ask_for_one(workbook: Write) -> None:
    path = workbook([["a"], [1]], Teine=[["a"], [2]], Tühi=[])
    problem = refused(path)[0]
    assert problem.code == "VE-323"
    assert "Sheet, Teine" in problem.problem
    assert opened(path, sheet="Teine").rows == [["a"], ["2"]]
    assert refused(path, sheet="Kolmas")[0].code == "VE-323"


def test_hidden_rows_and_sheets_are_pointed_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["a"], [1], [2]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.create_sheet("peidetud").append(["x"])
    book["peidetud"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    source = opened(tmp_path / "a.xlsx")
    assert len(source.rows) == 3
    assert [f.code for f in source.findings] == ["VE-325", "VE-325"]


def test_merged_answers_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, 2], [3, 4], [5, 6], [7, 8]):
        book.active.append(row)
    book.active.merge_cells("A4:A5")
    book.save(tmp_path / "a.xlsx")
    problem = refused(tmp_path / "a.xlsx")[0]
    assert (problem.row, problem.column, problem.code) == (4, "A", "VE-325")


def add_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def test_macros(workbook: Write) -> None:
    assert "macros" in refused(add_part(workbook([["a"], [1]]), "xl/vbaProject.bin", b"x"))[0].problem


def test_zip_bomb(workbook: Write) -> None:
    problem = refused(add_part(workbook([["a"], [1]]), "xl/media/a.bin", bytes(20_000_000)))[0]
    assert problem.code == "VE-321"
    problem = refused(add_part(workbook([["a"], [1]]), "xl/media/a.bin", bytes(60_000_000)))[0]
    assert "larger than 50 MB" in problem.problem


def test_many_parts(workbook: Write) -> None:
    path = workbook([["a"], [1]])
    for number in range(201):
        add_part(path, f"xl/media/{number}.bin", b"")
    assert "more than 200 parts" in refused(path)[0].problem


@pytest.mark.parametrize("place", ["XFD1048576", "A20001", "SG5"])
def test_far_cell(workbook: Write, place: str) -> None:
    digits = "".join(c for c in place if c.isdigit())

    def move(name: str, text: str) -> str:
        return text.replace('<row r="2"', f'<row r="{digits}"').replace('r="A2"', f'r="{place}"')

    assert refused(workbook([["a"], [1]], move))[0].code == "VE-318"


def test_document_type(workbook: Write) -> None:
    bomb = '<!DOCTYPE lolz [<!ENTITY lol "lol">]>'

    def plant(name: str, text: str) -> str:
        return bomb + text if name.endswith("sheet1.xml") else text

    problem = refused(workbook([["a"], [1]], plant))[0]
    assert (problem.code, "document type" in problem.problem) == ("VE-321", True)


def test_cut_short(workbook: Write) -> None:
    path = workbook([["a"], [1]])
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(path)[0].code == "VE-322"


def test_broken_inside(workbook: Write) -> None:
    def spoil(name: str, text: str) -> str:
        return text[: len(text) // 2] if name.endswith("sheet1.xml") else text

    assert refused(workbook([["a"], [1]], spoil))[0].code == "VE-322"


def test_zip_without_workbook(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.csv", "a,b")
    (tmp_path / "a.xlsx").write_bytes(whole.getvalue())
    assert refused(tmp_path / "a.xlsx")[0].code == "VE-313"


def test_encrypted(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(400)
    )
    assert "password" in refused(tmp_path / "a.xlsx")[0].problem


def test_no_cells(workbook: Write) -> None:
    assert refused(workbook([]))[0].code == "VE-311"


def test_a_reader_that_takes_too_long(workbook: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vunki_eval.readers.files.workbook.MOST_SECONDS", 0.01)
    assert refused(workbook([["a"], [1]]))[0].code == "VE-326"


@job_limits
def test_a_reader_that_needs_too_much_memory(workbook: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vunki_eval.readers.files.workbook.MOST_MEMORY", 1_000_000)
    assert refused(workbook([["a"], [1]]))[0].code == "VE-326"


class Kernel:
    """The three functions of Windows' kernel32 that are called, with handles of 64 bits."""

    class Function:
        def __init__(self, calls: list, name: str, answer: object) -> None:
            self.calls, self.name, self.answer, self.restype = calls, name, answer, ctypes.c_int

        def __call__(self, *arguments: object) -> object:
            self.calls.append((self.name, self.restype, arguments))
            return self.answer

    def __init__(self) -> None:
        self.calls: list = []
        self.CreateJobObjectW = self.Function(self.calls, "create", 0x1_0000_0010)
        self.GetCurrentProcess = self.Function(self.calls, "current", 2**64 - 1)
        self.SetInformationJobObject = self.Function(self.calls, "set", 1)
        self.AssignProcessToJobObject = self.Function(self.calls, "assign", 1)


def test_the_limits_of_windows() -> None:
    """The layout is that of winnt.h on 64 bits: 144 bytes, the memory of a process at byte 112."""
    assert ctypes.sizeof(_child.JobLimits) == 144
    places = {name: getattr(_child.JobLimits, name).offset for name, _ in _child.JobLimits._fields_}
    assert (places["flags"], places["affinity"], places["io"], places["process_memory"]) == (16, 48, 64, 112)
    kernel = Kernel()
    _child.limit_by_job(kernel, 1_500_000_000, 61)
    named = {name: (restype, arguments) for name, restype, arguments in kernel.calls}
    assert [name for name, *_ in kernel.calls] == ["create", "set", "current", "assign"]
    assert named["create"][0] is named["current"][0] is ctypes.c_void_p
    job, kind, pointer, size = named["set"][1]
    assert (job.value, kind, size) == (0x1_0000_0010, 9, 144)
    limits = pointer._obj
    assert (limits.flags, limits.process_memory, limits.process_time) == (0x102, 1_500_000_000, 610_000_000)
    assert [handle.value for handle in named["assign"][1]] == [0x1_0000_0010, 2**64 - 1]
