from pathlib import Path

from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.questionnaire.instrument_toml import instrument_toml


def test_it_loads_back_to_an_equal_instrument(instrument: Instrument, tmp_path: Path) -> None:
    text = instrument_toml(instrument, comment="Two\nlines")
    assert text.startswith("# Two\n# lines\n")
    (tmp_path / "i.toml").write_text(text, encoding="utf-8")
    assert load_instrument(tmp_path / "i.toml") == instrument


def test_quotes_and_backslashes_survive(instrument: Instrument, tmp_path: Path) -> None:
    odd = instrument.model_copy(
        update={"licence": 'a "quoted" \\ text\nwith\tall \x7f', "title": {"et": "x" * 200, "en": "y"}}
    )
    (tmp_path / "i.toml").write_text(instrument_toml(odd), encoding="utf-8")
    assert load_instrument(tmp_path / "i.toml") == odd
