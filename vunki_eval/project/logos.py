"""Logos that a project supplies: whole, of bounded size, and cleaned before a report holds them.

A small PNG may unfold to gigabytes, and an SVG may hold such a picture or a script; each exporter takes a logo's bytes
as they come, so they are looked at here, before any work is done.
"""

import base64
import io
import re
import warnings
from functools import lru_cache

from vunki_eval.errors import M_, BuildError, Message
from vunki_eval.project.svg import safe_svg

MOST_PIXELS = 16_000_000
"""About what a whole page takes at 400 dots an inch; decoded, 64 MB."""
_EMBEDDED = re.compile(r"data:image/(png|jpeg);base64,([A-Za-z0-9+/=\s]+)")


class LogoError(ValueError):
    """A logo cannot be used; ``fault`` says why, as the end of a sentence that names the file."""

    def __init__(self, fault: Message) -> None:
        super().__init__()
        self.fault = fault


@lru_cache(16)
def logo_data(data: bytes, kind: str) -> bytes:
    """Return the bytes of a logo that reports may hold: a PNG as it is, an SVG without scripts and addresses.

    Parameters
    ----------
    data : bytes
        The file.
    kind : {"png", "svg"}

    Raises
    ------
    LogoError
        If the picture, or one embedded in it, is damaged or has more than `MOST_PIXELS` pixels.
    """
    if kind == "png":
        _require_whole(data, "PNG")
        return data
    try:
        text = safe_svg(data.decode("utf-8"))
    except (BuildError, ValueError):
        raise LogoError(_unreadable("SVG")) from None
    for embedded in _EMBEDDED.finditer(text):
        _require_whole(base64.b64decode(embedded[2]), embedded[1].upper())
    return text.encode("utf-8")


def _require_whole(data: bytes, kind: str) -> None:
    from PIL import Image

    too_large = LogoError(M_("its picture has more than {n} million pixels.", n=MOST_PIXELS // 1_000_000))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise too_large
                picture.verify()  # reads to the end; the file must be opened again for its pixels
            with Image.open(io.BytesIO(data), formats=[kind]) as picture:
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large from None
    except LogoError:
        raise
    except Exception:  # Pillow raises many kinds for damaged files
        raise LogoError(_unreadable(kind)) from None


def _unreadable(kind: str) -> Message:
    return M_("it is not a whole {kind} picture.", kind=kind)
