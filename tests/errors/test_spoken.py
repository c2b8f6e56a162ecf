"""The program speaks the project's language, even where the configuration cannot be read."""

from pathlib import Path

import pytest

from vunki_eval.errors import spoken_language


@pytest.fixture(autouse=True)
def _english_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VUNKI_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


def project(root: Path, text: str, encoding: str = "utf-8") -> Path:
    (root / "surveys" / "e").mkdir(parents=True)
    (root / "surveys" / "project.toml").write_bytes(text.encode(encoding))
    return root / "surveys" / "e"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('[project]\nlanguages = ["et", "en"]\n', "et"),
        ("[project]\nlanguages=['en','et']\n", "en"),
        ('[project]\nlanguages = [\n  "et",\n]\n', "et"),
        ('[project\nid = \nlanguages = ["et"', "et"),  # not TOML
        ('title = "õ"\nlanguages = ["et"]\n', "et"),
        ('languages = ["fi"]\n', "en"),
        ('# languages = ["et"]\n', "en"),
        ("", "en"),
    ],
)
def test_the_first_language_of_the_project(tmp_path: Path, text: str, language: str) -> None:
    assert spoken_language(project(tmp_path, text)) == language


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    assert spoken_language(project(tmp_path, 'title = "õ"\nlanguages = ["et"]\n', "cp1257")) == "et"


def test_found_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project(tmp_path, 'languages = ["et"]\n'))
    assert spoken_language() == "et"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("et_EE.UTF-8", "et"),
        ("vro", "vro"),
        ("en_US", "en"),
        ("de_DE@euro", "en"),
        ("C", "en"),
        ("Estonian_Estonia", "et"),
    ],
)
def test_outside_a_project_the_computer_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, language: str
) -> None:
    monkeypatch.setenv("LANG", name)
    assert spoken_language(tmp_path) == language


def test_the_variable_is_stronger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = project(tmp_path, 'languages = ["et"]\n')
    monkeypatch.setenv("VUNKI_LANGUAGE", "en")
    assert spoken_language(inside) == "en"
    monkeypatch.setenv("VUNKI_LANGUAGE", "klingon")
    assert spoken_language(inside) == "et"
