"""A project's own look: the ``[style]`` table of ``project.toml``, checked for legibility, as a `Theme`."""

import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from vunki_eval.errors import Problem
from vunki_eval.project.instrument import Model, Texts
from vunki_eval.project.theme import LEGIBLE, SIGHTS, THEME, Logo, Theme, apart, contrast, darker, mixed

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
FACES, LOGOS = (".ttf", ".otf"), (".png", ".svg")
MOST_BYTES = 2_000_000
LEAST_APART = 15.0


class LogoFile(Model):
    """A ``[[style.logo]]``: a PNG or SVG file below ``surveys/`` and what it shows in words."""

    file: str
    alt: Texts


class Style(Model):
    """The ``[style]`` table; what is left out keeps the shipped look.

    ``accent`` colours headings, heads of tables, the cover and the wave after the event; ``second`` numbers, marks
    and the follow-up.
    """

    accent: Colour | None = None
    second: Colour | None = None
    sans: str = ""
    serif: str = ""
    fonts: tuple[str, ...] = ()
    logo: tuple[LogoFile, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Files that the look is made of, below ``surveys/``."""
        return (*self.fonts, *(logo.file for logo in self.logo))


def style_problems(style: Style, surveys: Path, languages: tuple[str, ...], file: str) -> list[Problem]:
    """Find everything that is wrong with a look: colours too weak or too alike, files that cannot be used."""
    return [
        Problem(file, 0, f"style.{where}", what, hint, "VE-780")
        for where, what, hint in (*_colours(style), *_files(style, surveys), *_words(style, languages))
    ]


def _colours(style: Style) -> Iterator[tuple[str, str, str]]:
    weak = False
    for name in ("accent", "second"):
        colour = getattr(style, name)
        if colour and (found := min(contrast(colour, "#ffffff"), contrast(colour, _tint(style)))) < LEGIBLE:
            weak = True
            what = f"The colour {colour} is too light to be read: contrast {found:.1f}, at least 4.5 is needed."
            yield name, what, f"Take a darker one, for example {darker(colour)}."
    theme = colours_of(style.accent, style.second)
    if not weak and theme.after != theme.followup:
        near = [sight for sight in SIGHTS if apart(theme.after, theme.followup, sight) < LEAST_APART]
        if near:
            what = f"accent {theme.after} and second {theme.followup} look alike to some readers ({', '.join(near)})."
            yield (
                "second",
                what,
                "Take two of different hue and lightness, as a dark blue and an orange-brown.",
            )
    if not weak and theme.after == theme.followup:
        yield "second", "accent and second are the same colour.", "Take two that differ: they tell the waves apart."


def _files(style: Style, surveys: Path) -> Iterator[tuple[str, str, str]]:
    places = [("fonts", name, FACES) for name in style.fonts] + [("logo", logo.file, LOGOS) for logo in style.logo]
    for where, name, endings in places:
        path = surveys / name
        inside = path.resolve().is_relative_to(surveys.resolve()) and not Path(name).is_absolute()
        if not inside or path.suffix.lower() not in endings:
            hint = f"Put a file that ends with {' or '.join(endings)} below surveys/ and name it from there."
            yield where, f"The file {name!r} cannot be used here.", hint
        elif not path.is_file():
            yield where, f"There is no file surveys/{name}.", "Put it there, or remove the line."
        elif path.stat().st_size > MOST_BYTES:
            yield where, f"The file surveys/{name} is larger than 2 MB.", "Make it smaller."
        elif not (_family(path) if where == "fonts" else _is_picture(path)):
            yield where, f"The file surveys/{name} cannot be read.", f"Give a real {path.suffix[1:].upper()} file."
    families = {_family(surveys / name) for name in style.fonts if (surveys / name).is_file()}
    for role in ("sans", "serif"):
        family = getattr(style, role)
        if family and family not in {*families, THEME.sans, THEME.serif}:
            said = ", ".join(sorted(f for f in families if f)) or "none"
            yield role, f"No font file holds the typeface {family!r}.", f"Name its files in fonts; they hold: {said}."


def _words(style: Style, languages: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for logo in style.logo:
        missing = [lang for lang in languages if not logo.alt.get(lang, "").strip()]
        if missing:
            yield "logo", f"The logo {logo.file!r} has no words (alt) in: {', '.join(missing)}.", "Say what it shows."


def _is_picture(path: Path) -> bool:
    if path.suffix.lower() == ".png":
        return path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    from vunki_eval.errors import BuildError
    from vunki_eval.project.svg import svg_size

    try:
        return bool(svg_size(path.read_text("utf-8")))
    except (BuildError, ValueError):
        return False


def _family(path: Path) -> str:
    """Give the name of a font file's family, "" when it is no font."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(io.BytesIO(path.read_bytes())) as font:
            return str(font["name"].getBestFamilyName() or "")
    except (TTLibError, OSError, KeyError):
        return ""


def project_theme(style: Style, surveys: Path) -> Theme:
    """Make the look with its files read; what is left out is as shipped."""
    base = colours_of(style.accent, style.second)
    logos = tuple(
        Logo((surveys / logo.file).read_bytes(), (surveys / logo.file).suffix[1:].lower(), tuple(logo.alt.items()))
        for logo in style.logo
    )
    faces = tuple(str(surveys / name) for name in style.fonts)
    return base.but(sans=style.sans or base.sans, serif=style.serif or base.serif, faces=faces, logos=logos)


@lru_cache(32)
def colours_of(accent: str | None, second: str | None) -> Theme:
    """Make a look of two colours alone, as figures need it."""
    accent, second = (accent or THEME.after).lower(), (second or THEME.warm).lower()
    tint = THEME.tint if accent == THEME.after else mixed(accent, 0.07)
    return THEME.but(after=accent, followup=second, warm=second, tint=tint)


def theme_of(meta: Mapping[str, Any]) -> Theme:
    """Give the look that results carry for their figures."""
    style = meta.get("style") or {}
    return colours_of(style.get("accent"), style.get("second"))


def _tint(style: Style) -> str:
    return colours_of(style.accent, None).tint
