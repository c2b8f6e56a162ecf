"""Reading a notebook: what is carried along, what stays out, what is refused."""

import base64

import nbformat
import pytest

from vunki_eval.errors import BuildError
from vunki_eval.report.render.notebook import read_notebook
from vunki_eval.results.blocks import (
    Bullets,
    Callout,
    Cover,
    Figure,
    Heading,
    Paragraph,
    Section,
    Table,
    paragraph,
    to_json,
)

PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x01\x08\x02\x00\x00\x00{@\xe8\xdd"
).decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10pt" height="10pt"><rect width="3" height="3"/></svg>'
V4 = nbformat.v4


def shown(data, metadata=None, cell=None):
    output = V4.new_output("display_data", data=data, metadata=metadata or {})
    return V4.new_code_cell("1", outputs=[output], metadata=cell or {})


def section(key="a", title="Leid", *blocks):
    return shown({"application/vnd.vunki.section+json": to_json(Section(key, title, blocks or (paragraph("Tekst."),)))})


def read(*cells):
    return read_notebook(V4.new_notebook(cells=list(cells)))


def test_sections_come_in_order_and_the_cover_apart(demo):
    document = read_notebook(demo.notebook())
    assert document.cover == demo.cover()
    assert [s.key for s in document.sections] == [s.key for s in demo.sections()][1:]
    assert document.sections[0].blocks == (demo.page_one(),)


def test_what_stands_before_the_cover_stays_out(demo):
    document = read_notebook(demo.notebook())
    assert "Juhend" not in repr(document)
    assert "salajane_kood" not in repr(document)
    assert "hoiatus" not in repr(document)


def test_markdown_joins_the_section_before_it():
    document = read(section(), V4.new_markdown_cell("## Vahepealkiri\n\nLisatud *tekst*.\n\n- üks"))
    kinds = [type(block) for block in document.sections[0].blocks]
    assert kinds == [Paragraph, Heading, Paragraph, Bullets]


def test_a_first_level_heading_opens_a_section():
    document = read(section(), V4.new_markdown_cell("# Hindaja sõnad\n\nTekst."), V4.new_markdown_cell("> tsitaat"))
    assert [s.title for s in document.sections] == ["Leid", "Hindaja sõnad"]
    assert [type(block) for block in document.sections[1].blocks] == [Paragraph, Callout]


def test_nothing_is_put_into_page_one(demo):
    document = read_notebook(demo.notebook(demo.sections()[:2], [V4.new_markdown_cell("Lisatud.")]))
    assert [len(s.blocks) for s in document.sections] == [1, 1]
    assert document.sections[1].title == ""


def test_tagged_cells_stay_out():
    document = read(section(), V4.new_markdown_cell("salajane", metadata={"tags": ["notebook-only"]}))
    assert "salajane" not in repr(document)


@pytest.mark.parametrize(("mime", "content"), [("image/svg+xml", SVG), ("image/png", PNG)])
@pytest.mark.parametrize("place", ["cell", "output"])
def test_pictures_take_their_words_from_metadata(mime, content, place):
    metadata = {"alt": "Mida pilt näitab", "title": "Pealkiri"}
    where = {"cell": metadata} if place == "cell" else {"metadata": {mime: metadata}}
    figure = read(section(), shown({mime: content, "text/plain": "<Figure>"}, **where)).sections[0].blocks[1]
    assert isinstance(figure, Figure)
    assert (figure.alt, figure.title) == ("Mida pilt näitab", "Pealkiri")
    assert figure.svg.startswith("<svg")


def test_a_picture_without_words_is_refused():
    with pytest.raises(BuildError, match=r"notebook:cell 2: .*no alt text.*\[VE-402\]"):
        read(section(), shown({"image/png": PNG}))


def test_a_broken_picture_is_refused():
    with pytest.raises(BuildError, match="VE-405"):
        read(section(), shown({"image/png": "bm8gcG5n"}, cell={"alt": "x"}))


def test_a_printed_frame_becomes_a_table():
    table = read(section(), shown({"text/plain": "   sektor   n\n0  avalik  12\n1  vaba    8"})).sections[0].blocks[1]
    assert isinstance(table, Table)
    assert [c.title for c in table.columns] == ["", "sektor", "n"]
    assert table.rows == (("0", "avalik", "12"), ("1", "vaba", "8"))


def test_names_of_objects_and_streams_stay_out():
    stream = V4.new_code_cell("print(1)", outputs=[V4.new_output("stream", name="stdout", text="väljatrükk")])
    document = read(section(), shown({"text/plain": "<Axes: xlabel='n'>"}), stream)
    assert len(document.sections[0].blocks) == 1


def test_a_failed_cell_is_refused_without_its_message():
    error = V4.new_output("error", ename="KeyError", evalue="'AB12 vastus'", traceback=["AB12"])
    with pytest.raises(BuildError, match=r"notebook:cell 2: A cell failed \(KeyError\)") as caught:
        read(section(), V4.new_code_cell("x", outputs=[error]))
    assert "AB12" not in str(caught.value)


def test_a_notebook_that_was_not_run_is_refused():
    with pytest.raises(BuildError, match="VE-403"):
        read(V4.new_code_cell("1"))


def test_a_section_that_is_not_whole_is_refused():
    with pytest.raises(BuildError, match=r"cell 1.*VE-404"):
        read(shown({"application/vnd.vunki.section+json": {"key": "a", "blocks": [{"kind": "nothing"}]}}))


def test_without_a_cover_the_first_title_stands_for_it():
    document = read(section())
    assert document.cover == Cover("Leid", "", "en", "Leid", (), (), "", "", "", "", {})
