"""Search bytes for words in every disguise: encodings, escapes, hashes; inside archives, PDFs, pictures, SPSS files."""

import base64
import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

DEEPEST = 6
_DATA_URI = re.compile(rb"base64,\s*([A-Za-z0-9+/=\s]{40,})")


def disguises(word: str) -> dict[str, set[bytes]]:
    """Give what a word looks like in bytes, by the kind of disguise; text is compared without case and white space."""
    plain = "".join(word.split())
    utf16 = {plain.encode("utf-16-le"), plain.encode("utf-16-be")}
    hashed = {word, word.casefold(), word.upper(), plain}
    digests = {h(v.encode()) for v in hashed for h in (hashlib.sha256, hashlib.md5, hashlib.sha1)}
    found = {
        "utf-8": {plain.encode()},
        "latin": {plain.encode(c, "replace") for c in ("cp1257", "latin-1", "iso8859-15")},
        "utf-16": utf16,
        "entities": {
            "".join(f"&#{ord(c)};" for c in plain).encode(),
            "".join(f"&#x{ord(c):x};" for c in plain).encode(),
            html.escape(plain).encode("ascii", "xmlcharrefreplace"),
            "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in plain).encode(),
        },
        "base64": {p for t in (word, plain) for c in ("utf-8", "utf-16-le") for p in _base64(t.encode(c))},
        "percent": {quote(plain).encode(), "".join(f"%{b:02X}" for b in plain.encode()).encode()},
        "unicode escapes": {
            json.dumps(plain)[1:-1].encode(),
            "".join(f"\\u{ord(c):04x}" for c in plain).encode(),
            plain.encode("unicode_escape"),
        },
        "hex": {plain.encode().hex().encode()},
        "hashes": {d.hexdigest().encode() for d in digests} | {d.digest() for d in digests},
    }  # fmt: skip
    return {kind: {f if kind == "base64" else _folded(f) for f in forms if len(f) > 3} for kind, forms in found.items()}


def _base64(raw: bytes) -> Iterator[bytes]:
    """Give the middle of a word's base64, whatever stands before it."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        yield coded[(0, 2, 3)[before] : len(coded) - 4]


def _folded(data: bytes) -> bytes:
    """Reduce to small letters without white space."""
    text = unicodedata.normalize("NFC", data.decode("utf-8", "surrogateescape")).casefold()
    return "".join(text.replace("\u00ad", "").replace("\u200b", "").split()).encode("utf-8", "surrogateescape")


def search(data: bytes, words: Iterable[str]) -> list[tuple[str, str]]:
    """Find words in bytes and in everything packed inside them; give (word, disguise)."""
    wanted = {word: disguises(word) for word in words}
    found = set()
    for layer in layers(data):
        folded = _folded(layer)
        for word, kinds in wanted.items():
            for kind, forms in kinds.items():
                if any(f in (layer if kind == "base64" else folded) for f in forms):
                    found.add((word, kind))
    return sorted(found)


def layers(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """Give the bytes, and what is packed in them."""
    yield data
    if depth >= DEEPEST:
        return
    for inner in _unpacked(data):
        yield from layers(inner, depth + 1)


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                yield info.filename.encode() + b"\n" + info.comment
                yield archive.read(info)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data)
    elif data.startswith(b"\x89PNG"):
        yield from _png(data)
    elif data.startswith(b"\x1f\x8b"):
        yield zlib.decompress(data, 31)
    elif data.startswith((b"$FL2", b"$FL3")):
        yield _sav(data)
    elif data.lstrip()[:1] in (b"{", b"["):
        yield from _json(data)
    if data[:100_000].count(0) > len(data[:100_000]) // 5:
        for code in ("utf-16-le", "utf-16-be"):
            for start in (0, 1):
                yield data[start:].decode(code, "ignore").encode("utf-8", "ignore")
    for coded in _DATA_URI.findall(data):
        raw = b"".join(coded.split())
        yield base64.b64decode(raw + b"=" * (-len(raw) % 4))


def _json(data: bytes) -> Iterator[bytes]:
    try:
        waiting = [json.loads(data)]
    except ValueError:
        return
    texts = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            texts.append(value)
    yield "\n".join(texts).encode("utf-8", "surrogatepass")


def _png(data: bytes) -> Iterator[bytes]:
    place = 8
    while place + 8 <= len(data):
        size, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + size]
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            for start in (i for i in range(len(body)) if body[i : i + 1] == b"\x78"):
                try:
                    yield zlib.decompress(body[start:])
                except zlib.error:
                    continue
        place += size + 12


def _pdf(data: bytes) -> Iterator[bytes]:
    """Give streams uncompressed, the text as it reads, metadata and attachments."""
    import pikepdf

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.pdf"
        path.write_bytes(data)
        if shutil.which("qpdf"):
            done = subprocess.run(
                ["qpdf", "--qdf", "--object-streams=disable", str(path), "-"], capture_output=True, check=False
            )
            yield b"%" + done.stdout
        if shutil.which("pdftotext"):
            yield subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout
        with pikepdf.open(path) as pdf:
            yield "\n".join(f"{k} {v}" for k, v in pdf.docinfo.items()).encode()
            with pdf.open_metadata() as meta:
                yield str(meta).encode()
            for name, spec in pdf.attachments.items():
                yield name.encode()
                yield spec.get_file().read_bytes()


def _sav(data: bytes) -> bytes:
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sav"
        path.write_bytes(data)
        frame, meta = pyreadstat.read_sav(path)
    told = [meta.column_names_to_labels, meta.variable_value_labels, meta.notes, meta.file_label, meta.table_name]
    return (frame.to_csv() + repr(told)).encode()


def search_folder(folder: Path, words: Iterable[str]) -> list[tuple[str, str, str]]:
    """Find words in every file below a folder, and in the files' names; give (file, word, disguise)."""
    chosen = list(words)
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found += [(name, word, f"name, {kind}") for word, kind in search(name.encode(), chosen)]
        if path.is_file() and not path.is_symlink():
            found += [(name, word, kind) for word, kind in search(path.read_bytes(), chosen)]
    return found
