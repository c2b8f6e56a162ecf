"""Logos are looked at before anything is done with them."""

import base64
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.project.test_style import problems
from vunki_eval.project.logos import MOST_PIXELS, LogoError, logo_data
from vunki_eval.project.theme import font_folder

FONT = "NotoEmoji_400Regular.ttf"


def png(width: int = 40, height: int = 20) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#123456").save(file, "PNG")
    return file.getvalue()


def unfolding_png(width: int, height: int) -> bytes:
    """A few hundred kilobytes that unfold to width x height pixels, written without holding them."""
    deflate = zlib.compressobj(9)
    rows = b"".join(deflate.compress(bytes(1 + width)) for _ in range(height)) + deflate.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">{inside}</svg>'.encode()


def embedded(data: bytes, kind: str = "png") -> bytes:
    return svg(f'<image width="9" height="9" href="data:image/{kind};base64,{base64.b64encode(data).decode()}"/>')


def test_whole_pictures_are_taken() -> None:
    assert logo_data(png(), "png") == png()
    assert b"<rect" in logo_data(svg('<rect width="9" height="9"/>'), "svg")
    assert b"data:image/png" in logo_data(embedded(png()), "svg")


@pytest.mark.parametrize("unsafe", [
    "<script>alert(1)</script>", '<rect onload="alert(1)"/>', '<image href="https://example.org/x.png"/>',
    '<a href="javascript:alert(1)"><rect/></a>', "<style>@import url(https://example.org/x.css);</style>",
    "<foreignObject><p>x</p></foreignObject>", '<rect fill="url(https://example.org/x.svg#a)"/>',
])  # fmt: skip
def test_a_logo_brings_no_script_and_no_address(unsafe: str) -> None:
    data = logo_data(svg(unsafe + '<circle r="9"/>'), "svg")
    assert b"circle" in data
    for part in (b"alert", b"example.org", b"foreign", b"import"):
        assert part not in data


@pytest.mark.parametrize(("data", "kind"), [
    (png()[:-20], "png"), (png()[:60], "png"), (b"", "png"), (b"GIF89a", "png"), (svg("<g>"), "svg"),
    (b"<html></html>", "svg"), (b"\xff\xfe", "svg"), (embedded(png()[:50]), "svg"), (embedded(png(), "jpeg"), "svg"),
    (b'<!DOCTYPE s [<!ENTITY a "b">]>' + svg("&a;"), "svg"),
], ids=range(10))  # fmt: skip
def test_a_damaged_logo_is_refused(data: bytes, kind: str) -> None:
    with pytest.raises(LogoError) as refused:
        logo_data(data, kind)
    assert "not a whole" in str(refused.value.fault)


@pytest.mark.parametrize(("width", "height"), [(4001, 4000), (20_000, 5_000), (20_000, 20_000)])
def test_a_picture_that_unfolds_is_refused_before_it_does(width: int, height: int) -> None:
    bomb = unfolding_png(width, height)
    assert len(bomb) < 500_000
    for data, kind in ((bomb, "png"), (embedded(bomb), "svg")):
        with pytest.raises(LogoError) as refused:
            logo_data(data, kind)
        assert f"more than {MOST_PIXELS // 1_000_000} million pixels" in str(refused.value.fault)


def test_the_message_names_file_and_key(own_project: Path) -> None:
    (own_project / "surveys" / "logo.png").write_bytes(png()[:-30])
    (own_project / "surveys" / "half.ttf").write_bytes((font_folder() / FONT).read_bytes()[:30_000])
    text = '\n[style]\nfonts = ["half.ttf"]\n[[style.logo]]\nfile = "logo.png"\nalt = { et = "x", en = "y" }\n'
    logo, font = sorted(problems(own_project, text), key=lambda p: "half" in p)[-2:]
    assert "style.logo: The file surveys/logo.png cannot be used: it is not a whole PNG picture." in logo
    assert "style.fonts: The file surveys/half.ttf cannot be used: it is not a whole font file." in font
