"""Decode bytes without guessing: as declared, by a byte order mark, or as UTF-8; refuse the rest with advice."""

import codecs
import re

from vunki_eval.errors import M_, ConfigError, InputError, Problem

# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TWICE_DECODED = re.compile("Ã[µ¤¶¼•„–œ\u0095\u0084\u0096\u009c]|Å[¡¾½\u00a0]|â€[œ“™˜]|\ufffd")


def decode(raw: bytes, file: str, declared: str = "") -> str:
    """Decode a text file, or say which encoding is likely.

    Parameters
    ----------
    raw : bytes
    file : str
        Name for messages.
    declared : str
        Encoding named in the config; "" if none.

    Raises
    ------
    InputError
        If the bytes do not fit; it names the likely encoding, the offset and the line.
    """
    mark, marked = byte_order_mark(raw)
    if declared:
        _check_declared(declared, marked, file)
    name = marked or declared or "utf-8"
    try:
        text = raw[len(mark) :].decode(name)
    except UnicodeDecodeError as error:
        if marked:
            problem = M_(
                "The file is marked as {name}, but byte {n} does not fit.", name=name.upper(), n=len(mark) + error.start
            )
            raise InputError(Problem(file, 0, "", problem, M_("It is damaged: export it again."), "VE-312")) from None
        raise InputError(_refusal(raw, error.start, file, name)) from None
    if "\0" in text:
        if _likely(raw).startswith("utf-16"):
            raise InputError(_refusal(raw, raw.index(b"\0"), file, name))
        row = line_at(text, text.index("\0"))
        raise InputError(
            Problem(file, row, "", M_("The line holds a NUL character."), M_("Export the file again."), "VE-314")
        )
    return text


def byte_order_mark(raw: bytes) -> tuple[bytes, str]:
    """Return the byte order mark of a file and the encoding it stands for; empty if there is none."""
    return next(((mark, name) for mark, name in _MARKS if raw.startswith(mark)), (b"", ""))


def line_at(text: str, offset: int) -> int:
    """Return the physical line, counted from 1, that holds an offset; lines end in LF, CR or CR LF."""
    before = text[:offset]
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


def mojibake(text: str) -> list[int]:
    """Find lines with letters that were decoded twice or lost (``Ãµ`` for ``õ``); stop after 50 such letters."""
    return sorted({line_at(text, m.start()) for _, m in zip(range(50), _TWICE_DECODED.finditer(text), strict=False)})


def _check_declared(declared: str, marked: str, file: str) -> None:
    try:
        codec = codecs.lookup(declared).name
    except LookupError:
        problem = M_("The encoding declared for this file is unknown.")
        raise ConfigError(Problem(file, 0, "encoding", problem, M_('Write "utf-8" or "cp1257".'), "VE-312")) from None
    if marked and codecs.lookup(marked).name.split("-")[:2] != codec.removesuffix("-sig").split("-")[:2]:
        problem = M_("The file is marked as {marked}, but the config declares another encoding.", marked=marked)
        raise ConfigError(Problem(file, 0, "encoding", problem, M_("Remove the declaration."), "VE-312"))


def _refusal(raw: bytes, offset: int, file: str, tried: str) -> Problem:
    row = line_at(raw[:offset].decode("latin-1"), offset)
    near = _likely(raw)
    problem = M_(
        "The file is not {tried}: byte {offset} does not fit. It is likely {near}.",
        tried=tried.upper(),
        offset=offset,
        near=near,
    )
    hint = M_('Save it as UTF-8, or declare encoding = "{near}" for this wave in surveys/project.toml.', near=near)
    return Problem(file, row, "", problem, hint, "VE-312")


def _likely(raw: bytes) -> str:
    """Name the likely encoding of Estonian text, for advice only.

    The bytes tested are those of š, ž, õ and their capitals, which the Baltic and Western code pages place differently.
    """
    sample = raw[:200_000]
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    if max(zeros) > len(sample) // 5:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    high = {b for b in sample if b >= 0x80}
    if high & {0x8A, 0x9A, 0x8E, 0x9E}:
        return "cp1252"
    if high & {0xA6, 0xA8, 0xB4, 0xB8} and not high & {0xD0, 0xF0, 0xDE, 0xFE}:
        return "iso8859-15"
    return "cp1257"
