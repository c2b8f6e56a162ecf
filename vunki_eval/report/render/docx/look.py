"""The look of a Word document: page, styles in the theme's colours and typefaces, headers and footers."""

from copy import copy
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from vunki_eval.project.theme import Theme
from vunki_eval.report.render.docx.xml import edge, field, letters, make, run, shade
from vunki_eval.results.blocks import Cover

MM = 25.4
#: name, family, size, bold, colour, space before, space after (points); a name of Word's own where there is one
STYLES = (
    ("Title", "sans", 32, True, "#ffffff", 0, 10),
    ("Subtitle", "serif", 15, False, "#ffffff", 0, 0),
    ("Heading 1", "sans", 18, True, "ink", 26, 6),
    ("Heading 2", "sans", 12.5, True, "ink", 14, 4),
    ("Heading 3", "sans", 10.5, True, "after", 10, 3),
    ("Caption", "sans", 10, True, "ink", 12, 4),
    ("Lead", "serif", 11.5, False, "ink", 0, 8),
    ("Statistical Subtitle", "sans", 10, False, "muted", 0, 6),
    ("Note", "sans", 9, False, "muted", 2, 8),
    ("Eyebrow", "sans", 9, True, "muted", 10, 4),
    ("Callout", "sans", 10, False, "ink", 0, 4),
    ("Cell", "sans", 9.5, False, "ink", 1, 1),
    ("Big Number", "sans", 22, True, "after", 0, 0),
    ("Contents Line", "sans", 10, False, "ink", 1, 3),
    ("Draft Mark", "sans", 10.5, True, "#ffffff", 0, 10),
)
_KEEP_WITH_NEXT = ("Heading 1", "Heading 2", "Heading 3", "Caption", "Statistical Subtitle", "Eyebrow")


def set_up(document: Any, cover: Cover, theme: Theme) -> None:
    """Set the page, the language, all styles, headers and footers."""
    section = document.sections[0]
    side = (210 - theme.text_width * MM) / 2
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(side)
    section.top_margin, section.bottom_margin = Mm(26), Mm(23)
    section.header_distance, section.footer_distance = Mm(13), Mm(11)
    _defaults(document, cover.language, theme)
    for entry in STYLES:
        _style(document, theme, entry)
    _boxed(document, theme)
    _headers_and_footers(section, cover, theme)


def colour_of(theme: Theme, name: str) -> str:
    """Return a colour by its name in the theme; a colour such as #ffffff is returned unchanged."""
    return name if name.startswith("#") else str(getattr(theme, name))


def _defaults(document: Any, language: str, theme: Theme) -> None:
    styles = document.styles
    tag = {"et": "et-EE", "en": "en-GB"}.get(language, language or "en-GB")
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(make("w:lang", val=tag, eastAsia=tag, bidi="ar-SA"))
    normal = styles["Normal"]
    _letters(normal, theme.serif, 10.5, False, theme.ink)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(8), 1.12
    normal.paragraph_format.widow_control = True
    for name in ("List Bullet", "List Number"):
        styles[name].paragraph_format.space_after = Pt(3)
        short = styles.add_style(name.replace("List", "Short"), WD_STYLE_TYPE.PARAGRAPH)
        short.base_style, short.font.size = styles[name], Pt(9.5)
        short.paragraph_format.line_spacing, short.paragraph_format.space_after = 1.0, Pt(2)
    for name in ("Header", "Footer"):
        properties = styles[name].element.find(qn("w:pPr"))
        properties.remove(properties.find(qn("w:tabs")))
    note = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
    note.element.set(qn("w:styleId"), "FootnoteText")
    note.base_style = normal
    _letters(note, theme.sans, 9, False, theme.ink)


def _style(document: Any, theme: Theme, entry: tuple[str, str, float, bool, str, float, float]) -> None:
    styles = document.styles
    name, family, size, bold, colour, before, after = entry
    exists = name in [s.name for s in styles]
    style = styles[name] if exists else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not exists:
        style.base_style = styles["Normal"]
    for old in style.element.findall(qn("w:pPr")):
        # Word's own format goes, but the outline level stays: the contents are made from it.
        outline = old.find(qn("w:outlineLvl"))
        for child in list(old):
            if child is not outline:
                old.remove(child)
    _letters(style, getattr(theme, family), size, bold, colour_of(theme, colour))
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.1 if family == "serif" else 1.0 if size < 11 else 0.9
    form.keep_with_next = name in _KEEP_WITH_NEXT
    style.quick_style, style.hidden = True, False


def _letters(style: Any, family: str, size: float, bold: bool, colour: str) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(make("w:rFonts", ascii=family, hAnsi=family, cs=family, eastAsia=family))
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())


def _boxed(document: Any, theme: Theme) -> None:
    """Give callouts their background and the line on their left."""
    style = document.styles["Callout"]
    style.paragraph_format.left_indent = style.paragraph_format.right_indent = Mm(3)
    _background(style, theme.tint, make("w:pBdr", edge("left", theme.after, 3, 8)))


def _background(style: Any, fill: str, borders: Any) -> None:
    place = style.element.get_or_add_pPr().find(qn("w:spacing"))
    for element in (borders, shade(fill)):
        place.addprevious(element)


def _headers_and_footers(section: Any, cover: Cover, theme: Theme) -> None:
    section.different_first_page_header_footer = True
    width = round(theme.text_width * 1440)
    muted = letters(theme.sans, 9, theme.muted)
    for part in (section.header, section.first_page_header):
        banner = run(cover.banner, *letters(theme.sans, 9, theme.warm, bold=True))
        _line(part, width, [run(cover.running_head, *_copies(muted))], [banner])
    foot = " · ".join(s for s in (cover.title, cover.draft) if s)
    page = field("PAGE", "1", *letters(theme.sans, 9, theme.after, bold=True))
    pages = field("NUMPAGES", "1", *muted)
    _line(section.footer, width, [run(foot, *_copies(muted))], [*page, run(" / ", *_copies(muted)), *pages])


def _line(part: Any, width: int, left: list[Any], right: list[Any]) -> None:
    part.is_linked_to_previous = False
    paragraph = part.paragraphs[0]._p
    paragraph.get_or_add_pPr().append(make("w:tabs", make("w:tab", val="right", pos=width)))
    paragraph.extend([*left, make("w:r", make("w:tab")), *right])


def _copies(properties: tuple[Any, ...]) -> list[Any]:
    """Copy properties, because an element can stand in one place only."""
    return [copy(p) for p in properties]
