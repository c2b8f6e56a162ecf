"""Papers on personal data: filled from the config, one page each, drafts, the same in every format."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pikepdf
import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.language.causal_wording import banned
from vunki_eval.privacy.documents import write_documents
from vunki_eval.privacy.documents.write import document_markdown, privacy_documents
from vunki_eval.project.project import load_project

KEYS = ("information", "consent", "record")
MARK = {"et": "KAVAND projekti andmekaitsespetsialistile", "en": "DRAFT for the project's data protection officer"}


@pytest.fixture(scope="module")
def written(shipped_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    write_documents(load_project(shipped_project), folder, formats=("pdf", "md", "docx"))
    return folder


def test_every_paper_in_every_language_and_format(written: Path) -> None:
    names = {f"{key}.{lang}.{end}" for key in KEYS for lang in MARK for end in ("pdf", "md", "docx")}
    assert {p.name for p in written.iterdir()} == names


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", MARK)
def test_a_tagged_page_that_says_it_is_a_draft(written: Path, key: str, language: str) -> None:
    path = written / f"{key}.{language}.pdf"
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.Root.Lang).startswith(language)
        assert bool(pdf.Root.MarkInfo.Marked)
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    assert MARK[language] in text
    assert "SA Võrumaa Arenduskeskus" in text
    assert not re.search(r"[{}]|\bNone\b", text)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", MARK)
def test_word_and_markdown_say_the_same(written: Path, key: str, language: str) -> None:
    plain = (written / f"{key}.{language}.md").read_text("utf-8")
    page = docx.Document(io.BytesIO((written / f"{key}.{language}.docx").read_bytes()))
    for paragraph in page.paragraphs:
        assert paragraph.text in plain
    assert MARK[language] in page.sections[0].header.paragraphs[0].text
    assert plain.startswith(f"> {MARK[language]}")
    assert banned(plain, language) == []


def test_what_the_config_says_is_filled_in(own_project: Path) -> None:
    config = own_project / "surveys" / "project.toml"
    text = config.read_text("utf-8").replace("[retention]", "[retention]\nretain_until = 2026-12-31")
    text = text.replace("suppression_threshold = 5", "suppression_threshold = 7").replace("\nk = 5\n", "\nk = 6\n")
    config.write_text(text, "utf-8")
    info, consent, record = (document_markdown(p).decode() for p in privacy_documents(load_project(own_project), "et"))
    for paper in (info, consent, record):
        assert "31. detsember 2026" in paper
        assert "Vunki mano! loometalgud" in paper
    assert "Alla 7 inimese" in info
    assert "vähemalt 6 inimesel" in info
    assert "vanuserühm" in info
    assert "enda koostatud kood" in info
    assert "MTÜ Võrumaa Omavalitsuste Liit" in record
    assert "info@aki.ee" in info


def test_a_project_without_dates_gets_lines_to_fill_in(shipped_project: Path) -> None:
    (info, *_) = privacy_documents(load_project(shipped_project), "en")
    assert "no date is set in the project: ____" in document_markdown(info).decode()
    assert "Synthetic example project." in info.marks


def test_other_languages_follow(shipped_project: Path) -> None:
    project = load_project(shipped_project)
    assert privacy_documents(project, "vro")[0].title == privacy_documents(project, "et")[0].title


def test_the_verb(own_project: Path) -> None:
    done = CliRunner().invoke(app, ["papers", "-l", "et", "-f", "md", "--project", str(own_project)])
    assert (done.exit_code, done.output.splitlines()) == (0, [f"kirjutatud: papers/{k}.et.md" for k in KEYS])
    assert CliRunner().invoke(app, ["papers", "-f", "odt", "--project", str(own_project)]).exit_code == 2
