"""The searcher finds a planted word in every disguise: without this, finding nothing would prove nothing."""

import base64
import hashlib
import io
import json
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pandas as pd
import pikepdf
import pyreadstat
import pytest

from tests.canary.search import search, search_folder

WORD = "Õnnekanaari Xqz"


def zipped(data: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", data)
    return whole.getvalue()


def workbook(word: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"] = f"before {word} after"
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


def pdf(word: str, where: str) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    if where == "info":
        made.docinfo["/Author"] = word
    elif where == "xmp":
        with made.open_metadata() as meta:
            meta["dc:title"] = word
    elif where == "attachment":
        made.attachments["a.json"] = json.dumps({"a": word}).encode()
    else:
        made.pages[0].Contents = made.make_stream(f"BT ({word}) Tj ET".encode())
    whole = io.BytesIO()
    made.save(whole, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return whole.getvalue()


def png(word: str) -> bytes:
    body = b"Comment\0\0" + zlib.compress(word.encode())
    chunk = b"zTXt" + body
    return b"\x89PNG\r\n\x1a\n" + len(body).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)


def sav(word: str, folder: Path) -> bytes:
    path = folder / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [f"{word} and much more", "b"]}), path)
    return path.read_bytes()


PLANTED = {
    "utf-8": WORD.encode(),
    "another case": WORD.upper().encode(),
    "line break": "Õnnekanaari\n  Xqz".encode(),
    "utf-16": WORD.encode("utf-16-le"),
    "utf-16-be": WORD.encode("utf-16-be"),
    "cp1257": WORD.encode("cp1257"),
    "entities": "".join(f"&#{ord(c)};" for c in WORD).encode().replace(b"&#32;", b" "),
    "hexadecimal entities": b"&#xd5;nnekanaari Xqz",
    "decimal entities of strange letters": b"&#213;nnekanaari Xqz",
    "percent": quote(WORD).replace("%20", "").encode(),
    "json": json.dumps({"a": WORD}).encode(),
    "escapes": "".join(f"\\u{ord(c):04x}" for c in WORD.replace(" ", "")).encode(),
    "base64": base64.b64encode(b"x" + WORD.encode()),
    "base64, one further": base64.b64encode(b"xy" + WORD.encode()),
    "base64, two further": base64.b64encode(b"xyz" + WORD.encode() + b"!"),
    "hex": WORD.replace(" ", "").encode().hex().encode(),
    "sha256": hashlib.sha256(WORD.encode()).hexdigest().encode(),
    "md5": hashlib.md5(WORD.encode()).hexdigest().encode(),
    "raw sha256": b"..." + hashlib.sha256(WORD.encode()).digest(),
    "zip": zipped(WORD.encode()),
    "zip in zip": zipped(zipped(WORD.encode())),
    "workbook": workbook(WORD),
    "pdf text": pdf("Kanaarixqz", "text"),
    "pdf info": pdf(WORD, "info"),
    "pdf xmp": pdf(WORD, "xmp"),
    "pdf attachment": pdf(WORD, "attachment"),
    "png": png(WORD),
    "picture in a page": b"<img src='data:image/png;base64," + base64.b64encode(png(WORD)) + b"'>",
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_found(name: str) -> None:
    word = "Kanaarixqz" if name == "pdf text" else WORD
    assert search(PLANTED[name], [word])


def test_found_in_an_spss_file(tmp_path: Path) -> None:
    assert search(sav(WORD, tmp_path), [WORD])


@pytest.mark.parametrize("name", PLANTED)
def test_nothing_is_found_where_nothing_is(name: str) -> None:
    assert search(PLANTED[name], ["Rästikukanaari Yyq"]) == []


def test_files_and_their_names(tmp_path: Path) -> None:
    (tmp_path / "Kanaarixqz").mkdir()
    (tmp_path / "Kanaarixqz" / "a.txt").write_text("nothing")
    assert {f for f, _, _ in search_folder(tmp_path, ["kanaarixqz"])} == {"Kanaarixqz", "Kanaarixqz/a.txt"}
