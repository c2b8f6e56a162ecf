"""Files of version 1 keep their meaning, and are upgraded without losing a comment."""

import re
from pathlib import Path

import pytest

from vunki_eval.errors import ConfigError
from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.project.project import load_project
from vunki_eval.project.upgrade import upgraded_instrument, upgraded_project

SURVEYS = Path(__file__).parents[2] / "surveys"


def version_1(text: str) -> str:
    """Take the keys of version 2 out again, with the table of sections."""
    text = text.replace("schema = 2\n", "schema = 1\n", 1)
    text = re.sub(r"\n# ── Sections.*?(?=\n# ── )", "", text, flags=re.DOTALL)
    return re.sub(r"^(use|moment|agrees|favourable|event_kind) = .*\n", "", text, flags=re.MULTILINE)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    surveys = tmp_path / "surveys"
    surveys.mkdir()
    for name in ("instrument.toml", "project.toml"):
        (surveys / name).write_text(version_1((SURVEYS / name).read_text("utf-8")), encoding="utf-8")
    return surveys


def test_version_1_of_the_shipped_files_means_the_same(old: Path) -> None:
    text = (old / "instrument.toml").read_text("utf-8")
    assert "\nuse = " not in text
    assert "[[section]]" not in text
    assert load_instrument(old / "instrument.toml") == load_instrument(SURVEYS / "instrument.toml")
    assert load_project(old).config == load_project(SURVEYS).config
    assert load_project(old).about.kind.et.genitive == "loometalgute"


def test_upgrading_gives_the_shipped_files_again(old: Path) -> None:
    assert upgraded_instrument(old / "instrument.toml") == (SURVEYS / "instrument.toml").read_text("utf-8")
    assert upgraded_project(old / "project.toml") == (SURVEYS / "project.toml").read_text("utf-8")


def test_a_file_of_version_2_stays(old: Path) -> None:
    assert upgraded_instrument(SURVEYS / "instrument.toml") is None
    assert upgraded_project(SURVEYS / "project.toml") is None


def small(waves: list[str], *, band: str = "", **keys: object) -> str:
    tables = "".join(f'[[wave]]\nkey = "{w}"\norder = {n}\ntitle = {{ en = "{w}" }}\n' for n, w in enumerate(waves))
    options = ", ".join(f'{{ value = {n}, label = {{ en = "answer {n}" }} }}' for n in range(1, 8))
    return (
        'id = "small"\ntitle = { en = "Small" }\nlanguages = ["en"]\n'
        f'{tables}[[response_set]]\nkey = "seven"\n{band}options = [{options}]\n'
        f'[[item]]\ncode = "PR1" # what we ask\nrole = "event"\nkind = "number"\nrange = [0, 9]\n'
        f'waves = ["{waves[0]}"]\ntext = {{ en = "A" }}\n[[item]]\ncode = "B"\nrole = "scale"\nresponse_set = "seven"\n'
        f'waves = ["{waves[0]}"]\ntext = {{ en = "B" }}\n'
    )


@pytest.mark.parametrize(
    ("waves", "moments"),
    [
        (["pre", "post"], ["before", "end"]),
        (["post"], ["end"]),
        (["only"], ["end"]),
        (["a", "b", "c", "d"], ["before", "end", "later", "later"]),
        (["baseline", "post", "pre"], ["before", "end", "later"]),
    ],
)
def test_moments_of_version_1(tmp_path: Path, waves, moments) -> None:
    path = tmp_path / "instrument.toml"
    path.write_text(small(waves), encoding="utf-8")
    instrument = load_instrument(path)
    assert [instrument.moment(w) for w in waves] == moments
    assert instrument.items_for("sector") == (), "a number cannot be the sector, so the code alone gives no use"
    text = upgraded_instrument(path)
    assert text is not None
    path.write_text(text, encoding="utf-8")
    assert load_instrument(path) == instrument
    assert 'code = "PR1" # what we ask\n' in text
    assert text.startswith("schema = 2\n")


def test_the_highest_band_stays_favourable(tmp_path: Path) -> None:
    path = tmp_path / "instrument.toml"
    path.write_text(small(["pre"], band="bands = [[1, 2], [3, 4, 5], [6, 7]]\n"), encoding="utf-8")
    assert load_instrument(path).favourable("B") == (6, 7)
    assert 'key = "seven"\nfavourable = [6, 7]\n' in (upgraded_instrument(path) or "")


def test_rows_keep_the_line_ends_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "instrument.toml"
    path.write_bytes(small(["pre"]).replace("\n", "\r\n").encode())
    text = upgraded_instrument(path) or ""
    assert "\r\n" in text
    assert text.count("\r\n") == text.count("\n")


def test_entries_in_one_row_cannot_be_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "instrument.toml"
    text = small(["pre"])
    table = '[[wave]]\nkey = "pre"\norder = 0\ntitle = { en = "pre" }\n'
    path.write_text(text.replace(table, 'wave = [{ key = "pre", order = 0, title = { en = "pre" } }]\n'), "utf-8")
    assert isinstance(load_instrument(path), Instrument)
    with pytest.raises(ConfigError, match=r"not written as tables of their own.*VE-208"):
        upgraded_instrument(path)
