"""The instrument's model and the shipped questionnaire."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from vunki_eval.errors import ConfigError
from vunki_eval.project.instrument import load_instrument
from vunki_eval.readers.wording import header_key, label_key

SHIPPED = Path(__file__).parents[2] / "surveys" / "instrument.toml"
LANGUAGES = ("et", "en")
# Section 1 of the questionnaire's design: who is asked what, when.
WAVES = {
    "pre": "CO0 SG1 SG2 SG3 SG4 SG5 SG6 PR1 PR2 PR3 PR3B PR4 PR5 PR6 TR1 TR2 TR3 TS1 TS2 TS3 TS4 TS5 TN1 NW1 NW2 NW7 "
    "CE1 CE2 CE3 CE4 CA1 CA2 VH1",
    "post": "CO0 SG1 SG2 SG3 SG4 SG5 SG6 PR2 TM TS1 TS2 TS3 TS4 TS5 TN1 TT1 TT2 TT3 TT4 NW1 NW3 NW4 NW5 NW7 NW8 CE1 "
    "CE2 CE3 CE4 CA1 CA2 RT1 RT2 RT3 RT4 CX1 CX2 CX3 CX4 CX5 CX6 CX7 CX8 PS1 PS2 PS3 PS4 SA1 SA2 IN1 IN2 IN3 OQ1 OQ2 "
    "OQ3",
    "followup": "CO0 SG1 SG2 SG3 SG4 SG5 SG6 TM TR1 TR2 TR3 TS1 TS2 TS3 TS4 TS5 NW1 NW2 NW6 NW7 CE1 CE2 CE3 CE4 CA1 "
    "CA2 IN3C IN3N FU1 VH1 FU2a FU2b FU2c FU3 OQ1 OQ2 OQ3",
}


@pytest.fixture(scope="module")
def instrument():
    return load_instrument(SHIPPED)


@pytest.mark.parametrize("wave", WAVES)
def test_every_question_is_asked_in_its_wave(instrument, wave):
    codes = {i.code for i in instrument.in_wave(wave) if wave not in i.optional_waves}
    assert codes == set(WAVES[wave].split())


def test_waves_come_in_their_order_with_titles(instrument):
    assert instrument.wave_keys == ("pre", "post", "followup")
    assert [instrument.wave_title(w, "et") for w in instrument.wave_keys] == ["enne", "pärast", "järelküsitlus"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_both_languages(instrument, language):
    for item in instrument.items:
        assert item.text[language].strip(), item.code
        assert 0 < len(item.short[language]) <= 40, item.code
        assert not item.stem or item.stem[language].strip(), item.code
    for response_set in instrument.response_sets:
        assert all(o.label[language].strip() for o in (*response_set.options, *response_set.missing)), response_set.key
    for scale in instrument.scales:
        assert scale.title[language].strip(), scale.key
        assert scale.unit[language].strip(), scale.key


def test_every_answer_can_be_refused_except_consent_and_code(instrument):
    for item in instrument.items:
        if item.kind in ("single", "multiple", "number") and item.role != "consent":
            assert [m.value for m in instrument.missing(item)] == [-99, -77], item.code
    assert instrument.missing("CO0") == ()
    assert instrument.response_set("CO0").values == ("yes", "no")


def test_ordered_sets_are_banded_as_published(instrument):
    for item in instrument.items:
        response_set = instrument.response_set(item)
        if response_set and response_set.ordered and item.kind == "single":
            bands = {(1, 5): ((1, 2), (3,), (4, 5)), (0, 10): ((0, 1, 2, 3), (4, 5, 6), (7, 8, 9, 10))}
            if (response_set.low, response_set.high) in bands:
                assert response_set.bands == bands[response_set.low, response_set.high], item.code


def test_scales_are_those_of_the_design(instrument):
    scales = {s.key: s for s in instrument.scales}
    assert [k for k, s in scales.items() if s.primary] == ["TS", "NW1", "CE"]
    assert [scales[k].smallest_change for k in ("TS", "NW1", "CE")] == [0.5, 1.25, 0.3]
    assert {k: len(s.items) for k, s in scales.items()} == {
        "TS": 5, "NW1": 1, "CE": 4, "TR": 3, "TN": 1, "TT": 4, "NW7": 1, "CA": 2, "CX": 8, "PS": 4, "RT": 4, "VH": 1,
        "SA1": 1, "SA2": 1, "IN1": 1, "IN2": 1, "FU3": 1,
    }  # fmt: skip
    assert {k: scales[k].needed for k in ("TS", "CE", "CX", "TR", "CA", "NW1")} == {
        "TS": 3, "CE": 2, "CX": 4, "TR": 2, "CA": 2, "NW1": 1,
    }  # fmt: skip
    assert scales["NW1"].transform == "log1p"
    assert scales["NW1"].range == (0, 500)
    assert scales["CX"].model == "formative"
    assert scales["TN"].direction == 0


def test_a_scale_has_the_range_of_its_items(instrument):
    for scale in instrument.scales:
        for code in scale.items:
            response_set = instrument.response_set(code)
            bounds = (response_set.low, response_set.high) if response_set else instrument.item(code).range
            assert bounds == scale.range, code


def test_what_is_turned_left_out_or_bounded(instrument):
    assert {i.code for i in instrument.items if i.reverse} == {"TT4", "CA2", "CX7"}
    assert {i.code: i.excluded_by.values for i in instrument.items if i.excluded_by} == {
        f"TS{n}": (sector,)
        for n, sector in enumerate(("municipality", "public", "community", "business", "education"), 1)
    }  # fmt: skip
    assert {i.code: i.at_most for i in instrument.items if i.at_most} == {"NW4": "NW3", "NW5": "NW3"}
    assert {i.code: i.retrospective_of for i in instrument.items if i.retrospective_of} == {
        f"RT{n}": f"CE{n}" for n in range(1, 5)
    }
    assert instrument.link == ("SG1", "SG2", "SG3", "SG4", "SG5", "SG6")
    assert instrument.stable == ("PR3", "PR4")
    assert instrument.item("NW1").range == (0, 500)


def test_sectors_have_their_order(instrument):
    order = ("municipality", "public", "community", "business", "education", "private")
    for code in ("PR1", "NW2", "NW8"):
        assert instrument.response_set(code).values == order


def test_no_estonian_wording_passes_as_reviewed(instrument):
    assert {i.translation for i in instrument.items} == {"draft"}


def test_ess_items_name_their_licence(instrument):
    for code in ("TR1", "TR2", "TR3", "TN1"):
        assert "European Social Survey, CC BY-SA 4.0" in instrument.item(code).source
    assert all(i.source for i in instrument.items)


def test_no_two_questions_of_a_wave_share_a_header(instrument):
    for wave in instrument.wave_keys:
        owners = defaultdict(set)
        for item in instrument.in_wave(wave):
            for words in (item.wording("et"), item.wording("en"), *item.also):
                owners[header_key(words)].add(item.code)
        assert not {k: v for k, v in owners.items() if len(v) > 1}


def test_no_two_answers_of_a_set_share_a_label(instrument):
    for response_set in instrument.response_sets:
        owners = defaultdict(set)
        for option in (*response_set.options, *response_set.missing):
            for words in (*option.label.values(), *option.also):
                owners[label_key(words)].add(option.value)
        assert not {k: v for k, v in owners.items() if len(v) > 1}, response_set.key


def test_short_labels_hold_no_causal_words(instrument):
    causal = re.compile(
        r"caus|led to|impact|effective|due to|prov(ed|es)|thanks to|põhjusta|mõjul|mõjuta|tõesta|tänu|tulenes"
    )
    words = [t for i in instrument.items for t in i.short.values()]
    words += [t for s in instrument.scales for t in s.title.values()]
    assert not [w for w in words if causal.search(w.casefold())]


def test_an_item_may_be_absent_only_where_it_is_optional(instrument):
    assert instrument.item("PR1").needed_in("pre")
    assert not instrument.item("PR1").needed_in("post")
    assert not instrument.item("PR1").needed_in("followup")
    assert not instrument.item("PR6").needed_in("pre")
    assert instrument.item("TS1").needed_in("followup")


SMALL = """
schema = 1
id = "small"
title = { en = "Small" }
languages = ["en"]
[[wave]]
key = "pre"
order = 1
title = { en = "before" }
[[response_set]]
key = "agree"
options = [{ value = 1, label = { en = "no" } }, { value = 2, label = { en = "yes" } }]
[[item]]
code = "A1"
role = "scale"
waves = ["pre"]
response_set = "agree"
text = { en = "A one" }
[[scale]]
key = "A"
title = { en = "A" }
items = ["A1"]
range = [1, 2]
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "instrument.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_instrument(path)
    return [f"{p.column}: {p.problem}" for p in caught.value.problems]


def test_the_small_instrument_is_right(tmp_path):
    path = tmp_path / "instrument.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert load_instrument(path).scale("A").items == ("A1",)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('response_set = "agree"', 'response_set = "agre"', "item.A1.response_set: There is no response set 'agre'."),
        ('response_set = "agree"\n', "", "item.A1: An item of kind single or multiple needs a response_set."),
        ('waves = ["pre"]', 'waves = ["post"]', "item.A1.waves: There is no wave 'post'; the waves are: pre."),
        ('items = ["A1"]', 'items = ["A1", "A2"]', "scale.A.items: There is no item 'A2'."),
        ("range = [1, 2]", "range = [2, 1]", "scale.A.range: The first number must be smaller than the second."),
        ("range = [1, 2]", "range = [1, 2]\nminimum = 2", "scale.A.minimum: It must be between 1 and 1."),
        ('code = "A1"', 'code = "A"', "scale.A.items: There is no item 'A1'."),
        (
            'code = "A1"',
            'code = "1A"',
            "item.1A.code: The text does not have the form that is wanted here: ^[A-Za-z][A-Za-z0-9_]{0,31}$.",
        ),
        ('role = "scale"', 'role = "scael"', "item.A1.role: This word is not one of the choices."),
        ("{ value = 2", "{ value = 1", "response_set.agree: Two options have the same value."),
        ("{ value = 2", '{ value = "two"', "response_set.agree: An ordered set needs whole numbers as values; "
         "write ordered = false for a nominal one."),
        ('{ en = "yes" }', '{ en = "No " }', "response_set.agree: Two options have the same label in 'en'."),
        ('key = "agree"', 'key = "agree"\nbands = [[1]]',
         "response_set.agree.bands: The bands must hold every value of the options exactly once."),
        ('languages = ["en"]', 'languages = ["en", "et"]', "item.A1.text: There is no wording in 'et'."),
        ('text = { en = "A one" }', 'text = { en = "A one" }\nretrospective_of = "B1"',
         "item.A1.retrospective_of: There is no item 'B1'."),
        ('text = { en = "A one" }', 'text = { en = "A one" }\nat_most = "B1"',
         "item.A1.at_most: There is no item 'B1'."),
        ('text = { en = "A one" }', 'text = { en = "A one" }\nexcluded_by = { item = "B1", values = ["x"] }',
         "item.A1.excluded_by: There is no item 'B1'."),
        ('text = { en = "A one" }', 'text = { en = "A one" }\noptional_waves = ["post"]',
         "item.A1.optional_waves: The item is not asked in 'post'; name it under waves too."),
        ('text = { en = "A one" }', 'text = { en = "A one" }\nkind = "number"',
         "item.A1: A number needs a range, such as range = [0, 500]."),
        ('id = "small"', 'id = "small"\nlink = ["SG1"]', "link: There is no item 'SG1'."),
        ('id = "small"', 'id = "small"\nlicense = "x"', "license: The key is unknown."),
        ('text = { en = "A one" }', 'txet = { en = "A one" }', "item.A1.text: The key is missing."),
    ],
)  # fmt: skip
def test_each_fault_is_named(tmp_path, old, new, fault):
    assert old in SMALL
    assert fault in faults(tmp_path, SMALL.replace(old, new, 1))


def test_keys_used_twice_and_waves_that_never_meet(tmp_path):
    twice = (
        SMALL + '[[item]]\ncode = "A1"\nrole = "scale"\nwaves = ["pre"]\nresponse_set = "agree"\ntext = { en = "x" }\n'
    )
    assert any(line.startswith("item.A1: The key 'A1' is used by more than one") for line in faults(tmp_path, twice))
    unshared = SMALL.replace('items = ["A1"]', 'items = ["A1", "A2"]').replace(
        "[[response_set]]", '[[wave]]\nkey = "post"\norder = 2\ntitle = { en = "after" }\n[[response_set]]'
    )
    unshared += '[[item]]\ncode = "A2"\nrole = "scale"\nwaves = ["post"]\nresponse_set = "agree"\ntext = { en = "x" }\n'
    assert faults(tmp_path, unshared) == ["scale.A.items: No wave asks all items of the scale."]


def test_faults_of_keys_and_of_the_whole_come_together(tmp_path):
    text = SMALL.replace('items = ["A1"]', 'items = ["A9"]').replace('role = "scale"', 'role = "scale"\nrevers = true')
    assert faults(tmp_path, text) == [
        "item.A1.revers: The key is unknown.",
        "scale.A.items: There is no item 'A9'.",
    ]


def test_labels_and_wordings(instrument):
    item = instrument.item("TS1")
    assert item.wording("en").startswith("When solving local problems together")
    assert item.wording("en").endswith("? municipality")
    assert instrument.response_set("TS1").label(0, "et") == "0 – ei usalda üldse"
    assert instrument.response_set("TS1").label(-99, "en") == "don't know"
    assert instrument.response_set("OQ1") is None
    with pytest.raises(KeyError):
        instrument.scale("none")
