"""The project's model and the shipped project."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from vunki_eval.errors import ConfigError, UsageError
from vunki_eval.project.project import find_project, load_project

ROOT = Path(__file__).parents[2]
SURVEYS = ROOT / "surveys"


@pytest.fixture(scope="module")
def project():
    return load_project(ROOT)


@pytest.fixture
def edited(tmp_path):
    """Write the shipped configuration with one replacement, and give its folder."""

    def make(old: str, new: str) -> Path:
        text = (SURVEYS / "project.toml").read_text("utf-8")
        assert old in text
        (tmp_path / "surveys").mkdir()
        (tmp_path / "surveys" / "project.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        shutil.copy(SURVEYS / "instrument.toml", tmp_path / "surveys")
        return tmp_path

    return make


def faults(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_project(folder)
    return [f"{p.column}: {p.problem}" for p in caught.value.problems]


def test_facts_of_the_project(project):
    about, budget = project.about, project.config.budget
    assert (about.start, about.end) == (dt.date(2019, 9, 1), dt.date(2021, 12, 31))
    assert (budget.total, budget.grant, budget.own) == (33002.80, 29702.52, 3300.28)
    assert round(budget.grant + budget.own, 2) == budget.total
    assert about.applicant.name == "SA Võrumaa Arenduskeskus"
    assert [p.name for p in about.partners] == ["MTÜ Võrumaa Omavalitsuste Liit"]
    assert "Kogukonna arendamine läbi ühiskoostöö" in about.measure["et"]
    assert project.synthetic()
    assert about.signed is None


def test_events_as_planned_and_as_held(project):
    antsla, online = (project.event(e) for e in ("2020-antsla", "2021-online"))
    assert (antsla.planned.start, antsla.planned.end) == (dt.date(2020, 3, 12), dt.date(2020, 3, 14))
    assert antsla.planned.place["et"] == "Kuldre"
    assert (antsla.actual.start, antsla.actual.end) == (dt.date(2020, 8, 13), dt.date(2020, 8, 15))
    assert antsla.actual.place["et"] == "Antsla"
    assert online.planned.place["et"] == "Värska"
    assert (online.actual.start, online.actual.end) == (dt.date(2021, 3, 11), dt.date(2021, 3, 13))
    assert (antsla.actual.mode, online.actual.mode) == ("onsite", "online")
    assert tuple(antsla.waves) == ("pre", "post", "followup")
    assert tuple(online.waves) == ("pre", "post")
    for event in project.events:
        for wave in event.waves:
            for export in event.exports(wave):
                assert (project.surveys / event.id / export.file).is_file()


def test_synthetic_numbers_say_so_and_public_ones_name_their_source(project):
    for event in project.events:
        for number in (event.registered, event.attended):
            assert number.source == "synthetic"
            assert "sünteetiline" in number.note["et"]
    assert all(f.source and "synthetic" not in f.source for f in project.config.facts)
    assert all(i.source.startswith("synthetic") for i in project.config.initiatives)
    assert all("Sünteetiline" in i.title["et"] for i in project.config.initiatives)
    assert [len([i for i in project.config.initiatives if i.event == e]) for e in ("2020-antsla", "2021-online")] == [
        8,
        11,
    ]


def test_numbers_that_disagree_are_both_kept(project):
    facts = {f.key: f.value for f in project.config.facts}
    assert (facts["ideas_events_1_6"], facts["ideas_events_1_6_other"]) == (64, 63)
    assert (facts["participants_event_6"], facts["participants_event_6_other"]) == ("<100", ">100")
    assert (facts["ideas_2020"], facts["teams_2021"], facts["registered_2021"]) == (8, 11, ">80")


def test_what_the_project_promised_is_measured_by_something(project):
    assert [r.key for r in project.config.results] == ["experience", "connected", "trust", "volunteers", "solutions"]
    assert [r.outcomes for r in project.config.results] == [("CE",), ("NW1",), ("TS",), ("VH",), ()]
    assert all(r.outcomes or r.indicators for r in project.config.results)
    targets = {i.key: i.target for i in project.config.indicators}
    assert (targets["events"], targets["participants"], targets["initiatives"]) == (2, 200, 20)


def test_what_is_unknown_stays_empty(project):
    assert project.config.budget.line == ()
    actual = {i.key: i.actual for i in project.config.indicators}
    assert {k for k, v in actual.items() if v is not None} == {"events"}


def test_primary_outcomes_and_smallest_changes(project):
    assert project.primary_outcomes == ("TS", "NW1", "CE")
    assert [project.smallest_change(k) for k in ("TS", "NW1", "CE", "TR")] == [0.5, 1.25, 0.3, None]


def test_the_project_is_found_from_any_folder_inside(tmp_path):
    assert find_project(SURVEYS / "2020-antsla") == ROOT
    with pytest.raises(UsageError, match="not inside a project"):
        find_project(tmp_path)


def test_an_unknown_event_lists_those_there_are(project):
    with pytest.raises(UsageError, match="2020-antsla, 2021-online"):
        project.event("2022")


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        "CON",
        "con",
        "nul",
        "com1",
        "a/b",
        "a" * 300,
        "\U0001f600",
        "-rf",
        "project",
        "",
        ".",
        "Ä",
        "a b",
        "a\\\\b",
        "a\\n",
    ],
)
def test_dangerous_event_ids_are_refused(edited, name):
    lines = faults(edited('id = "2021-online"', f'id = "{name}"'))
    assert any(
        re.match(r"event\.\S.*: (The text does not have the form|This id is reserved)|event\.2\.id: ", x) for x in lines
    )
    assert all(line.isprintable() and len(line) < 250 for line in lines)


@pytest.mark.parametrize("file", ["/etc/passwd", "../x.csv", "a/../../x.csv", "..\\\\x.csv", "C:x.csv", ""])
def test_files_stay_inside_their_event(edited, file):
    folder = edited('waves = { pre = "pre.csv", post = "post.csv" }', f'waves = {{ pre = "pre.csv", post = "{file}" }}')
    wanted = "event.2021-online.waves.post: A file must be inside the event's folder and have a plain relative name."
    assert faults(folder) == [wanted]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("grant = 29702.52", "grannt = 29702.52", "budget.grannt: The key is unknown."),
        ("total = 33002.80", 'total = "much"', "budget.total: This must be a number."),
        ("total = 33002.80", "total = -1", "budget.total: The value must be at least 0."),
        ("start = 2019-09-01", 'start = "September"', "project.start: This must be a date."),
        ("end = 2021-12-31", "end = 2018-12-31", "project.end: The end is before the start."),
        ("suppression_threshold = 5", "suppression_threshold = 2",
         "method.suppression_threshold: The value must be at least 3."),
        ("level = 0.95", "level = 95", "method.level: The value must be less than 1."),
        ('mode = "online"', 'mode = "onlin"', "event.2021-online.actual.mode: This word is not one of the choices."),
        ('post = "post.csv" }', 'later = "post.csv" }',
         "event.2021-online.waves.later: The instrument has no wave 'later'; its waves are: pre, post, followup."),
        ('post = "post.csv" }', 'post = "pre.csv" }',
         "event.2021-online.waves: The same file is named twice: pre.csv. For a workbook, name a sheet for each wave."),
        ('post = "post.csv" }', "post = 3 }",
         "event.2021-online.waves.post: The value fits none of the forms allowed here."),
        ('primary_outcomes = ["TS"', 'primary_outcomes = ["XX"',
         "method.primary_outcomes: The instrument has no scale 'XX'."),
        ('languages = ["et", "en"]', 'languages = ["et", "vro"]',
         "project.languages: The instrument has no wording in 'vro'."),
        ('outcomes = ["VH"]', 'outcomes = ["VX"]', "result.volunteers: The instrument has no scale or item 'VX'."),
        ('indicators = ["trust"]', 'indicators = ["trsut"]', "result.trust: There is no indicator 'trsut'."),
        ('result = "trust"', 'result = "trsut"', "indicator.trust.result: There is no result 'trsut'."),
        ("target = 0.5", "target = 0.2",
         "indicator.trust.target: The target is below the smallest change that matters of TS (0.5)."),
        ('id = "synthetic-02"', 'id = "synthetic-01"', "initiative.synthetic-01: The id is used twice."),
        ('stage = "running"', 'stage = "runing"',
         "initiative.synthetic-01.stages.2.stage: This word is not one of the choices."),
        ('event = "2020-antsla"\ntitle', 'event = "2019"\ntitle', "fact.ideas_2020.event: There is no event '2019'."),
        ('source = "uus22.vorumaa.ee"\n', "", "fact.ideas_2020.source: The key is missing."),
        ('instrument = "instrument.toml"', 'instrument = "../instrument.toml"',
         "instrument: The instrument must be inside surveys/."),
    ],
)  # fmt: skip
def test_each_fault_is_named(edited, old, new, fault):
    assert fault in faults(edited(old, new))


def test_faults_of_both_files_come_together(edited):
    folder = edited("grant = 29702.52", "grannt = 29702.52")
    instrument = folder / "surveys" / "instrument.toml"
    instrument.write_text(instrument.read_text("utf-8").replace('"agree5"', '"agree6"', 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_project(folder)
    assert {p.file for p in caught.value.problems} == {"surveys/project.toml", "surveys/instrument.toml"}


def test_an_event_may_be_real_in_a_synthetic_project(edited):
    project = load_project(edited('title = { et = "V Vunki', 'synthetic = false\ntitle = { et = "V Vunki'))
    assert not project.synthetic("2021-online")
    assert project.synthetic("2020-antsla")
    assert project.synthetic()
