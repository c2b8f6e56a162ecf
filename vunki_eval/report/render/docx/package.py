"""The file around a Word document: footnotes, typefaces that travel with it, the same bytes from the same content."""

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
_ELSEWHERE = {"sans": "Calibri", "serif": "Cambria"}


def add_footnotes(document: Any, notes: Sequence[str]) -> None:
    """Add the texts that the document's footnote marks (numbered from 1) lead to."""
    rules = [
        make("w:footnote", make("w:p", make("w:r", make(f"w:{kind}"))), id=number, type=kind)
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    ]
    texts = [make("w:footnote", _note(note), id=number) for number, note in enumerate(notes, 1)]
    root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
    root.extend([*rules, *texts])
    part = _part(document, "/word/footnotes.xml", f"{_MAIN}.footnotes+xml", etree.tostring(root))
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _note(text: str) -> Any:
    mark = make("w:r", make("w:rPr", make("w:vertAlign", val="superscript")), make("w:footnoteRef"))
    style = make("w:pPr", make("w:pStyle", val="FootnoteText"))
    return make("w:p", style, mark, run(f" {text}"))


def embed_faces(document: Any, theme: Theme) -> None:
    """Let the shipped typefaces travel inside the file, and name a common one for where they are not shown."""
    table = parse_xml(f"<w:fonts {nsdecls('w', 'r')}/>")
    part = _part(document, "/word/fontTable.xml", f"{_MAIN}.fontTable+xml", b"")
    for family in ("sans", "serif"):
        name, shipped = getattr(theme, family), getattr(THEME, family)
        entry = make("w:font", make("w:altName", val=_ELSEWHERE[family]), name=name)
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
    scrambled = _scrambled(_true_type(file), key)
    kind = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
    part = _part(document, f"/word/fonts/font{number}.odttf", kind, scrambled)
    element = make(f"w:{tag}", fontKey=f"{{{str(key).upper()}}}")
    element.set(qn("r:id"), table.relate_to(part, RELATIONSHIP_TYPE.FONT))
    return element


def _true_type(file: str) -> bytes:
    """Give a face of the web subset as TrueType: the letters of the languages around us, a tenth of the size."""
    from fontTools.ttLib import TTFont

    out = io.BytesIO()
    with TTFont(web_folder() / f"{file}.woff", recalcTimestamp=False) as font:
        font.flavor = None
        font.save(out)
    return out.getvalue()


def _scrambled(font: bytes, key: uuid.UUID) -> bytes:
    """Do what Office Open XML asks for (ECMA-376, part 4, 17.8.1): the first 32 bytes are crossed with the key."""
    mask = key.bytes[::-1] * 2
    return bytes(a ^ b for a, b in zip(font[:32], mask, strict=True)) + font[32:]


def _part(document: Any, name: str, kind: str, content: bytes) -> Part:
    return Part(PackURI(name), kind, content, document.part.package)


def saved(document: Any, day: datetime.date) -> bytes:
    """Give the file's bytes; entries carry the report's date, never the clock's."""
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            after.writestr(entry, before.read(name))
    return out.getvalue()


def describe(document: Any, cover: Cover, day: datetime.date) -> None:
    """Say what the document is, in its properties."""
    said = document.core_properties
    said.title, said.subject, said.author = (plain(text)[:255] for text in (cover.title, cover.subtitle, cover.author))
    said.keywords, said.language = plain(cover.running_head.replace(" · ", ", "))[:255], cover.language
    said.comments, said.last_modified_by, said.revision = "", "", 1
    said.created = said.modified = datetime.datetime.combine(day, datetime.time())
