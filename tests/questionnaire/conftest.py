from pathlib import Path

import pytest

from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.project.project import Project, load_project

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return load_instrument(ROOT / "surveys" / "instrument.toml")


@pytest.fixture
def project(own_project: Path) -> Project:
    return load_project(own_project)
