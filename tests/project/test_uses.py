"""What items are for, when waves are asked, what counts as favourable, and the sections that follow."""

import itertools
import tomllib
from pathlib import Path

import pytest

from vunki_eval.errors import ConfigError
from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.project.uses import GROUPS, ITEM_USES, PARTICIPANTS, SCALE_USES, USES
from vunki_eval.project.version_1 import ITEMS, SCALES

SHIPPED = Path(__file__).parents[2] / "surveys" / "instrument.toml"
SET = {
    "key": "five", "options": [{"value": n, "label": {"en": f"answer {n}"}} for n in range(1, 6)],
}  # fmt: skip


def item(code: str, **keys: object) -> dict[str, object]:
    waves = ["w1"]
    return {"code": code, "role": "event", "text": {"en": code}, "waves": waves, "response_set": "five"} | keys


def make(*items: dict[str, object], **keys: object) -> Instrument:
    data: dict[str, object] = {
        "schema": 2, "id": "small", "title": {"en": "Small"}, "languages": ["en"],
        "wave": [{"key": "w1", "moment": "end", "title": {"en": "end"}}],
        "response_set": [SET], "item": list(items) or [item("A")],
    }  # fmt: skip
    return Instrument.model_validate(data | keys)


def waves(*moments: str) -> list[dict[str, object]]:
    return [{"key": f"w{n}", "moment": m, "title": {"en": f"wave {n}"}} for n, m in enumerate(moments, 1)]


def faults(*items: dict[str, object], **keys: object) -> str:
    with pytest.raises(ValueError, match="value_error") as caught:
        make(*items, **keys)
    return str(caught.value)


@pytest.fixture(scope="module")
def shipped() -> Instrument:
    return load_instrument(SHIPPED)


def test_the_vocabulary_says_what_each_use_adds() -> None:
    for name, use in USES.items():
        assert use.en.endswith(".")
        assert use.et.endswith(".")
        assert use.kinds, name
    assert {*ITEM_USES, *SCALE_USES} == {*USES}
    assert {*PARTICIPANTS, *GROUPS} <= {*ITEM_USES}
    assert [n for n, use in USES.items() if not use.once] == ["consent", "group"]


def test_the_shipped_questionnaire_is_asked_by_use(shipped: Instrument) -> None:
    assert {shipped.use_of(i): i.code for i in shipped.items if i.use} == {use: code for code, use in ITEMS.items()}
    assert {s.use: s.key for s in shipped.scales if s.use} == {use: key for key, use in SCALES.items()}
    assert shipped.item_for("satisfaction") == shipped.item("SA1")
    assert shipped.item_for("next_time") is None
    assert [i.code for i in shipped.items_for("valued", "hindered")] == ["OQ1", "OQ2"]
    assert [i.code for i in shipped.participant_items] == ["PR1", "PR3", "PR3B", "PR2", "PR5"]
    assert [i.code for i in shipped.group_items] == ["PR1", "PR3", "PR2", "PR5"]
    scale = shipped.scale_for("cross_sector_trust")
    assert scale is not None
    assert scale.key == "TS"
    alone = shipped.scale_for("contacts")
    assert alone is not None
    assert alone.key == "NW1"
    assert shipped.scale_for("new_contacts") is None
    with pytest.raises(KeyError):
        shipped.item_for("satisfied")


def test_a_use_that_may_stand_once_is_refused_twice() -> None:
    text = faults(item("A", use="satisfaction"), item("B", use="satisfaction"))
    assert "item.B.use: item.A has the use 'satisfaction' already, and only one may have it." in text
    both = make(item("A", use="group", role="profile"), item("B", use="group", role="profile"))
    assert [i.code for i in both.group_items] == ["A", "B"]


def test_a_use_of_the_wrong_kind_or_name_is_refused() -> None:
    assert "There is no use 'satisfacton'. Did you mean 'satisfaction'?" in faults(item("A", use="satisfacton"))
    assert "The use 'valued' belongs to an item of kind text." in faults(item("A", use="valued"))
    assert "The use 'control' belongs to a scale." in faults(item("A", use="control"))
    assert "needs the role 'consent'" in faults(item("A", use="consent"))


def test_consent_needs_an_answer_that_agrees() -> None:
    consent = item("C", role="consent")
    assert "response_set.five.agrees: C asks for consent, but no answer is said to agree." in faults(consent)
    agreeing = make(consent, response_set=[SET | {"agrees": [4, 5]}])
    assert agreeing.agreeing("C") == (4, 5)
    assert agreeing.item_for("consent") == agreeing.item("C")
    assert "response_set.five.agrees: No option has the value 9." in faults(
        consent, response_set=[SET | {"agrees": [9]}]
    )


@pytest.mark.parametrize(
    ("moments", "pairs", "headline", "uncompared"),
    [
        (("end",), [], "w1", ["w1"]),
        (("before", "end"), ["w1 w2"], "w2", []),
        (("before", "end", "later"), ["w1 w2", "w1 w3", "w2 w3"], "w2", []),
        (("before", "later", "later"), ["w1 w2", "w1 w3"], "w2", []),
        (("end", "later"), ["w1 w2"], "w1", []),
        (("later", "later"), [], "w1", ["w1", "w2"]),
        (("before", "end", "later", "later", "later"),
         ["w1 w2", "w1 w3", "w1 w4", "w1 w5", "w2 w3", "w2 w4", "w2 w5"], "w2", []),
    ],
)  # fmt: skip
def test_comparisons_follow_from_the_moments(moments, pairs, headline, uncompared) -> None:
    instrument = make(wave=waves(*moments))
    assert [" ".join(pair) for pair in instrument.comparisons()] == pairs
    assert instrument.headline_wave == headline
    assert list(instrument.uncompared_waves) == uncompared
    assert instrument.first_wave == "w1"
    assert list(itertools.chain(*(instrument.waves_at(m) for m in ("before", "end", "later")))) == [
        f"w{n}" for n in range(1, len(moments) + 1)
    ]


def test_only_later_may_stand_more_than_once() -> None:
    assert "wave.w2.moment: Wave 'w1' has the moment 'before' already" in faults(wave=waves("before", "before"))
    assert "wave.w2.moment: Wave 'w1' has the moment 'end' already" in faults(wave=waves("end", "end"))


@pytest.mark.parametrize(
    ("values", "favourable", "bands"),
    [
        ([1, 2], [2], [[1], [2]]),
        ([1, 2, 3], [3], [[1], [2], [3]]),
        ([1, 2, 3, 4], [3, 4], [[1, 2], [3, 4]]),
        ([5, 4, 3, 2, 1], [4, 5], [[1, 2], [3], [4, 5]]),
        (range(1, 7), [5, 6], [[1, 2], [3, 4], [5, 6]]),
        (range(1, 8), [5, 6, 7], [[1, 2, 3], [4], [5, 6, 7]]),
        (range(1, 11), [7, 8, 9, 10], [[1, 2, 3, 4], [5, 6], [7, 8, 9, 10]]),
        (range(11), [7, 8, 9, 10], [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9, 10]]),
    ],
)
def test_favourable_answers_and_bands_by_default(values, favourable, bands) -> None:
    options = [{"value": v, "label": {"en": f"answer {v}"}} for v in values]
    instrument = make(item("A"), item("R", reverse=True), response_set=[{"key": "five", "options": options}])
    response_set = instrument.response_sets[0]
    assert list(instrument.favourable("A")) == favourable
    assert [list(b) for b in response_set.merging_bands] == bands
    ends = min(values) + max(values)
    assert list(instrument.favourable("R")) == sorted(ends - v for v in favourable)


def test_favourable_answers_as_the_set_says() -> None:
    instrument = make(
        item("A"), item("N", response_set="colour"),
        item("Z", kind="number", response_set=None, range=[0, 10]),
        item("M", kind="number", response_set=None, range=[0, 500]),
        response_set=[
            SET | {"favourable": [5, 3]},
            {"key": "colour", "ordered": False, "favourable": ["red"], "open": "other",
             "options": [{"value": v, "label": {"en": v}} for v in ("blue", "red", "other")]},
        ],
    )  # fmt: skip
    assert instrument.favourable("A") == (3, 5)
    assert instrument.favourable("N") == ("red",)
    assert instrument.favourable("Z") == (7, 8, 9, 10)
    assert instrument.favourable("M") == ()
    assert instrument.response_sets[1].merging_bands == ()
    assert "No option has the value 6." in faults(response_set=[SET | {"favourable": [6]}])
    assert "response_set.five.open: No option has the value 6." in faults(response_set=[SET | {"open": 6}])


def test_sections_hold_what_has_their_dimension() -> None:
    instrument = make(
        item("A", dimension="mood"), item("B"), item("C", dimension="skills"), item("P", role="profile"),
        item("D"),
        section=[
            {"key": "second", "order": 2, "title": {"en": "Second"}, "dimensions": ["mood"]},
            {"key": "first", "order": 1, "title": {"en": "First"}, "dimensions": ["skills"]},
        ],
        scale=[{"key": "S", "title": {"en": "S"}, "items": ["D"], "range": [1, 5], "dimension": "skills"}],
    )  # fmt: skip
    assert [s.key for s in instrument.report_sections] == ["first", "second", "other"]
    assert {s.key: [i.code for i in instrument.items_in(s.key)] for s in instrument.report_sections} == {
        "first": ["C", "D"], "second": ["A"], "other": ["B"],
    }  # fmt: skip
    assert [s.key for s in instrument.scales_in("first")] == ["S"]


def test_without_sections_each_dimension_is_one() -> None:
    instrument = make(item("A", dimension="mood"), item("B", dimension="skills"), item("C", dimension="mood"))
    assert [s.title["en"] for s in instrument.report_sections] == ["Mood", "Skills"]
    assert [i.code for i in instrument.items_in("section_1")] == ["A", "C"]
    assert [s.key for s in make(item("A")).report_sections] == ["other"]


def test_faults_of_sections() -> None:
    section = {"key": "a", "title": {"en": "A"}, "dimensions": ["mod"]}
    text = faults(item("A", dimension="mood"), section=[section, section | {"key": "other"}])
    assert "section.a.dimensions: No item or scale has the dimension 'mod'. Did you mean 'mood'?" in text
    assert "section.other.key: This key belongs to the section of questions without one." in text
    assert "section.other.dimensions: The dimension 'mod' stands in section 'a' already." in text


def test_the_shipped_sections(shipped: Instrument) -> None:
    keys = ["trust", "networking", "cocreation", "experience", "open", "ideas"]
    assert [s.key for s in shipped.report_sections] == keys
    assert [s.key for s in shipped.scales_in("trust")] == ["TS", "TR", "TN", "TT"]
    placed = [i.code for k in keys for i in shipped.items_in(k)]
    shown = [i.code for i in shipped.items if i.role not in ("profile", "link", "consent", "meta")]
    assert sorted(placed) == sorted(shown)


def test_a_fault_names_its_row(tmp_path: Path) -> None:
    path = tmp_path / "instrument.toml"
    text = SHIPPED.read_text(encoding="utf-8").replace('use = "valued"', 'use = "valud"')
    path.write_text(text.replace('moment = "end"', 'moment = "after"'), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_instrument(path)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (text[: text.index('moment = "end"')].count("\n") + 1, "wave.post.moment")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_instrument(path)
    (problem,) = caught.value.problems
    assert problem.row == text[: text.index('use = "valud"')].count("\n") + 1
    assert problem.problem == "There is no use 'valud'. Did you mean 'valued'?"


def test_every_fault_of_the_file_comes_in_one_round(tmp_path: Path) -> None:
    path = tmp_path / "instrument.toml"
    data = SHIPPED.read_text(encoding="utf-8")
    path.write_text(data.replace('agrees = ["yes"]', "").replace('use = "hindered"', 'use = "valued"'), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_instrument(path)
    assert {p.column for p in caught.value.problems} == {"response_set.consent.agrees", "item.OQ2.use"}
    assert all(p.row for p in caught.value.problems)
    assert tomllib.loads(data)["schema"] == 2
