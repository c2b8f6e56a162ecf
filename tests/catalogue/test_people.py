"""Cases 29-40: people, waves and times."""

import math

import pytest


def somebody(k, **answers):
    return {"E1": "ABCDEFGHIJKL"[k], "E2": str(k + 1), "E3": "MNOPQRSTUVWZ"[k], **answers}


def post(**answers):
    return {"submitted": "2020-08-16 10:00", **answers}


def steps(case):
    return {r.step: r.n for r in case.study().flow.itertuples()}


def test_case_29_same_code_twice_in_a_wave(case):
    """A finding lists the rows; both stay out and are counted until a decision settles them."""
    twice = [somebody(0), somebody(1), somebody(0, CE1="1")]
    case.put_waves(pre=twice, post=[post(**somebody(k)) for k in range(2)])
    study = case.study()
    finding = next(f for f in study.findings if f.code == "VE-351")
    assert finding.level == "look"
    assert "rows 2, 4" in finding.problem
    assert steps(case) | {"usable_pre": 1, "linked_post": 1} == steps(case)
    assert dict(zip(study.flow["step"], study.flow["reason"], strict=True))["usable_pre"] == "duplicate"
    assert study.responses.loc[study.responses["wave"] == "pre", "row"].tolist() == [3]
    signed = "duplicate,pre.csv,2,pre.csv,4,{},Mari,2020-08-19,topelt\n"
    head = "kind,file,row,other_file,other_row,ruling,who,when,why\n"
    case.file("decisions.csv").write_text(
        head + signed.format("keep") + signed.replace("2,pre.csv,4", "4,pre.csv,2").format("drop")
    )
    assert steps(case) | {"usable_pre": 2, "linked_post": 2} == steps(case)
    assert case.findings() == []


def test_case_30_case_and_space_in_codes(case):
    case.put_waves(pre=[somebody(0)], post=[post(**somebody(0, E1=" a", E3="m "))])
    assert steps(case)["linked_post_exact"] == 1
    assert case.findings() == ["VE-359"]


def test_case_31_only_before_or_only_after(case):
    case.put_waves(pre=[somebody(0), somebody(1)], post=[post(**somebody(1)), post(**somebody(2))])
    study = case.study()
    assert len(study.responses) == 4
    assert study.responses["respondent"].nunique() == 3
    assert study.responses["link_method"].value_counts().to_dict() == {"none": 2, "exact": 2}


def test_case_32_no_pairs(case):
    case.put_waves(pre=[somebody(0)], post=[post(**somebody(3))])
    assert steps(case)["linked_post"] == 0
    assert case.findings() == ["VE-361"]
    assert math.isnan(case.study().false_link_share)


@pytest.mark.parametrize("pairs", [1, 4])
def test_case_33_few_pairs_are_scored_and_left_to_disclosure_control(case, pairs):
    from vunki_eval.analysis import analyse

    case.put_waves(pre=[somebody(k) for k in range(pairs)], post=[post(**somebody(k)) for k in range(pairs)])
    assert steps(case)["analysed_post"] == pairs
    estimates = analyse(case.study()).estimates
    headline = estimates[(estimates["statistic"] == "change") & (estimates["outcome"] == "TS")]
    assert headline["status"].tolist() == ["suppressed"]
    assert headline["estimate"].tolist() == [None]


def test_case_34_identical_answers(case):
    from vunki_eval.analysis import analyse

    case.put_waves(pre=[somebody(k) for k in range(12)], post=[post(**somebody(k)) for k in range(12)])
    estimates = analyse(case.study()).estimates
    headline = estimates[(estimates["statistic"] == "change") & (estimates["outcome"] == "TS")].iloc[0]
    assert (headline["status"], headline["reason"]) == ("not_estimable", "no_spread")
    assert not any(isinstance(v, float) and not math.isfinite(v) for v in estimates["estimate"])


def test_case_35_an_item_nobody_answered(case):
    case.put([somebody(k, CE1="") for k in range(3)])
    scores = case.study().scores
    assert scores.loc[scores["scale"] == "CE", "score"].tolist() == [3.5] * 3
    assert not scores.loc[scores["scale"] == "CE", "complete"].any()


def test_case_36_straight_lines(case, tmp_path):
    from vunki_eval.survey.clean.response_checks import straight_rows

    text = case.root.parent / "i.toml"
    case.put([{}])
    source = case.root / "surveys" / "instrument.toml"
    more = "".join(
        f'\n[[item]]\ncode = "CX{k}"\nrole = "event"\nresponse_set = "agree"\nwaves = ["pre"]\n'
        f'text = {{ et = "Väide {k}", en = "Claim {k}" }}\n'
        for k in range(4)
    )
    text.write_text(source.read_text(encoding="utf-8") + more, encoding="utf-8")
    source.write_text(text.read_text(encoding="utf-8"), encoding="utf-8")
    same = {f"CX{k}": "4" for k in range(4)}
    rows = [same | {"CE1": "4", "CE2": "4", "CE3": "4"}, same | {"E1": "B", "CE1": "4", "CE2": "4", "CE3": "2"}]
    head = case.file("pre.csv")
    from vunki_eval.project.project import load_project
    from vunki_eval.survey.study import load_study

    columns = ["submitted", "CO0", "E1", "E2", "E3", "E4", "PR1", "TS1", "TS2", "CE1", "CE2", "CE3", "NW1", *same]
    base = {"CO0": "jah", "E1": "A", "E2": "2", "E3": "C", "E4": "D", "TS1": "1", "TS2": "2", "NW1": "3"}
    lines = [",".join(columns), *(",".join({**base, **row}.get(c, "") for c in columns) for row in rows)]
    head.write_text("\n".join(lines), encoding="utf-8")
    study = load_study(load_project(case.root), "a")
    assert len(study.responses) == 2
    assert [(f.code, f.level) for f in study.findings] == [("VE-353", "note")]
    assert "(rows 2)" in study.findings[0].problem
    assert straight_rows(study.responses, study.project.instrument, "pre") == [2]


def test_case_37_the_same_file_for_two_waves(case, as_csv):
    data = as_csv([somebody(0)]).encode()
    case.put_waves(pre=data, post=data)
    assert case.refused() == [(0, "", "VE-360")]


def test_case_38_swapped_waves(case):
    case.put_waves(pre=[post(**somebody(k)) for k in range(2)], post=[somebody(k) for k in range(2)])
    study = case.study()
    assert [(f.file, f.code) for f in study.findings] == [
        ("surveys/a/pre.csv", "VE-354"),
        ("surveys/a/post.csv", "VE-354"),
    ]
    assert all("swapped" in f.hint for f in study.findings)


def test_case_39_after_wave_before_the_event(case):
    case.put_waves(pre=[somebody(0)], post=[post(**somebody(0)), somebody(1)])
    study = case.study()
    assert [(f.code, "rows 3" in f.problem) for f in study.findings] == [("VE-354", True)]
    assert len(study.responses) == 3


def test_case_40_test_and_preview_rows(case):
    case.put([somebody(0), somebody(1, status="Survey Preview"), somebody(2, OQ1="test")])
    study = case.study()
    assert study.responses["row"].tolist() == [2, 4]
    assert study.log["rule"].tolist() == ["excluded_test_row"]
    assert [f.code for f in study.findings] == ["VE-355"]
    assert dict(zip(study.flow["step"], study.flow["reason"], strict=True))["usable_pre"] == "test_row"
