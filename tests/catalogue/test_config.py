"""Cases 52-60: configuration."""

import datetime as dt

import pandas as pd
import pytest

from vunki_eval.errors import ConfigError
from vunki_eval.project.project import load_project
from vunki_eval.survey.clean.times import parse_times


@pytest.fixture
def config(case):
    """Change the project file of a sound project and give the faults of loading it."""

    def change(old="", new="", *, raw=None, name="project.toml"):
        case.put([{}])
        path = case.root / "surveys" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_bytes(raw if raw is not None else text.replace(old, new, 1).encode())
        with pytest.raises(ConfigError) as caught:
            load_project(case.root)
        assert all(p.file == f"surveys/{name}" and p.hint for p in caught.value.problems)
        return [(p.row, p.column, p.problem, p.hint) for p in caught.value.problems]

    return change


def test_case_52_key_twice(config):
    ((row, _, problem, _),) = config('id = "small"', 'id = "small"\nid = "other"')
    assert row == 4
    assert "TOML" in problem


def test_case_53_too_large_or_deep(config):
    assert "larger" in config(raw=b"x = 1\n" + b"#" * 10_000_000)[0][2]
    assert config(raw=b"x = " + b"[" * 100_000)


def test_case_54_not_utf_8(config):
    ((row, _, problem, _),) = config(raw="schema = 1\n# õ\n".encode("cp1257"))
    assert (row, problem) == (2, "The file is not UTF-8.")


def test_case_55_unknown_key(config):
    ((_, column, _, hint),) = config("funder =", 'fundr = "x"\nfunder =')
    assert (column, hint) == ("project.fundr", "Did you mean 'funder'?")


@pytest.mark.parametrize("name", ["../../x", "CON.", "a/b", "a" * 300, "😀", "-rf", "", "A", "õ", "project"])
def test_case_56_event_ids(config, name):
    faults = config('id = "a"', f'id = "{name}"')
    assert any(column.startswith("event") for _, column, _, _ in faults)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("start = 2020-01-01", 'start = "eile"', "project.start"),
        ('title = { et = "Väike"', 'title = 7 # { et = "Väike"', "project.title"),
        ("schema = 1", 'schema = 1\n[method]\nsuppression_threshold = "viis"\n', "method.suppression_threshold"),
    ],
)
def test_case_57_wrong_types(config, old, new, column):
    if column == "project.title":
        old, new = 'title = { et = "Väike", en = "Small" }', "title = 7"
    assert column in [c for _, c, _, _ in config(old, new)]


def test_case_58_item_missing_in_the_data(case, as_csv):
    case.put(as_csv([{}]).replace('"CE1"', '"midagi"'))
    assert case.refused() == [(1, "CE1", "VE-331")]


def test_case_58_item_missing_in_the_codebook(case, config):
    case.put([{"ZZ9": "4"}])
    assert [(f.column, f.code, f.level) for f in case.study().findings] == [("ZZ9", "VE-330", "look")]
    faults = config('items = ["TS1", "TS2"]', 'items = ["TS1", "TS9"]', name="instrument.toml")
    assert [f[1] for f in faults] == ["scale.TS.items"]
    lines = (case.root / "surveys" / "instrument.toml").read_text("utf-8").splitlines()
    assert "TS9" in lines[faults[0][0] - 1]


def test_case_59_no_smallest_change_that_matters(case):
    from vunki_eval.analysis import analyse

    case.put([{}])
    assert load_project(case.root).smallest_change("TS") is None
    estimates = analyse(case.study()).estimates
    assert not (estimates["statistic"] == "equivalence").any()


def test_case_60_zones_and_summer_time():
    cells = ["2020-03-29T00:59:00Z", "2020-03-29T01:00:00Z", "2020-10-25T00:59:00Z", "2020-10-25T01:30:00Z"]
    local = ["02:59", "04:00", "03:59", "03:30"]
    assert [t.strftime("%H:%M") for t in parse_times(cells).values] == local
    assert parse_times(["2020-03-29 03:30"]).values[0] == pd.Timestamp("2020-03-29 03:30")  # does not exist; as written
    assert parse_times(["2020-08-12T22:30:00Z"]).values[0].date() == dt.date(2020, 8, 13)
