"""Simulated events: the truth is known, the files are as tools write them, the shipped ones are what the seeds give."""

import csv
import io
import json
import math
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.simulate import (
    Setting,
    simulate_event,
    to_google_forms,
    to_limesurvey,
    to_plain,
    truth,
)
from vunki_eval.simulate.draw import realised, scores
from vunki_eval.simulate.exports import google_records, lines
from vunki_eval.simulate.shipped import ANTSLA, ONLINE, SEEDS, shipped_files
from vunki_eval.stats import all_data_change

SURVEYS = Path(__file__).parents[2] / "surveys"
OTHERS = ("decisions.csv", "truth.json", "participants.csv")
SHIPPED = sorted(
    [
        *(f"{event}/coding.{who}.csv" for event in ("2020-antsla", "2021-online") for who in ("A", "B", "agreed")),
        *(f"2020-antsla/{name}" for name in ("pre.csv", "post.csv", "followup.csv", *OTHERS)),
        *(f"2021-online/{name}" for name in ("pre.csv", "post.csv", *OTHERS)),
    ]
)


@pytest.fixture(scope="module")
def instrument():
    return load_instrument(SURVEYS / "instrument.toml")


@pytest.fixture(scope="module")
def event(instrument):
    return simulate_event(instrument, n=92, seed=7)


@pytest.fixture(scope="module")
def crowd(instrument):
    """So many attendees that means are the expected ones."""
    return simulate_event(instrument, n=20_000, seed=11)


@pytest.fixture(scope="module")
def files(instrument):
    return shipped_files(instrument)


def attendees(event):
    return event.people[event.people["attended"]].reset_index(drop=True)


def rows(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_all_generated_files_are_listed(files):
    assert sorted(files) == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_files_are_what_the_seeds_give(files, name):
    assert (SURVEYS / name).read_bytes() == files[name].encode("utf-8")


def test_the_asked_change_is_the_change_expressed_on_the_scale(instrument, crowd):
    shown = realised(instrument, attendees(crowd), crowd.complete)
    assert set(crowd.changes) == {s.key for s in instrument.scales} - {"RT"}
    for key, later in crowd.changes.items():
        first = next(iter(crowd.means[key]))
        spread = 6.0 if key == "VH" else 1.7
        for wave, change in later.items():
            assert crowd.means[key][wave] - crowd.means[key][first] == pytest.approx(change, abs=1e-8)
            assert shown[key][wave] - shown[key][first] == pytest.approx(change, abs=4 * spread / math.sqrt(20_000))
        for wave, mean in crowd.means[key].items():
            assert shown[key][wave] == pytest.approx(mean, abs=6 * spread / math.sqrt(20_000)), (key, wave)


def test_default_changes(crowd):
    changes = crowd.changes
    assert changes["TS"]["post"] == 0.7
    assert math.exp(changes["NW1"]["post"]) == pytest.approx(1.6)
    assert changes["CE"]["post"] == 0.12
    assert changes["TN"] == {"post": 0.0}
    assert changes["TS"]["followup"] == pytest.approx(0.56)
    assert changes["VH"] == {"followup": 0.6}


def test_no_change_means_none_even_at_the_ceiling(instrument):
    setting = Setting(levels=Setting().levels | {"CE": replace(Setting().levels["CE"], mean=4.7)})
    still = simulate_event(instrument, n=40, seed=1, change={}, setting=setting)
    assert all(change == 0.0 for later in still.changes.values() for change in later.values())
    for means in still.means.values():
        assert max(means.values()) - min(means.values()) < 1e-8


def test_a_change_without_room_or_scale_is_refused(instrument):
    with pytest.raises(StatisticsError, match="no room"):
        simulate_event(instrument, n=20, change={"CE": 3.0})
    with pytest.raises(StatisticsError, match="has no scale XX"):
        simulate_event(instrument, n=20, change={"XX": 1.0})


def test_same_seed_same_event_and_other_seed_another(instrument, event):
    again, other = (simulate_event(instrument, n=92, seed=s) for s in (7, 8))
    for wave in event.submitted:
        assert to_plain(event, wave) == to_plain(again, wave)
        assert to_plain(event, wave) != to_plain(other, wave)
    assert truth(event) == truth(again)


def test_answers_hold_together_over_waves_and_items(instrument, crowd):
    people = attendees(crowd)
    for key, low, high in (("TS", 0.6, 0.8), ("NW1", 0.6, 0.8), ("CE", 0.55, 0.8)):
        scale = instrument.scale(key)
        before, after = (scores(instrument, scale, people, crowd.complete[w]) for w in ("pre", "post"))
        assert low < np.corrcoef(before, after)[0, 1] < high
    items = crowd.complete["pre"][list(instrument.scale("CE").items)].to_numpy(dtype=float)
    covariance = np.cov(items, rowvar=False)
    assert 0.7 < 4 / 3 * (1 - np.trace(covariance) / covariance.sum()) < 0.85
    turned = crowd.complete["pre"][["CA1", "CA2"]].to_numpy(dtype=float)
    assert np.corrcoef(turned, rowvar=False)[0, 1] < -0.2
    recalled = crowd.complete["post"][[f"RT{n}" for n in range(1, 5)]].to_numpy(dtype=float).mean(axis=1)
    before = scores(instrument, instrument.scale("CE"), people, crowd.complete["pre"])
    assert np.corrcoef(recalled, before)[0, 1] > 0.6
    assert recalled.mean() < before.mean()


def test_every_answer_is_possible(instrument, event):
    for wave, frame in event.submitted.items():
        for item in instrument.in_wave(wave):
            if item.code not in frame or item.role == "link":
                continue
            response_set = instrument.response_set(item)
            missing = {m.value for m in instrument.missing(item)}
            for value in frame[item.code]:
                if value is None or value in missing:
                    continue
                if isinstance(value, tuple):
                    assert set(value) <= set(response_set.values)
                elif response_set:
                    assert value in response_set.values
                elif item.range:
                    assert item.range[0] <= value <= item.range[1]
                else:
                    assert isinstance(value, str)


def test_logical_limits_and_filters_hold(event):
    post, follow, pre = event.answers["post"], event.answers["followup"], event.answers["pre"]
    for part in ("NW4", "NW5"):
        both = post[[part, "NW3"]].dropna()
        both = both[(both > -1).all(axis=1)]
        assert len(both) > 30
        assert (both[part] <= both["NW3"]).all()
    assert pre.loc[~pre["PR3"].isin(["rouge", "voru_vald"]), "PR3B"].isna().all()
    assert follow.loc[follow["IN3C"] != "yes", "IN3N"].isna().all()


def test_people_and_teams(instrument, event):
    people = attendees(event)
    assert len(people) == 92
    assert len(event.people) == 97
    assert people["team"].nunique() == 8
    assert people.loc[people["PR2"].isin(["mentor", "expert", "organiser"]), "team"].isna().all()
    assert (people.loc[people["PR2"] == "idea_owner"].groupby("team").size() == 1).all()
    assert set(people["PR1"]) <= set(instrument.response_set("PR1").values)


def test_response_is_as_set(event):
    assert [len(event.answers[w]) for w in ("pre", "post", "followup")] == [78, 66, 46]
    assert all(event.answers[w]["person"].is_unique for w in event.answers)


def test_later_answers_depend_on_the_first(instrument, crowd):
    people = attendees(crowd)
    first = scores(instrument, instrument.scale("TS"), people, crowd.complete["pre"])
    pre, post = (set(crowd.answers[w]["person"]) for w in ("pre", "post"))
    stayed = np.array([first[p] for p in pre if p in post])
    left = np.array([first[p] for p in pre if p not in post])
    assert 0.15 < (stayed.mean() - left.mean()) / first.std() < 0.45
    random = simulate_event(instrument, n=20_000, seed=11, setting=Setting(attrition=0.0))
    post = set(random.answers["post"]["person"])
    first = scores(instrument, instrument.scale("TS"), attendees(random), random.complete["pre"])
    stayed = np.array([first[p] for p in random.answers["pre"]["person"] if p in post])
    left = np.array([first[p] for p in random.answers["pre"]["person"] if p not in post])
    assert abs(stayed.mean() - left.mean()) / first.std() < 0.06


def test_code_elements_go_wrong_as_often_as_set(instrument, crowd):
    people = event_codes(crowd.people, instrument)
    typed = crowd.submitted["post"]
    typed = typed[typed["kind"] == "answer"]
    for code in instrument.link:
        given = [None if v is None else str(v).upper().lstrip("0") or "0" for v in typed[code]]
        true = [people[p][code] for p in typed["person"]]
        blank = np.mean([g is None for g in given])
        wrong = np.mean([g is not None and g != t for g, t in zip(given, true, strict=True)])
        assert 0.006 < blank < 0.014
        assert 0.024 < wrong < 0.036


def event_codes(people, instrument):
    return {
        p.person: {c: str(getattr(p, c)).upper() for c in instrument.link}
        for p in people[["person", *instrument.link]].itertuples(index=False)
    }


def test_blanks_and_unsure_answers_are_rare_and_apart(crowd):
    values = crowd.answers["pre"]["TS3"]
    assert 0.008 < values.isna().mean() < 0.017
    assert 0.02 < (values == -99).mean() < 0.03
    assert 0.002 < (values == -77).mean() < 0.009


def test_extra_rows_are_planted_as_set(instrument):
    setting = Setting(
        repeats={"post": 2}, refusals={"pre": 1, "post": 2}, tests={"post": 1}, partials={"pre": 1}, code_blank=0.0
    )
    event = simulate_event(instrument, n=60, seed=3, setting=setting)
    pre, post = event.submitted["pre"], event.submitted["post"]
    assert pre["kind"].value_counts().to_dict() == {"answer": 51, "refusal": 1, "partial": 1}
    assert post["kind"].value_counts().to_dict() == {"answer": 43, "refusal": 2, "repeat": 2, "test": 1}
    assert post["sent"].is_monotonic_increasing
    same = 0
    for row in post[post["kind"] == "repeat"].itertuples(index=False):
        first = post[(post["person"] == row.person) & (post["kind"] == "answer")].iloc[0]
        assert first["sent"] < row.sent
        assert list(first[list(instrument.link)]) == [getattr(row, c) for c in instrument.link]
        same += all(first[c] == getattr(row, c) or first[c] is None for c in instrument.scale("TS").items)
    assert same >= 1
    refused = post[post["kind"] == "refusal"]
    assert set(refused["CO0"]) == {"no"}
    assert refused.drop(columns=["person", "sent", "kind", "CO0"]).isna().all(axis=None)
    test = post[post["kind"] == "test"].iloc[0]
    assert (test["person"], test["OQ1"], test["TM"], test["SG1"]) == (-1, "test", "test", "X")


def test_google_forms_shape(event):
    table = rows(to_google_forms(event, "post", "et"))
    header = table[0]
    assert header[0] == "Ajatempel"
    stem = "Kuivõrd usaldate, et kohalikke probleeme koos lahendades teevad järgmised osapooled seda, mida lubavad?"
    assert f"{stem} [omavalitsus]" in header
    assert "Mis takistas?" in header
    assert len(table) == len(event.submitted["post"]) + 1
    assert {len(r) for r in table} == {len(header)}
    assert table[1][0] == "8/14/2020 10:00:00"
    several = [
        r[header.index("Millistest sektoritest olid inimesed, kellega esimest korda kohtusite?")] for r in table[1:]
    ]
    assert any(", " in cell for cell in several)
    assert {"ei oska öelda", "pigem nõustun"} <= {cell for r in table[1:] for cell in r}


def test_google_forms_from_the_form_itself(event):
    text = to_google_forms(event, "followup", "en", style="forms")
    table = rows(text)
    assert text.startswith('"Timestamp","I have read how my answers are used')
    assert table[1][0].startswith("2021/02/")
    assert table[1][0].endswith("M GMT+2")
    assert any(";" in cell for cell in (r[table[0].index(SECTORS)] for r in table[1:]))
    assert " PM GMT+3" in to_google_forms(event, "pre", "en", style="forms")


SECTORS = "In the past 6 months, with which sectors have you done something together?"


def test_limesurvey_shape(instrument):
    event = simulate_event(instrument, n=60, seed=3, setting=Setting(partials={"post": 1}))
    text = to_limesurvey(event, "post", "et")
    assert text.startswith('\ufeff"Response ID","Date submitted","Last page","Start language","Seed"')
    assert text.count("\r\n") == len(event.submitted["post"]) + 1
    table = rows(text)
    assert table[0][6] == "Olen\u00a0lugenud, kuidas minu vastuseid kasutatakse, ja nõustun osalema "
    partial = event.submitted["post"]["kind"].tolist().index("partial")
    assert [r[1] == "" for r in table[1:]] == [n == partial for n in range(len(table) - 1)]
    sectors = [n for n, h in enumerate(table[0]) if h.startswith("Millistest\u00a0sektoritest")]
    assert len(sectors) == 6
    assert {r[n] for r in table[1:] for n in sectors} == {"Jah", "Ei", ""}


def test_limesurvey_codes(event):
    table = rows(to_limesurvey(event, "post", "en", codes=True))
    assert table[0][:3] == ["id", "submitdate", "lastpage"]
    assert "NW8[municipality]" in table[0]
    assert {r[table[0].index("CE1")] for r in table[1:]} <= {"", "1", "2", "3", "4", "5", "-99", "-77"}


def test_plain_shape(instrument, event):
    table = rows(to_plain(event, "pre"))
    assert table[0] == ["submitted", *(i.code for i in instrument.in_wave("pre") if i.code != "TM")]
    assert table[1][0].startswith("2020-0")
    again = [None if cell == "" else cell for cell in (r[table[0].index("PR1")] for r in table[1:])]
    assert again == event.submitted["pre"]["PR1"].tolist()


def test_physical_lines_count_line_breaks_in_answers(instrument, files):
    text = files["2020-antsla/post.csv"]
    true_values = json.loads(files["2020-antsla/truth.json"])["waves"]["post"]
    starts = [r for r, _ in true_values["persons_by_row"]]
    physical = text.split("\n")
    assert starts != list(range(2, len(starts) + 2))
    assert all(physical[r - 1].startswith("8/1") for r in starts)
    assert lines(["a\n", '"b\nc"\n', "d\n"]) == [1, 2, 4]
    assert len(google_records(simulate_event(instrument, n=20, seed=1), "post")) == 1 + 14 + 3


@pytest.mark.parametrize(("name", "repeats"), [("2020-antsla", 1), ("2021-online", 1)])
def test_decisions_settle_what_was_planted(files, name, repeats):
    table = list(csv.DictReader(io.StringIO(files[f"{name}/decisions.csv"])))
    true_values = json.loads(files[f"{name}/truth.json"])["waves"]["post"]
    planted = {p["what"]: str(p["row"]) for p in true_values["planted"]}
    persons = {str(r): p for r, p in true_values["persons_by_row"]}
    assert [t["row"] for t in table if t["kind"] == "exclude"] == [planted["test"]]
    double = [t for t in table if t["kind"] == "duplicate"]
    assert [t["ruling"] for t in double] == ["keep", "drop"] * repeats
    assert double[1]["row"] == planted["repeat"] == double[0]["other_row"]
    assert persons[double[0]["row"]] == persons[double[1]["row"]]
    assert all(t["who"] == "hindaja" and "sünteetiline" in t["why"] for t in table)


@pytest.mark.parametrize("name", ["2020-antsla", "2021-online"])
def test_no_two_people_of_a_shipped_event_have_nearly_the_same_code(instrument, files, name):
    given = []
    for path, text in files.items():
        if path.startswith(name) and path.endswith(("pre.csv", "post.csv", "followup.csv")):
            true_values = json.loads(files[f"{name}/truth.json"])["waves"][path.split("/")[1].removesuffix(".csv")]
            table = rows(text)
            start = next(n for n, h in enumerate(table[0]) if h.replace("\u00a0", " ").startswith("Teie ema"))
            for row, (_, person) in zip(table[1:], true_values["persons_by_row"], strict=True):
                code = [c.upper().lstrip("0") or c[-1:] for c in row[start : start + len(instrument.link)]]
                if any(code) and person >= 0:
                    given.append((person, code))
    near = [
        (p, q)
        for n, (p, a) in enumerate(given)
        for q, b in given[:n]
        if p != q and sum(x != y or not x for x, y in zip(a, b, strict=True)) <= 1
    ]
    assert len(given) > 120
    assert near == []


@pytest.mark.parametrize(
    ("setting", "seed", "n"), [(ANTSLA, SEEDS["2020-antsla"], 92), (ONLINE, SEEDS["2021-online"], 84)]
)
def test_an_analysis_recovers_the_truth_of_the_shipped_events(instrument, setting, seed, n):
    event = simulate_event(instrument, n=n, seed=seed, setting=setting)
    people = attendees(event)
    for key in ("TS", "NW1", "CE", "TN", "CA", "NW7"):
        waves = {}
        for wave in ("pre", "post"):
            answered = np.isin(people["person"], event.answers[wave]["person"].astype(int))
            waves[wave] = np.where(
                answered, scores(instrument, instrument.scale(key), people, event.complete[wave]), np.nan
            )
        estimate = all_data_change(waves["pre"], waves["post"])
        assert estimate.low < event.changes[key]["post"] < estimate.high, key


def test_truth_tells_units_and_counts(files):
    true_values = json.loads(files["2021-online/truth.json"])
    assert (true_values["attended"], true_values["registered"], true_values["teams"]) == (84, 88, 11)
    assert true_values["scales"]["NW1"]["unit"] == "ratio"
    assert true_values["scales"]["NW1"]["change"]["post"]["expected"] == 1.6
    assert list(true_values["waves"]) == ["post", "pre"]
    assert "VH" not in true_values["scales"]


def test_an_event_survives_another_process_and_shows_nobody(event):
    assert truth(pickle.loads(pickle.dumps(event))) == truth(event)
    assert repr(event) == "<Simulated event: 92 attendees; rows: pre 78, post 69, followup 46>"


def test_any_instrument_can_be_simulated():
    small = Instrument.model_validate(
        {
            "id": "small",
            "title": {"en": "Small"},
            "languages": ["en"],
            "wave": [{"key": w, "order": n, "title": {"en": w}} for n, w in enumerate(("one", "two"))],
            "response_set": [{"key": "five", "options": [{"value": v, "label": {"en": f"l{v}"}} for v in range(1, 6)]}],
            "item": [
                {
                    "code": f"Q{n}",
                    "role": "scale",
                    "waves": ["one", "two"],
                    "response_set": "five",
                    "text": {"en": f"Q {n}"},
                }
                for n in range(3)
            ],
            "scale": [
                {"key": "Q", "title": {"en": "Q"}, "items": ["Q0", "Q1", "Q2"], "range": [1, 5], "primary": True}
            ],
        }
    )
    event = simulate_event(small, n=30, seed=2, change={"Q": 0.5})
    assert event.changes == {"Q": {"two": 0.5}}
    table = rows(to_plain(event, "two"))
    assert table[0] == ["submitted", "Q0", "Q1", "Q2"]
    assert len(table) == 1 + 21
