import pytest

from vunki_eval.errors import ConfigError, InputError
from vunki_eval.readers.files.encoding import byte_order_mark, decode, line_at, mojibake

TEXT = "kood,vastus\n1,õäöü šž\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_or_utf8(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "a.csv") == TEXT


def test_big_endian_mark() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be"), "a.csv") == TEXT


def test_declared() -> None:
    assert decode(TEXT.encode("cp1257"), "a.csv", "cp1257") == TEXT
    assert decode(TEXT.encode("utf-8-sig"), "a.csv", "utf-8") == TEXT


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("a,b\n1,õ\n", "cp1257", "cp1257"),
        ("a,b\n1,š\n", "cp1252", "cp1252"),
        ("a,b\n1,šõ\n", "iso8859-15", "iso8859-15"),
    ],
)
def test_refused_with_the_likely_encoding(text: str, encoding: str, named: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(text.encode(encoding), "a.csv")
    problem = caught.value.problems[0]
    assert (problem.row, problem.code) == (2, "VE-312")
    assert named in problem.problem
    assert "byte 6 " in problem.problem
    assert f'encoding = "{named}"' in problem.hint


@pytest.mark.parametrize("text", ["kood,õ\n", "kood,o\n"])
def test_utf16_without_mark_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="likely utf-16-le"):
        decode(text.encode("utf-16-le"), "a.csv")


def test_declaration_against_the_mark() -> None:
    with pytest.raises(ConfigError, match="marked as utf-8"):
        decode(TEXT.encode("utf-8-sig"), "a.csv", "cp1257")
    with pytest.raises(ConfigError, match="unknown"):
        decode(b"a", "a.csv", "no-such-encoding")


def test_nul() -> None:
    with pytest.raises(InputError) as caught:
        decode(b"a,b\r\n1,2\r\nx\0y,3\r\n", "a.csv")
    assert (caught.value.problems[0].row, caught.value.problems[0].code) == (3, "VE-314")


def test_lines_of_any_ending() -> None:
    text = "a\r\nb\rc\nd"
    assert [line_at(text, text.index(c)) for c in "abcd"] == [1, 2, 3, 4]


def test_mojibake_is_found() -> None:
    assert mojibake("a\nÃµun\nõun\n\ufffd") == [2, 4]
    assert mojibake("Õnn, süda ja Å") == []


@pytest.mark.parametrize("name", ["utf-32-le", "utf-32-be", "utf-8", "utf-16-le", "utf-16-be"])
def test_byte_order_marks(name: str) -> None:
    mark = "\ufeff".encode(name)
    assert byte_order_mark(mark + "õ".encode(name)) == (mark, name)
    assert byte_order_mark("õ".encode()) == (b"", "")
