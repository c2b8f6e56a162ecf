"""One wave written in every shape that is read gives the same frame, cell for cell."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.project.project import Event, ReaderOptions
from vunki_eval.readers import READERS, read_export
from vunki_eval.readers.column_mapping import map_columns
from vunki_eval.simulate import simulate_event
from vunki_eval.simulate.shapes import SHAPES, SimulatedWave, simulated_wave, write_shape
from vunki_eval.survey.clean import Cleaned, clean_table

WAVE = "post"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wave(instrument: Instrument) -> SimulatedWave:
    """Answers of a dozen people: values, lists of options, None for blank, negative numbers for "don't know"."""
    rng = np.random.default_rng(4)
    people = []
    for k in range(12):
        person: dict[str, Any] = {
            "CO0": "yes",
            "E1": "MÕKA"[k % 4],
            "E2": f"{k + 3:02d}",
            "E3": "ABÜ"[k % 3],
            "E4": "J",
        }
        person |= {"PR1": ["municipality", "community", "business", None][k % 4], "PR4": int(rng.integers(1, 4))}
        person |= {"TM": ["Saun", "Buss; ja äpp"][k % 2], "OQ1": [None, 'Ütles: "hea", väga', "=1+1", "007"][k % 4]}
        person |= {f"TS{i}": int(rng.integers(0, 11)) for i in (1, 2)}
        person |= {f"CE{i}": int(rng.integers(1, 6)) for i in (1, 2, 3)}
        person |= {
            "NW1": int(rng.integers(5, 60)),
            "NW4": int(rng.integers(0, 5)),
            "HRS": 1.5 if k % 3 else 8,
            "E4": "J",
        }
        person["NW8"] = [["business"], ["municipality", "community"], ["business", "community"]][k % 3]
        people.append(person)
    people[2] |= {"CE1": -99, "TS1": None, "NW8": None}
    people[5] |= {"NW1": -99, "CE2": None}
    people[7] |= {"PR1": -77}
    sent = [pd.Timestamp(2020, 8, 16, 9, 30) + pd.Timedelta(days=k) for k in range(12)]
    return SimulatedWave(instrument, WAVE, people, sent)


def cleaned(path: Path, instrument: Instrument, reader: str, wave: str = WAVE) -> Cleaned:
    options = ReaderOptions(sheet=f"{wave}_arm_1") if reader == "redcap" else ReaderOptions()
    raw = read_export(path, "surveys/e/" + path.name, options)
    assert raw.reader == reader
    mapping = map_columns(raw, instrument, wave, beside=path)
    assert mapping.unmatched == ()
    return clean_table(raw, mapping, instrument, wave=wave, event=Event(id="e", title={"et": "E"}), key=b"k" * 32)


def assert_same(result: Cleaned, truth: Cleaned) -> None:
    position = ["file", "sheet", "row"]
    pd.testing.assert_frame_equal(result.responses.drop(columns=position), truth.responses.drop(columns=position))
    pd.testing.assert_frame_equal(result.codes, truth.codes)
    pd.testing.assert_frame_equal(
        *(c.nonresponse.sort_values(["response", "item"], ignore_index=True) for c in (result, truth))
    )
    assert result.reasons.tolist() == truth.reasons.tolist()
    assert result.responses["row"].is_monotonic_increasing
    assert result.responses["row"].is_unique


@pytest.fixture(scope="module")
def truth(instrument: Instrument, wave: SimulatedWave, tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    """The answers as they were drawn, compared with the frame by hand."""
    path = write_shape("plain_csv", wave, tmp_path_factory.mktemp("truth"))
    frame = cleaned(path, instrument, "plain")
    for item in wave.items:
        for row, person in enumerate(wave.answers):
            value = person[item.code]
            if item.kind == "multiple":
                values = [frame.responses.loc[row, f"{item.code}.{o}"] for o in wave.options(item)]
                assert values == [float(o in value) for o in wave.options(item)] if value else all(np.isnan(values))
            elif item.kind != "link":
                read = frame.responses.loc[row, item.code]
                gone = value is None or value in {m.value for m in instrument.missing(item)}
                assert pd.isna(read) if gone else read == value, item.code
    assert frame.responses["submitted"].tolist() == list(wave.sent)
    return frame


def test_every_reader_has_its_shape() -> None:
    assert {reader for reader, _ in SHAPES.values()} == set(READERS)


@pytest.mark.parametrize("shape", SHAPES)
def test_same_frame(shape: str, instrument: Instrument, wave: SimulatedWave, truth: Cleaned, tmp_path: Path) -> None:
    result = cleaned(write_shape(shape, wave, tmp_path), instrument, SHAPES[shape][0])
    assert (result.reasons == "").all()
    assert_same(result, truth)


@pytest.fixture(scope="module")
def shipped() -> SimulatedWave:
    """A simulated wave of the shipped questionnaire: trials, refusals, blanks, mistyped codes and all."""
    simulated = simulate_event(load_instrument(ROOT / "surveys" / "instrument.toml"), n=40, seed=3)
    return simulated_wave(simulated, WAVE)


@pytest.mark.parametrize("shape", [s for s in SHAPES if s != "plain_csv"])
def test_simulated_wave(
    shape: str, shipped: SimulatedWave, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    truth = cleaned(write_shape("plain_csv", shipped, tmp_path_factory.mktemp("t")), shipped.instrument, "plain")
    assert_same(cleaned(write_shape(shape, shipped, tmp_path), shipped.instrument, SHAPES[shape][0]), truth)
