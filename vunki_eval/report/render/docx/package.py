"""The file around a Word document: footnotes, embedded typefaces, and the same bytes from the same content."""

import datetime
import io
import uuid
import zipfile
from collections.abc import Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from lxml import etree

from vunki_eval.language.text import plain
from vunki_eval.project.theme import THEME, Theme
from vunki_eval.report.render.docx.xml import make, run
from vunki_eval.report.render.html.webfonts import web_folder
from vunki_eval.results.blocks import Cover

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_FACES = (
    ("sans", "embedRegular", "SourceSans3_400Regular"),
    ("sans", "embedBold", "SourceSans3_700Bold"),
    ("serif", "embedRegular", "SourceSerif4_400Regular"),
    ("serif", "embedBold", "SourceSerif4_600SemiBold"),
    ("serif", "embedItalic", "SourceSerif4_400Regular_Italic"),
)
_ALTERNATIVES = {"sans": "Calibri", "serif": "Cambria"}


def add_footnotes(document: Any, notes: Sequence[str]) -> None:
    """Add the texts of the document's footnote marks, which are numbered from 1."""
    separators = [
        make("w:footnote", make("w:p", make("w:r", make(f"w:{kind}"))), id=number, type=kind)
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    ]
    texts = [make("w:footnote", _note(note), id=number) for number, note in enumerate(notes, 1)]
    root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
    root.extend([*separators, *texts])
    part = _part(document, "/word/footnotes.xml", f"{_MAIN}.footnotes+xml", etree.tostring(root))
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _note(text: str) -> Any:
    mark = make("w:r", make("w:rPr", make("w:vertAlign", val="superscript")), make("w:footnoteRef"))
    style = make("w:pPr", make("w:pStyle", val="FootnoteText"))
    return make("w:p", style, mark, run(f" {text}"))


def embed_faces(document: Any, theme: Theme) -> None:
    """Embed the shipped typefaces, and name a common one for programs that do not show them."""
    table = parse_xml(f"<w:fonts {nsdecls('w', 'r')}/>")
    part = _part(document, "/word/fontTable.xml", f"{_MAIN}.fontTable+xml", b"")
    for family in ("sans", "serif"):
        name, shipped = getattr(theme, family), getattr(THEME, family)
        entry = make("w:font", make("w:altName", val=_ALTERNATIVES[family]), name=name)
        for number, (kind, tag, file) in enumerate(_FACES, 1):
            if kind == family and name == shipped:
                entry.append(_embedded(document, part, number, tag, file))
        table.append(entry)
    part._blob = etree.tostring(table)
    for relation in list(document.part.rels.values()):
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            del document.part.rels[relation.rId]
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)
    zoom = document.settings.element.find(qn("w:zoom"))
    zoom.addnext(make("w:embedTrueTypeFonts"))


def _embedded(document: Any, table: Part, number: int, tag: str, file: str) -> Any:
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"https://vunki-eval.invalid/{file}")
    obfuscated = _obfuscated(_true_type(file), key)
    kind = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
    part = _part(document, f"/word/fonts/font{number}.odttf", kind, obfuscated)
    element = make(f"w:{tag}", fontKey=f"{{{str(key).upper()}}}")
    element.set(qn("r:id"), table.relate_to(part, RELATIONSHIP_TYPE.FONT))
    return element


def _true_type(file: str) -> bytes:
    """Return a face of the web subset as TrueType: Latin letters only, a tenth of the size."""
    from fontTools.ttLib import TTFont

    out = io.BytesIO()
    with TTFont(web_folder() / f"{file}.woff", recalcTimestamp=False) as font:
        font.flavor = None
        font.save(out)
    return out.getvalue()


def _obfuscated(font: bytes, key: uuid.UUID) -> bytes:
    """Obfuscate a font as Office Open XML requires (ECMA-376, part 4, 17.8.1): XOR its first 32 bytes with the key."""
    mask = key.bytes[::-1] * 2
    return bytes(a ^ b for a, b in zip(font[:32], mask, strict=True)) + font[32:]


def _part(document: Any, name: str, kind: str, content: bytes) -> Part:
    return Part(PackURI(name), kind, content, document.part.package)


def saved(document: Any, day: datetime.date) -> bytes:
    """Return the bytes of the file; its entries carry the report's date, never the clock's."""
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            target.writestr(entry, source.read(name))
    return out.getvalue()


def describe(document: Any, cover: Cover, day: datetime.date) -> None:
    """Set the properties of the document: title, author, language, date."""
    properties = document.core_properties
    properties.title, properties.subject, properties.author = (
        plain(text)[:255] for text in (cover.title, cover.subtitle, cover.author)
    )
    properties.keywords, properties.language = plain(cover.running_head.replace(" · ", ", "))[:255], cover.language
    properties.comments, properties.last_modified_by, properties.revision = "", "", 1
    properties.created = properties.modified = datetime.datetime.combine(day, datetime.time())
