"""A small instrument with one open question, a codebook, and a few answers."""

import pandas as pd
import pytest

from vunki_eval.project.instrument import Instrument
from vunki_eval.survey.coding import Codebook, CodebookTheme

FILE = "surveys/e/post.csv"


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return Instrument.model_validate(
        {
            "id": "small",
            "title": {"et": "Väike", "en": "Small"},
            "languages": ["et", "en"],
            "wave": [{"key": "post", "order": 1, "title": {"et": "pärast", "en": "after"}}],
            "item": [
                {"code": code, "kind": "text", "role": "text", "waves": ["post"], "text": {"et": code, "en": code}}
                for code in ("OQ1", "OQ2")
            ],
        }
    )


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return Codebook(
        theme=(
            CodebookTheme(key="time", title={"et": "Aeg", "en": "Time"}, words=("aeg",), items=("OQ1",)),
            CodebookTheme(
                key="people", title={"et": "Inimesed", "en": "People"}, words=("inimene", "mentor*"), items=("OQ1",)
            ),
        )
    )


@pytest.fixture
def responses() -> pd.DataFrame:
    texts = ["Aega jäi väheks.", "Mentoritest oli abi.", "=2+3", "  ", None, "Inimesi oli vähe ja aega ka."]
    frame = pd.DataFrame({"respondent": list("abcdef"), "wave": "post", "file": FILE, "row": range(2, 8)})
    return frame.assign(OQ1=pd.Series(texts, dtype=object), OQ2=pd.Series([None] * 6, dtype=object))
