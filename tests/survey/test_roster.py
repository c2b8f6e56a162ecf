"""A roster from the export's columns to the report: the synthetic event with whom-do-you-know answers added to it."""

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vunki_eval as ve
from vunki_eval.analysis.roster import hidden_cells, merged_sectors
from vunki_eval.errors import ConfigError
from vunki_eval.report.tables import between_sectors_table
from vunki_eval.results.results import find, one
from vunki_eval.stats import network
from vunki_eval.survey.roster import Roster

EVENT, TIE = "2020-antsla", 2
ROSTER = """
[roster]
code = "NWR"
own = "NWC"
text = { et = "Kui hästi Te seda inimest tunnete?", en = "How well do you know this person?" }
own_text = { et = "Teie osalejakood", en = "Your participant's code" }
response_set = "acquaintance"
waves = ["pre", "post"]

[[response_set]]
key = "acquaintance"
options = [
  { value = 0, label = { et = "ei tunne", en = "don't know" } },
  { value = 1, label = { et = "tean, kes ta on", en = "know who" } },
  { value = 2, label = { et = "oleme rääkinud", en = "have talked" } },
  { value = 3, label = { et = "oleme koos töötanud", en = "have worked together" } },
]
"""
SAID = ("ei tunne", "tean, kes ta on", "oleme rääkinud", "3")


def write_roster(root: Path) -> dict[str, dict[tuple[str, str], int]]:
    """Write a roster into a project; give everybody's true ratings, by wave."""
    folder = root / "surveys" / EVENT
    instrument = root / "surveys" / "instrument.toml"
    instrument.write_text(instrument.read_text("utf-8") + ROSTER, "utf-8")
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    places = {w: dict(truth["waves"][w]["persons_by_row"]) for w in ("pre", "post")}
    persons = sorted({p for part in places.values() for p in part.values() if p >= 0})
    code = {p: f"K{k:02d}" for k, p in enumerate(persons, 1)}
    rng = np.random.default_rng(5)
    first = {(a, b): int(x) for a in code.values() for b in code.values() if a != b for x in [rng.choice(4, p=P)]}
    later = {pair: min(3, s + int(rng.random() < 0.15)) for pair, s in first.items()}
    sectors = rng.choice(["omavalitsus", "business", "eraisik", ""], len(code))
    (folder / "roster.csv").write_text(
        "code,sector\n" + "".join(f"{c},{s}\n" for c, s in zip(code.values(), sectors, strict=True)), "utf-8"
    )
    ratings: dict[str, dict[tuple[str, str], int]] = {}
    for wave, strengths in (("pre", first), ("post", later)):
        ratings[wave] = add_columns(folder / f"{wave}.csv", places[wave], code, strengths)
    return ratings


P = (0.6, 0.2, 0.15, 0.05)


def add_columns(path: Path, places, code, strengths) -> dict[tuple[str, str], int]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        start, records = 1, []
        for record in reader:
            records.append((start, record))
            start = reader.line_num + 1
    ratings, out = {}, []
    header = "NWR[{}]" if path.stem == "pre" else "Kui hästi Te seda inimest tunnete? [{}]"
    for line, record in records:
        if line == 1:
            out.append([*record, "Teie osalejakood", *(header.format(c) for c in code.values())])
            continue
        own = code.get(places.get(line, -1), "")
        row = {c: strengths.get((own, c)) for c in code.values()}
        out.append([*record, own, *("" if s is None else SAID[s] for s in row.values())])
        ratings |= {(own, c): s for c, s in row.items() if s is not None}
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(out)
    return ratings


@pytest.fixture(scope="module")
def world(shipped_project: Path, tmp_path_factory):
    """The project with the roster, and everybody's true ratings."""
    root = tmp_path_factory.mktemp("roster") / "project"
    shutil.copytree(shipped_project, root)
    return root, write_roster(root)


@pytest.fixture(scope="module")
def drawn(world):
    return world[1]


@pytest.fixture(scope="module")
def study(world) -> ve.Study:
    return ve.load_study(ve.load_project(world[0]), EVENT)


@pytest.fixture(scope="module")
def results(study) -> ve.Results:
    return ve.analyse(study)


@pytest.fixture
def own_copy(world, tmp_path: Path) -> Path:
    shutil.copytree(world[0], tmp_path / "own")
    return tmp_path / "own"


def test_the_network_is_found_again_and_no_column_of_it_stays(study, drawn) -> None:
    roster = study.roster
    assert not [c for c in study.responses if c.startswith("NW") and c[:3] in ("NWR", "NWC")]
    assert study.project.instrument.roster is not None
    assert not any(i.code.startswith("NWR") for i in study.project.instrument.items)
    for wave in ("pre", "post"):
        rows = roster.ratings[roster.ratings["wave"] == wave]
        strengths = {(a, b): s for a, b, s in zip(rows["from"], rows["to"], rows["strength"], strict=True)}
        usable = roster.answered[wave]
        assert strengths == {pair: s for pair, s in drawn[wave].items() if pair[0] in usable}
        assert len(usable) > 50


@pytest.mark.slow
def test_numbers_are_those_of_the_statistics(study, results, drawn) -> None:
    roster = study.roster
    for wave in ("pre", "post"):
        ties = [p for p, s in drawn[wave].items() if s >= TIE and p[0] in roster.answered[wave]]
        density = network.density(ties, list(roster.sectors), roster.answered[wave])
        row = one(results, outcome="NWR", wave=wave, statistic="density")
        assert row["estimate"] == pytest.approx(density, rel=1e-9)
        known = {p: s for p, s in roster.sectors.items() if s}
        index = network.ei_index([t for t in ties if set(t) <= set(known)], known, seed=1)
        assert one(results, outcome="NWR", wave=wave, statistic="ei_index")["estimate"] == pytest.approx(index.observed)
        assert one(results, outcome="NWR", wave=wave, statistic="ei_expected")["estimate"] == pytest.approx(
            index.expected
        )
    both = roster.answered["pre"] & roster.answered["post"]
    before, after = ({p for p, s in drawn[w].items() if s >= TIE and p[0] in both} for w in ("pre", "post"))
    for statistic, n in (("kept", before & after), ("formed", after - before), ("dissolved", before - after)):
        assert one(results, outcome="NWR", wave="post", statistic=f"ties_{statistic}")["estimate"] == len(n)
    assert one(results, outcome="NWR", wave="post", statistic="ties_downgraded")["estimate"] == 0


def test_below_three_quarters_the_network_is_described_not_tested(results) -> None:
    for row in find(results, outcome="NWR", statistic="ei_index").to_dict("records"):
        share = one(results, outcome="NWR", wave=row["wave"], statistic="roster_rate")["estimate"]
        assert ("described" in row["method"]) == (share < 0.75) == (row["p"] is None)


def test_ties_between_sectors_are_means_over_those_who_answered(study, results, drawn) -> None:
    roster = study.roster
    sectors = merged_sectors(roster, "post", 5)
    rows = find(results, outcome="NWR", wave="post")
    rows = rows[rows["statistic"].str.startswith("ties_to:") & (rows["status"] == "ok")]
    assert len(rows) >= 4
    for row in rows.to_dict("records"):
        giver, taker = row["group"].removeprefix("PR1="), row["statistic"].removeprefix("ties_to:")
        answered = [p for p in roster.answered["post"] if sectors.get(p) == giver]
        n = sum(s >= TIE and a in answered and sectors.get(b) == taker for (a, b), s in drawn["post"].items())
        assert row["n"] == len(answered) >= 5
        assert n == 0 or n >= 5
        assert row["estimate"] == pytest.approx(n / len(answered), abs=0.0501)
    table = between_sectors_table(results, "et", "post")
    assert table is not None
    assert table.caption.startswith("Sektoritevahelised sidemed")
    assert len(table.columns) == len(table.rows) + 1 <= 7


def test_small_sectors_are_merged_until_the_rest_is_large_enough() -> None:
    sizes = {"a": 12, "b": 9, "c": 6, "d": 3, "e": 1}
    people = {f"{s}{k}": s for s, n in sizes.items() for k in range(n)}

    def merged(answered: int = 99, **less: int) -> dict[str, str]:
        who = frozenset(p for p, s in people.items() if int(p[1:]) < less.get(s, answered))
        return merged_sectors(Roster(people, pd.DataFrame(), {"post": who}), "post", 5)

    assert set(merged().values()) == {"a", "b", "_other"}
    assert {s for p, s in merged().items() if p[0] in "cde"} == {"_other"}
    assert {s for p, s in merged(b=2).items() if p[0] == "b"} == {"_other"}
    assert merged(answered=0) == {}


def test_few_ties_are_hidden_with_what_would_give_them_away() -> None:
    counts = np.array([[30, 2, 9], [8, 20, 7], [0, 9, 40]])
    assert np.argwhere(hidden_cells(counts, 5)).tolist() == [[0, 1], [1, 2]]
    assert not hidden_cells(counts + 5, 5).any()
    alone = np.array([[3, 9], [9, 6]])
    assert np.argwhere(hidden_cells(alone, 5)).tolist() == [[0, 0], [1, 1]]


def test_the_report_shows_counts_and_never_a_code(results) -> None:
    for language in ("et", "en"):
        body = ve.sections.networking(results, language), ve.sections.annex_items(results, language)
        shown = "".join(s._repr_mimebundle_()["text/html"] for s in body)
        assert ("Tekkinud sidemeid" if language == "et" else "Ties formed") in shown
        assert not any(f"K{k:02d}" in shown for k in range(1, 90))
    assert "K01" not in json.dumps(results.meta)


def test_two_responses_with_the_same_code_are_left_out(own_copy: Path, study) -> None:
    first, second = sorted(study.roster.answered["post"])[:2]
    path = own_copy / "surveys" / EVENT / "post.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    place = rows[0].index("Teie osalejakood")
    changed = [[*r[:place], second if r[place] == first else r[place], *r[place + 1 :]] for r in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(changed)
    loaded = ve.load_study(ve.load_project(own_copy), EVENT)
    assert [f.code for f in loaded.findings if f.code == "VE-771"] == ["VE-771"]
    assert {first, second} & loaded.roster.answered["post"] == set()
    assert second in loaded.roster.answered["pre"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sector\nx\n", "roster.csv:1:code"),
        ("code,sector\nMari Maasikas,business\n", "roster.csv:2:code"),
        ("code,sector\nK1,business\nk1,business\n", "roster.csv:3:code"),
        ("code,sector\nK1,bisnes\n", "roster.csv:2:sector"),
        ("code,sector\nK1,\nK2,\n", "roster.csv"),
    ],
)
def test_a_bad_list_is_refused_with_its_place(own_copy: Path, text: str, place: str) -> None:
    (own_copy / "surveys" / EVENT / "roster.csv").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=f"{place}.*VE-770") as caught:
        ve.load_study(ve.load_project(own_copy), EVENT)
    assert "Maasikas" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"acquaintance"\nwaves', '"no_such"\nwaves', "roster.response_set"),
        ('waves = ["pre", "post"]\n\n', 'waves = ["before"]\n\n', "roster.waves"),
        ('code = "NWR"', 'code = "NW1"', "roster.code"),
        ('own = "NWC"', 'own = "NWC"\ntie = 0', "roster.tie"),
    ],
)
def test_a_bad_roster_question_is_refused(own_copy: Path, old: str, new: str, key: str) -> None:
    path = own_copy / "surveys" / "instrument.toml"
    head, mark, tail = path.read_text("utf-8").rpartition("\n[roster]")
    path.write_text(head + mark + tail.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError, match=key):
        ve.load_project(own_copy)
