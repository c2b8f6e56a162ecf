"""The whole way from files to scores, on small projects written here and on the shipped one."""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vunki_eval.errors import ConfigError, InputError, Problem, UsageError
from vunki_eval.project.project import load_project
from vunki_eval.survey.decisions import COLUMNS
from vunki_eval.survey.study import Study, load_study, open_questions

TESTS = Path(__file__).parents[1]
BASE = {
    "CO0": "jah", "E1": "M", "E2": "1", "E3": "A", "E4": "J", "PR1": "ettevõte", "TS1": "4", "TS2": "6", "CE1": "4",
    "CE2": "2", "CE3": "1", "NW1": "12", "timestamp": "",
}  # fmt: skip
PROJECT = """
schema = 1
[project]
id = "small"
title = { et = "Väike", en = "Small" }
start = 2020-01-01
end = 2021-12-31
funder = { et = "F", en = "F" }
applicant = { name = "A" }
[[event]]
id = "e"
title = { et = "E", en = "E" }
actual = { start = 2020-08-13, end = 2020-08-15 }
"""
Rows = Sequence[Mapping[str, str]]
Make = Callable[..., Path]
SIGNED = "Mari,2020-08-19,topelt"


def people(count: int, **answers: str) -> list[dict[str, str]]:
    """Rows of people whose codes differ in three elements."""
    return [{"E1": "ABCDEFGHIJ"[k], "E2": str(k + 1), "E3": "KLMNOPQRST"[k], **answers} for k in range(count)]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a project; every wave's rows differ from a base row."""

    def write(*, decisions: Sequence[str] = (), waves: str = "", **rows: Rows) -> Path:
        root = tmp_path / "p"
        shutil.rmtree(root, ignore_errors=True)
        folder = root / "surveys" / "e"
        folder.mkdir(parents=True)
        named = waves or ", ".join(f'{w} = "{w}.csv"' for w in rows)
        (root / "surveys" / "project.toml").write_text(PROJECT + f"waves = {{ {named} }}\n", encoding="utf-8")
        shutil.copy(TESTS / "readers" / "small_instrument.toml", root / "surveys" / "instrument.toml")
        for name, wave_rows in rows.items():
            headers = list(dict.fromkeys([*BASE, *(h for row in wave_rows for h in row)]))
            lines = [headers, *([{**BASE, **row}.get(h, "") for h in headers] for row in wave_rows)]
            text = "\n".join(",".join(f'"{c}"' for c in line) for line in lines)
            (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
        if decisions:
            header = "kind,file,row,other_file,other_row,ruling,who,when,why\n"
            (folder / "decisions.csv").write_text(header + "\n".join(decisions) + "\n", encoding="utf-8")
        return root

    return write


def study(root: Path) -> Study:
    return load_study(load_project(root), "e")


def must_look(loaded: Study) -> list[Problem]:
    """Findings that a person must settle."""
    assert {f.level for f in loaded.findings} <= {"look", "note"}
    return [f for f in loaded.findings if f.level == "look"]


def flow(loaded: Study) -> dict[str, tuple[int, str]]:
    return {r.step: (r.n, r.reason) for r in loaded.flow.itertuples()}


def test_pre_and_post(make: Make) -> None:
    loaded = study(make(pre=people(4), post=[*people(3, CE1="5"), {"E1": "Z", "E2": "31", "E3": "Z"}]))
    assert flow(loaded) == {
        "returned_pre": (4, ""), "usable_pre": (4, ""), "returned_post": (4, ""), "usable_post": (4, ""),
        "linked_post": (3, ""), "linked_post_exact": (3, ""), "linked_post_one_difference": (0, ""),
        "analysed_post": (3, ""),
    }  # fmt: skip
    scores = loaded.scores[loaded.scores["scale"] == "CE"].pivot(index="respondent", columns="wave", values="score")
    assert (scores["post"] - scores["pre"]).dropna().tolist() == pytest.approx([1 / 3] * 3)
    assert loaded.findings == ()
    assert [i.rows for i in loaded.inputs] == [4, 4]
    assert [i.path for i in loaded.inputs] == ["surveys/e/pre.csv", "surveys/e/post.csv"]


def test_responses_frame(make: Make) -> None:
    loaded = study(make(pre=people(2, OQ1="Hea")))
    frame = loaded.responses
    assert list(frame.columns[:7]) == ["respondent", "wave", "file", "sheet", "row", "submitted", "link_method"]
    assert {"CE1", "NW8.business", "HRS", "TM"} <= set(frame)
    assert not {"E1", "E2", "E3", "E4"} & set(frame)
    assert frame["CE1"].dtype == float
    assert frame["HRS"].isna().all()
    assert frame["OQ1"].tolist() == ["Hea", "Hea"]
    assert frame["TM"].tolist() == [None, None]
    assert "Hea" not in repr(loaded)


def test_nothing_depends_on_the_key(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(pre=people(6), post=[*people(5), {"E1": "x"}], followup=people(4))
    loaded = []
    for folder in ("a", "b"):
        monkeypatch.setenv("VUNKI_KEY_DIR", str(tmp_path / folder))
        loaded.append(study(root))
    for name in ("responses", "scores", "flow", "log"):
        pd.testing.assert_frame_equal(getattr(loaded[0], name), getattr(loaded[1], name))
    assert loaded[0].false_link_share == loaded[1].false_link_share


def test_codes_and_cells_stay_out_of_the_study(make: Make) -> None:
    rows = {"E1": "QWX", "E2": "ZZZQ", "E3": "QQY", "E4": "YYX"}
    loaded = study(make(pre=[rows], post=[rows | {"CE1": "5"}]))
    assert flow(loaded)["linked_post"][0] == 1
    text = repr(loaded) + loaded.log.to_csv() + "".join(map(str, loaded.findings)) + loaded.responses.to_csv()
    assert not any(code in text for code in ("QWX", "ZZZQ", "QQY", "YYX"))


def test_row_order_does_not_matter(make: Make) -> None:
    pre, post = people(6, CE1="2"), people(5, CE1="4")
    one = study(make(pre=pre, post=post)).scores
    other = study(make(pre=pre[::-1], post=post[2:] + post[:2])).scores
    means = [s.groupby(["wave", "scale"])["score"].agg(["count", "mean"]) for s in (one, other)]
    pd.testing.assert_frame_equal(*means)


def test_event_without_files(make: Make) -> None:
    loaded = study(make(waves=""))
    assert (len(loaded.responses), len(loaded.scores), len(loaded.flow), loaded.inputs) == (0, 0, 0, ())
    assert "CE1" in loaded.responses
    assert np.isnan(loaded.false_link_share)


def test_duplicates_stay_out_until_somebody_rules(make: Make) -> None:
    pre, post = people(4), [*people(4), people(1, CE1="1")[0]]
    open_question = study(make(pre=pre, post=post))
    assert flow(open_question)["usable_post"] == (3, "duplicate")
    assert flow(open_question)["linked_post"] == (3, "")
    assert [(f.code, f.row) for f in must_look(open_question)] == [("VE-351", 2)]
    assert "rows 2, 6" in open_question.findings[0].problem
    rulings = [f"duplicate,post.csv,2,post.csv,6,drop,{SIGNED}", f"duplicate,post.csv,6,post.csv,2,keep,{SIGNED}"]
    settled = study(make(pre=pre, post=post, decisions=rulings))
    assert flow(settled)["usable_post"] == (4, "duplicate")
    assert flow(settled)["linked_post"] == (4, "")
    assert settled.findings == ()
    rows = settled.responses[(settled.responses["wave"] == "post") & (settled.responses["CE1"] == 1)]
    assert rows["row"].tolist() == [6]
    assert settled.log["rule"].tolist() == ["excluded_duplicate"]


def test_one_ruling_to_drop_is_enough_for_two(make: Make) -> None:
    post = [*people(2), people(1)[0]]
    loaded = study(make(pre=people(2), post=post, decisions=[f"duplicate,post.csv,4,,,drop,{SIGNED}"]))
    assert flow(loaded)["linked_post"] == (2, "")
    assert loaded.findings == ()


def test_two_people_with_one_code_are_kept_unlinked(make: Make) -> None:
    rulings = [f"duplicate,post.csv,{row},,,keep,{SIGNED}" for row in (2, 4)]
    loaded = study(make(pre=people(2), post=[*people(2), people(1)[0]], decisions=rulings))
    assert flow(loaded)["usable_post"] == (3, "")
    assert flow(loaded)["linked_post"] == (1, "ambiguous")
    assert [f.code for f in loaded.findings] == ["VE-362", "VE-362"]


def test_same_answers_within_minutes_are_pointed_out(make: Make) -> None:
    blank = dict.fromkeys(["E1", "E2", "E3", "E4"], "")
    rows = [blank | {"timestamp": f"2020-08-12 10:0{k}"} for k in (0, 1)]
    later = blank | {"timestamp": "2020-08-12 12:00"}
    loaded = study(make(pre=[*rows, {"CE1": "1"}]))
    assert [f.code for f in loaded.findings] == ["VE-356", "VE-352"]
    assert flow(loaded)["usable_pre"] == (3, "")
    assert [f.code for f in study(make(pre=[rows[0], later])).findings] == []


@pytest.mark.parametrize(
    "ruling",
    [
        f"exclude,pre.csv,99,,,drop,{SIGNED}",
        f"duplicate,pre.csv,2,,,drop,{SIGNED}",
        f"duplicate,pre.csv,2,pre.csv,3,drop,{SIGNED}",
        f"link,pre.csv,2,pre.csv,3,link,{SIGNED}",
        f"edit,pre.csv,2,,,CE9=4,{SIGNED}",
        f"edit,pre.csv,2,,,E1=M,{SIGNED}",
        f"edit,pre.csv,2,,,CE1=4,{SIGNED}",
    ],
)
def test_stale_rulings_are_refused(make: Make, ruling: str) -> None:
    with pytest.raises(ConfigError) as caught:
        study(make(pre=people(2), post=people(1, CE1="2"), decisions=[ruling]))
    assert [(p.file, p.row, p.code) for p in caught.value.problems] == [("surveys/e/decisions.csv", 2, "VE-372")]


def test_rulings_on_links_edits_and_exclusions(make: Make) -> None:
    pre, post = people(4), [*people(3, CE1="9"), {"E1": "Z", "E2": "30", "E3": "Z", "E4": "Z"}]
    rulings = [f"edit,post.csv,{row},,,CE1=5,{SIGNED}" for row in (2, 3)]
    rulings += [f"edit,post.csv,4,,,CE1=,{SIGNED}", f"link,post.csv,5,pre.csv,5,link,{SIGNED}"]
    rulings += [f"link,pre.csv,2,post.csv,2,apart,{SIGNED}", f"exclude,pre.csv,3,,,drop,{SIGNED}"]
    loaded = study(make(pre=pre, post=post, decisions=rulings))
    after = loaded.responses[loaded.responses["wave"] == "post"]
    assert after["CE1"].tolist()[:2] == [5, 5]
    assert np.isnan(after["CE1"].tolist()[2])
    assert after["link_method"].tolist() == ["none", "none", "exact", "decision"]
    assert flow(loaded)["usable_pre"] == (3, "excluded")
    assert sorted(loaded.log["rule"]) == [*["edited_by_decision"] * 3, "excluded_by_decision"]


def test_consent_is_counted(make: Make) -> None:
    loaded = study(make(pre=[*people(3), {"CO0": "ei", "E1": "Z"}]))
    assert flow(loaded)["usable_pre"] == (3, "consent")
    assert len(loaded.responses) == 3


def test_all_faults_of_all_files_at_once(make: Make) -> None:
    with pytest.raises(InputError) as caught:
        study(make(pre=[{"CE1": "tont"}], post=[{}, {"NW1": "palju"}]))
    assert [(p.file, p.row, p.column) for p in caught.value.problems] == [
        ("surveys/e/pre.csv", 2, "CE1"),
        ("surveys/e/post.csv", 3, "NW1"),
    ]


def test_the_same_file_twice(make: Make) -> None:
    root = make(pre=people(2), post=people(2))
    with pytest.raises(InputError, match=r"surveys/e/post.csv: The file is the same.*VE-360"):
        study(root)


def test_missing_file_and_event(make: Make) -> None:
    root = make(pre=people(2))
    (root / "surveys" / "e" / "pre.csv").unlink()
    with pytest.raises(InputError, match=r"surveys/e/pre\.csv: The file does not exist"):
        study(root)
    with pytest.raises(UsageError, match="no event with that id"):
        load_study(load_project(root), "f")


def test_a_missing_file_may_count_as_not_asked(make: Make) -> None:
    root = make(pre=people(2), post=people(2, CE1="1"))
    (root / "surveys" / "e" / "post.csv").unlink()
    loaded = load_study(load_project(root), "e", absent_ok=True)
    assert set(loaded.responses["wave"]) == {"pre"}
    assert [(f.file, f.code, f.level) for f in loaded.findings] == [("surveys/e/post.csv", "VE-369", "look")]


def test_files_named_after_waves_are_found_when_none_is_named(make: Make) -> None:
    root = make(pre=people(3), post=people(3, CE1="1"))
    config = root / "surveys" / "project.toml"
    named = config.read_text("utf-8")
    config.write_text(re.sub(r"(?m)^waves = .*$", "", named), "utf-8")
    folder = root / "surveys" / "e"
    loaded = study(root)
    assert flow(loaded)["returned_pre"] == (3, "")
    assert flow(loaded)["returned_post"] == (3, "")
    assert not [f for f in loaded.findings if f.code == "VE-830"]
    # Two files of one name: neither is taken, and both are named; so is what no wave asks for.
    shutil.copy(folder / "pre.csv", folder / "pre.xlsx")
    (folder / "Decisions.txt").write_text("", "utf-8")
    loaded = study(root)
    assert set(loaded.responses["wave"]) == {"post"}
    assert [f.file for f in must_look(loaded) if f.code == "VE-830"] == ["surveys/e/pre.csv", "surveys/e/pre.xlsx"]
    # Where waves are named, nothing is added to them; a file called like a wave is no accident.
    config.write_text(re.sub(r"(?m)^waves = .*$", 'waves = { pre = "pre.csv" }', named), "utf-8")
    loaded = study(root)
    assert set(loaded.responses["wave"]) == {"pre"}
    assert [f.file for f in must_look(loaded) if f.code == "VE-830"] == ["surveys/e/post.csv"]


def test_exports_that_no_wave_names(make: Make) -> None:
    root = make(pre=people(2))
    config = root / "surveys" / "project.toml"
    config.write_text(re.sub(r"(?m)^waves = .*$", "", config.read_text("utf-8")), "utf-8")
    folder = root / "surveys" / "e"
    (folder / "pre.csv").rename(folder / "vastused enne.csv")
    (folder / "participants.csv").write_text("name\n", "utf-8")
    assert [f.file for f in must_look(study(root)) if f.code == "VE-830"] == ["surveys/e/vastused enne.csv"]


def test_several_files_of_one_wave(make: Make) -> None:
    waves = 'pre = ["pre.csv", "paber.csv"], post = "post.csv"'
    loaded = study(make(waves=waves, pre=people(2), paber=[{"E1": "Z"}], post=people(2, CE1="1")))
    assert flow(loaded)["returned_pre"] == (3, "")
    assert loaded.responses["file"].nunique() == 3


def test_no_links_are_said(make: Make) -> None:
    blank = dict.fromkeys(["E1", "E2", "E3", "E4"], "")
    loaded = study(make(pre=[blank], post=[blank | {"CE1": "2"}]))
    assert [f.code for f in loaded.findings] == ["VE-361"]
    assert flow(loaded)["linked_post"] == (0, "")


@pytest.mark.parametrize(("event", "waves"), [("2020-antsla", 3), ("2021-online", 2)])
def test_shipped_events(shipped_project: Path, event: str, waves: int) -> None:
    loaded = load_study(load_project(shipped_project), event)
    assert must_look(loaded) == []
    steps = flow(loaded)
    assert loaded.responses["wave"].nunique() == waves
    assert 0.6 < steps["linked_post"][0] / steps["usable_post"][0] < 0.95
    assert steps["linked_post"][0] == steps["linked_post_exact"][0] + steps["linked_post_one_difference"][0]
    assert loaded.false_link_share < 0.01
    assert loaded.responses["respondent"].nunique() == len(loaded.responses) - sum(
        n for step, (n, _) in steps.items() if step in ("linked_post", "linked_followup")
    ) - _linked_without_first(loaded)
    assert (loaded.responses.groupby(["respondent", "wave"]).size() == 1).all()


def _linked_without_first(loaded: Study) -> int:
    """People linked between post and follow-up only."""
    waves = loaded.responses.groupby("respondent")["wave"].agg(set)
    return int((waves == {"post", "followup"}).sum())


def test_questions_become_a_sheet_of_decisions(make: Make) -> None:
    """What is open is prepared; filled in and put back, the sheet settles it."""
    post = [*people(3), people(1)[0], {"E1": "B", "E2": "2", "E3": "L", "E4": "Z"}, {"E1": "Y", "OQ1": "proov"}]
    rows = {"pre": people(3), "post": post}
    sheet = open_questions(study(make(**rows)))
    lines = [line.split(",") for line in sheet.splitlines()]
    assert lines[0] == [*COLUMNS, "noticed", "mark"]
    assert [(r[0], r[1], r[2], r[4], r[9]) for r in lines[1:]] == [
        ("duplicate", "post.csv", "2", "5", "same"),
        ("duplicate", "post.csv", "5", "2", "same"),
        ("exclude", "post.csv", "7", "", "trial"),
    ]
    ruled = {"2": "keep", "5": "drop", "7": "drop"}
    filled = [",".join([*r[:5], ruled[r[2]], "Mari", "2020-08-20", "vaatasin", *r[9:]]) for r in lines[1:]]
    root = make(**rows)
    (root / "surveys" / "e" / "decisions.csv").write_text("\n".join([sheet.splitlines()[0], *filled]), encoding="utf-8")
    loaded = study(root)
    assert loaded.findings == ()
    assert open_questions(loaded).count("\n") == 1


def test_unclear_links_are_questions(make: Make) -> None:
    pre = [{"E4": "A"}, {"E4": "B"}]
    loaded = study(make(pre=pre, post=[{"E4": "C"}]))
    assert [(q.kind, q.file, q.row, q.other_file, q.other_row) for q in loaded.questions] == [
        ("link", "pre.csv", 2, "post.csv", 2),
        ("link", "pre.csv", 3, "post.csv", 2),
    ]
    ruling = f"link,pre.csv,3,post.csv,2,link,{SIGNED}"
    settled = study(make(pre=pre, post=[{"E4": "C"}], decisions=[ruling]))
    assert settled.questions == ()
    assert settled.responses["link_method"].tolist() == ["none", "decision", "decision"]


def test_answers_in_several_languages_in_one_file(make: Make) -> None:
    """Everybody chose a language; headers are in the tool's first one. The frame is as if all had chosen one."""
    estonian = {
        "CE1": "pigem nõustun",
        "CO0": "jah",
        "PR1": "ettevõte",
        "TS1": "10 – usaldan täielikult",
        "PR4": "üle 40",
    }
    english = {"CE1": "rather agree", "CO0": "yes", "PR1": "business", "TS1": "10 – trust completely", "PR4": ">40"}
    unsure = [{"CE1": "ei oska öelda"}, {"CE1": "don't know"}]
    several = [{**p, **answers} for p, answers in zip(people(4), (estonian, english, *unsure), strict=True)]
    one = [{**p, **answers} for p, answers in zip(people(4), (estonian, estonian, unsure[0], unsure[0]), strict=True)]
    loaded = study(make(pre=several, post=people(1, CE1="2")))
    pd.testing.assert_frame_equal(loaded.responses, study(make(pre=one, post=people(1, CE1="2"))).responses)
    assert loaded.nonresponse["item"].tolist() == ["CE1", "CE1"]
    assert len(loaded.log) == 0


def test_a_reminder_answered_by_somebody_who_had_answered(make: Make) -> None:
    """A second file of a wave holds who was reminded; whoever is in both is asked about, nobody is counted twice."""
    waves = 'pre = ["pre.csv", "reminder.csv"], post = "post.csv"'
    reminded = [{**people(2)[1], "CE1": "1"}, *people(4)[3:]]
    files = {"pre": people(3), "reminder": reminded, "post": people(4, CE1="1")}
    loaded = study(make(waves=waves, **files))
    assert [(f.file, f.code) for f in must_look(loaded)] == [("surveys/e/pre.csv", "VE-351")]
    assert must_look(loaded)[0].problem.endswith("pre.csv rows 3; reminder.csv rows 2.")
    assert flow(loaded)["usable_pre"] == (3, "duplicate")
    ruling = [f"duplicate,reminder.csv,2,pre.csv,3,drop,{SIGNED}"]
    settled = study(make(waves=waves, decisions=ruling, **files))
    assert must_look(settled) == []
    assert (flow(settled)["usable_pre"], flow(settled)["linked_post"]) == ((4, "duplicate"), (4, ""))


def test_a_late_answer_stays_until_somebody_rules(make: Make) -> None:
    rows = [*people(2, timestamp="2020-08-12 10:00"), {**people(3)[2], "timestamp": "2020-08-17 10:00"}]
    loaded = study(make(pre=rows))
    assert [f.code for f in must_look(loaded)] == ["VE-354"]
    assert flow(loaded)["usable_pre"] == (3, "")
    settled = study(make(pre=rows, decisions=[f"late,pre.csv,4,,,drop,{SIGNED}"]))
    assert (must_look(settled), flow(settled)["usable_pre"]) == ([], (2, "late"))
    ruled = study(make(pre=rows, decisions=[f"late,pre.csv,4,,,keep,{SIGNED}"]))
    assert (must_look(ruled), flow(ruled)["usable_pre"]) == ([], (3, ""))


def test_an_older_export_beside_the_newer_one(make: Make) -> None:
    """Downloaded twice in the course of a survey: one message instead of a question about every person."""
    waves = 'pre = ["pre.csv", "later.csv"]'
    with pytest.raises(InputError) as caught:
        study(make(waves=waves, pre=people(3), later=[*people(5)[3:], *people(3)]))
    assert [(p.file, p.code, p.hint) for p in caught.value.problems] == [
        ("surveys/e/pre.csv", "VE-360", "Keep the newer export only.")
    ]
    changed = study(make(waves=waves, pre=people(3, CE1="5"), later=people(5)))
    assert flow(changed)["usable_pre"] == (2, "duplicate")
    assert flow(study(make(pre=people(3), post=people(4))))["linked_post"] == (3, "")  # not across waves
