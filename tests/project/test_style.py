"""A project's own look: weak colours are refused with a better one, files are checked, colours reach every format."""

import io
import shutil
from dataclasses import replace
from pathlib import Path

import docx
import nbformat
import pikepdf
import pytest

import vunki_eval as ve
from vunki_eval.errors import ConfigError
from vunki_eval.project.project import load_project
from vunki_eval.project.style import colours_of, theme_of
from vunki_eval.project.theme import (
    LEGIBLE,
    THEME,
    VISIONS,
    Theme,
    colour_distance,
    contrast,
    darker,
    font_folder,
    mixed,
)
from vunki_eval.publish.fingerprint import input_files, unit_key
from vunki_eval.report.render.export import export_notebook, theme_near

_BOX = 'width="120" height="60"'
LOGO = f'<svg xmlns="http://www.w3.org/2000/svg" {_BOX}><rect {_BOX} fill="#123456"/></svg>'
GOOD = """
[style]
accent = "#1f4e79"
second = "#9a4d00"
sans = "Source Serif 4"
fonts = ["fonts/Own.ttf"]
[[style.logo]]
file = "logo.svg"
alt = { et = "Näidislogo", en = "Sample logo" }
"""


def styled(root: Path, text: str) -> Path:
    path = root / "surveys" / "project.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    (root / "surveys" / "logo.svg").write_text(LOGO, "utf-8")
    (root / "surveys" / "fonts").mkdir(exist_ok=True)
    shutil.copy(font_folder() / "SourceSerif4_400Regular.ttf", root / "surveys" / "fonts" / "Own.ttf")
    return root


def problems(root: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_project(styled(root, text))
    assert {p.code for p in error.value.problems} == {"VE-780"}
    return [str(p) for p in error.value.problems]


def test_a_weak_colour_is_refused_with_a_better_one(own_project: Path) -> None:
    (message,) = problems(own_project, '\n[style]\naccent = "#ffcc00"\n')
    assert "style.accent: The colour #ffcc00 is too light to be read" in message
    better = message.partition("for example ")[2][:7]
    assert min(contrast(better, "#ffffff"), contrast(better, mixed(better, 0.07))) >= LEGIBLE


@pytest.mark.parametrize("colour", ["#ffffff", "#ffcc00", "#00ff00", "#9999ff", "#777777"])
def test_the_better_colour_is_legible_and_hardly_darker_than_needed(colour: str) -> None:
    assert LEGIBLE <= contrast(darker(colour), "#ffffff") < LEGIBLE + 1.2


def test_colours_that_some_eyes_cannot_tell_apart_are_refused(own_project: Path) -> None:
    (message,) = problems(own_project, '\n[style]\naccent = "#3c6b00"\nsecond = "#8c4e10"\n')
    assert "look alike to some readers" in message
    assert "protan" in message or "deutan" in message


def test_files_are_checked(own_project: Path) -> None:
    (own_project / "surveys" / "bad.ttf").write_bytes(b"no font")
    message = "\n".join(
        problems(
            own_project,
            '\n[style]\nserif = "No Such"\nfonts = ["bad.ttf", "../x.ttf", "gone.otf"]\n'
            '[[style.logo]]\nfile = "logo.gif"\nalt = { et = "x", en = "y" }\n'
            '[[style.logo]]\nfile = "logo.svg"\nalt = { et = "x" }\n',
        )
    )
    assert "bad.ttf cannot be used: it is not a whole font file." in message
    assert "'../x.ttf' cannot be used here" in message
    assert "There is no file surveys/gone.otf" in message
    assert "'logo.gif' cannot be used here" in message
    assert "No font file holds the typeface 'No Such'" in message
    assert "has no alternative text (alt) in: en" in message


def test_a_look_is_read_and_is_part_of_the_reports_key(own_project: Path) -> None:
    before = unit_key(load_project(own_project), "2021-online")
    project = load_project(styled(own_project, GOOD))
    theme = project.theme
    assert (theme.after, theme.followup, theme.warm, theme.sans) == ("#1f4e79", "#9a4d00", "#9a4d00", "Source Serif 4")
    assert theme.logos[0].alt_text("et") == "Näidislogo"
    assert {"surveys/logo.svg", "surveys/fonts/Own.ttf"} <= set(input_files(project, "2021-online"))
    key = unit_key(project, "2021-online")
    assert key != before
    (own_project / "surveys" / "logo.svg").write_text(LOGO.replace("123456", "654321"), "utf-8")
    assert unit_key(project, "2021-online") != key


def test_without_a_style_everything_is_as_shipped(own_project: Path) -> None:
    assert load_project(own_project).theme == THEME
    assert colours_of(None, None) == theme_of({}) == THEME


def test_figures_take_the_projects_colours(synthetic_results) -> None:
    results = synthetic_results["2020-antsla"]
    plain = ve.figures.forest_figure(results, "et").svg
    meta = {**results.meta, "style": {"accent": "#1f4e79", "second": "#9a4d00"}}
    own = replace(results, meta=meta)
    for make in (
        lambda r: ve.figures.forest_figure(r, "et"),
        lambda r: ve.figures.stages_figure(r, "et"),
        lambda r: ve.figures.mixing_figure(r, "et", "post"),
    ):
        drawn = make(own).svg
        assert THEME.after not in drawn
        assert "#1f4e79" in drawn
    assert THEME.after in plain


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    from vunki_eval.project.theme import Logo

    logo = Logo(LOGO.encode(), "svg", (("et", "Näidislogo"),))
    return colours_of("#1f4e79", "#9a4d00").replace(sans="Source Serif 4", logos=(logo,))


@pytest.fixture(scope="module")
def notebook(synthetic_results) -> nbformat.NotebookNode:
    from vunki_eval.results.blocks import SECTION_MIME, to_json

    book = nbformat.v4.new_notebook()
    style = {"accent": "#1f4e79", "second": "#9a4d00"}
    results = synthetic_results["2021-online"]
    results = replace(results, meta={**results.meta, "style": style})
    for section in (ve.sections.cover(results, "et"), ve.sections.page_one(results, "et")):
        cell = nbformat.v4.new_code_cell("x")
        cell.outputs = [nbformat.v4.new_output("display_data", data={SECTION_MIME: to_json(section)})]
        book.cells.append(cell)
    return book


def test_the_pdf_wears_it(notebook, look) -> None:
    with pikepdf.open(io.BytesIO(export_notebook(notebook, "pdf", theme=look))) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
        fonts = {str(f.BaseFont) for f in pdf.pages[0].Resources.Font.values()}
    want = " ".join(f"{int('1f4e79'[i : i + 2], 16) / 255:.4f}".rstrip("0") for i in (0, 2, 4))
    assert want.split()[0][:5].encode() in content
    assert not [f for f in fonts if "SourceSans3" in f]


def test_the_page_wears_it(notebook, look) -> None:
    page = export_notebook(notebook, "html", theme=look).decode()
    assert "--after:#1f4e79" in page
    assert "--field:#1f4e79" in page
    assert THEME.after not in page
    assert '<img src="data:image/svg+xml;base64,' in page
    assert 'alt="Näidislogo"' in page


def test_the_word_document_wears_it(notebook, look) -> None:
    page = docx.Document(io.BytesIO(export_notebook(notebook, "docx", theme=look)))
    assert str(page.styles["Heading 3"].font.color.rgb) == "1F4E79"
    described = [e.get("descr") for e in page.element.body.iter() if str(e.tag).endswith("}docPr")]
    assert "Näidislogo" in described


def test_exporters_find_the_look_of_the_project_they_are_in(own_project: Path, tmp_path: Path) -> None:
    folder = styled(own_project, GOOD) / "reports" / "2021-online" / "et"
    folder.mkdir(parents=True)
    assert theme_near(folder).after == "#1f4e79"
    assert theme_near(tmp_path / "elsewhere") == THEME


def test_every_sight_is_known() -> None:
    assert list(VISIONS) == ["normal vision", "protan", "deutan", "tritan"]
    assert colour_distance("#000000", "#ffffff") == pytest.approx(100, abs=0.1)
