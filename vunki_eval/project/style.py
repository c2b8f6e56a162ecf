"""A project's own style: check the ``[style]`` table of ``project.toml`` for legibility and turn it into a `Theme`."""

import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from vunki_eval.errors import M_, NOTHING, Message, Problem, joined
from vunki_eval.project.file_names import on_disk
from vunki_eval.project.instrument import Model, Texts
from vunki_eval.project.logos import LogoError, logo_data
from vunki_eval.project.theme import LEGIBLE, THEME, VISIONS, Logo, Theme, colour_distance, contrast, darker, mixed

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
FACES, LOGOS = (".ttf", ".otf"), (".png", ".svg")
MOST_BYTES = 2_000_000
LEAST_DISTANCE = 15.0
_EYES = {
    "normal vision": M_("normal vision"),
    "protan": M_("protan"),
    "deutan": M_("deutan"),
    "tritan": M_("tritan"),
}


class LogoFile(Model):
    """A ``[[style.logo]]``: a PNG or SVG file below ``surveys/``, with its alternative text."""

    file: str
    alt: Texts


class Style(Model):
    """The ``[style]`` table; what is left out keeps the shipped style.

    ``accent`` is the colour of headings, table headers, the cover and the wave after the event. ``second`` is that of
    numbers, marks and the follow-up.
    """

    accent: Colour | None = None
    second: Colour | None = None
    sans: str = ""
    serif: str = ""
    fonts: tuple[str, ...] = ()
    logo: tuple[LogoFile, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Font and logo files, relative to ``surveys/``."""
        return (*self.fonts, *(logo.file for logo in self.logo))


def style_problems(style: Style, surveys: Path, languages: tuple[str, ...], file: str) -> list[Problem]:
    """Find colours that are too light or too similar, and files that cannot be used."""
    return [
        Problem(file, 0, f"style.{where}", what, hint, "VE-780")
        for where, what, hint in (*_colours(style), *_files(style, surveys), *_alt_texts(style, languages))
    ]


def _colours(style: Style) -> Iterator[tuple[str, Message, Message]]:
    too_light = False
    for name in ("accent", "second"):
        colour = getattr(style, name)
        if colour and (ratio := min(contrast(colour, "#ffffff"), contrast(colour, _tint(style)))) < LEGIBLE:
            too_light = True
            what = M_(
                "The colour {colour} is too light to be read: contrast {ratio}, at least 4.5 is needed.",
                colour=colour,
                ratio=f"{ratio:.1f}",
            )
            yield name, what, M_("Choose a darker one, for example {colour}.", colour=darker(colour))
    theme = colours_of(style.accent, style.second)
    if not too_light and theme.after != theme.followup:
        alike = [v for v in VISIONS if colour_distance(theme.after, theme.followup, v) < LEAST_DISTANCE]
        if alike:
            what = M_(
                "accent {accent} and second {second} look alike to some readers ({vision}).",
                accent=theme.after,
                second=theme.followup,
                vision=joined(", ", (_EYES[v] for v in alike)),
            )
            yield (
                "second",
                what,
                M_("Choose two of different hue and lightness, such as a dark blue and an orange-brown."),
            )
    if not too_light and theme.after == theme.followup:
        yield (
            "second",
            M_("accent and second are the same colour."),
            M_("Choose two different colours: they distinguish the waves."),
        )


def _files(style: Style, surveys: Path) -> Iterator[tuple[str, Message, Message]]:
    places = [("fonts", name, FACES) for name in style.fonts] + [("logo", logo.file, LOGOS) for logo in style.logo]
    for where, name, endings in places:
        path = on_disk(surveys / name)
        inside = path.resolve().is_relative_to(surveys.resolve()) and not Path(name).is_absolute()
        if not inside or path.suffix.lower() not in endings:
            hint = M_(
                "Put a file that ends with one of {endings} below surveys/ and name it from there.",
                endings=", ".join(endings),
            )
            yield where, M_("The file {name} cannot be used here.", name=repr(name)), hint
        elif not path.is_file():
            yield where, M_("There is no file surveys/{name}.", name=name), M_("Put it there, or remove the line.")
        elif path.stat().st_size > MOST_BYTES:
            yield where, M_("The file surveys/{name} is larger than 2 MB.", name=name), M_("Make it smaller.")
        elif fault := _font_fault(path) if where == "fonts" else _logo_fault(path):
            hint = M_("Save it once more as {suffix}, or take another file.", suffix=path.suffix[1:].upper())
            yield where, M_("The file surveys/{name} cannot be used: {fault}", name=name, fault=fault), hint
    families = {_family(path) for path in (on_disk(surveys / name) for name in style.fonts) if path.is_file()}
    for role in ("sans", "serif"):
        family = getattr(style, role)
        if family and family not in {*families, THEME.sans, THEME.serif}:
            names = ", ".join(sorted(f for f in families if f)) or M_("none")
            hint = M_("List its files under fonts; the typefaces listed now are: {names}.", names=names)
            yield role, M_("No font file holds the typeface {family}.", family=repr(family)), hint


def _alt_texts(style: Style, languages: tuple[str, ...]) -> Iterator[tuple[str, Message, Message]]:
    for logo in style.logo:
        missing = [lang for lang in languages if not logo.alt.get(lang, "").strip()]
        if missing:
            yield (
                "logo",
                M_(
                    "The logo {file} has no alternative text (alt) in: {missing}.",
                    file=repr(logo.file),
                    missing=", ".join(missing),
                ),
                M_("Say what it shows."),
            )


def _logo_fault(path: Path) -> Message:
    try:
        logo_data(path.read_bytes(), path.suffix[1:].lower())
    except LogoError as error:
        return error.fault
    return NOTHING


def _font_fault(path: Path) -> Message:
    """Read the font as the drawings do: a file that breaks off in its outlines still has a name."""
    from matplotlib.ft2font import FT2Font

    try:
        FT2Font(str(path)).load_char(ord("a"))
    except Exception:  # the library has no type of its own for this
        return M_("it is not a whole font file.")
    return NOTHING if _family(path) else M_("it is not a whole font file.")


def _family(path: Path) -> str:
    """Return the family name of a font file; "" if it is not a font."""
    from fontTools.ttLib import TTFont

    try:
        with TTFont(io.BytesIO(path.read_bytes())) as font:
            return str(font["name"].getBestFamilyName() or "")
    except Exception:  # of a damaged table, whatever its bytes lead to
        return ""


def project_theme(style: Style, surveys: Path) -> Theme:
    """Make the theme, with its files read; what is left out is as shipped."""
    base = colours_of(style.accent, style.second)
    logos = tuple(_logo(logo, on_disk(surveys / logo.file)) for logo in style.logo)
    faces = tuple(str(on_disk(surveys / name)) for name in style.fonts)
    return base.replace(sans=style.sans or base.sans, serif=style.serif or base.serif, faces=faces, logos=logos)


def _logo(logo: LogoFile, path: Path) -> Logo:
    kind = path.suffix[1:].lower()
    return Logo(logo_data(path.read_bytes(), kind), kind, tuple(logo.alt.items()))


@lru_cache(32)
def colours_of(accent: str | None, second: str | None) -> Theme:
    """Make a theme from two colours alone, as figures need it."""
    accent, second = (accent or THEME.after).lower(), (second or THEME.warm).lower()
    tint = THEME.tint if accent == THEME.after else mixed(accent, 0.07)
    return THEME.replace(after=accent, followup=second, warm=second, tint=tint)


def theme_of(meta: Mapping[str, Any]) -> Theme:
    """Return the theme that results carry for their figures."""
    style = meta.get("style") or {}
    return colours_of(style.get("accent"), style.get("second"))


def _tint(style: Style) -> str:
    return colours_of(style.accent, None).tint
