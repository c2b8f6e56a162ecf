"""After reading no frame holds a letter of a code: neither as it was typed nor in another form."""

import pickle
from pathlib import Path

import pytest

from tests.canary.search import search
from tests.privacy.erasure.test_erase import EVENT, plant
from vunki_eval.privacy.erasure.person import read_codes
from vunki_eval.project.project import load_project
from vunki_eval.survey.study import load_study

CODE = ("Qxzkanaar", "31", "Wqxmustikas", "4", "Yqxrukkirääk", "Xqwpihlakas")
LETTERS = [CODE[n] for n in (0, 2, 4, 5)]


@pytest.fixture
def planted(own_project: Path) -> Path:
    for wave in ("pre", "post", "followup"):
        plant(own_project / "surveys" / EVENT / f"{wave}.csv", CODE)
    return own_project


def test_a_study_holds_no_letter_of_a_code(planted: Path) -> None:
    """Everything of the study is searched: answers, scores, the log of changes, findings, open decisions."""
    study = load_study(load_project(planted), EVENT)
    assert study.responses["file"].str.endswith("post.csv").sum() > 60
    held = pickle.dumps(study)
    assert search(held, LETTERS) == []


def test_the_search_finds_codes_where_they_are(planted: Path) -> None:
    """Positive control: what erase reads holds them, and the search sees them there."""
    reads, _ = read_codes(load_project(planted), [load_project(planted).event(EVENT)])
    held = pickle.dumps([read.codes for read in reads])
    assert {word for word, _ in search(held, LETTERS)} == set(LETTERS)
