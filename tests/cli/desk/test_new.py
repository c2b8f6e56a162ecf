import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.cli.desk.new import ProjectOptions, identifier, known_constructs, new_project
from vunki_eval.errors import UsageError
from vunki_eval.language.causal_wording import banned
from vunki_eval.project.project import load_project


@pytest.mark.parametrize("languages", [("et", "en"), ("en",), ("et",)])
def test_it_loads_and_holds_what_was_wished(tmp_path: Path, languages: tuple[str, ...]) -> None:
    options = ProjectOptions(
        'Mõtete "päev" \\ 2', languages, ("2026-antsla", "Sügis 2026", "sügis 2026"), applicant="MTÜ Näide",
        start=dt.date(2026, 1, 1), end=dt.date(2026, 12, 1),
    )  # fmt: skip
    project = load_project(new_project(tmp_path / "a" / "b", options))
    assert project.about.languages == languages
    assert project.about.title[languages[0]] == 'Mõtete "päev" \\ 2'
    assert [e.id for e in project.events] == ["2026-antsla", "sugis-2026"]
    assert project.events[1].title[languages[0]].casefold() == "sügis 2026"
    assert all((project.surveys / e.id).is_dir() for e in project.events)
    assert project.primary_outcomes == ("TS", "NW1", "CE")
    readme = (project.root / "README.md").read_text(encoding="utf-8")
    assert ("Isikuandmed" in readme) is (languages[0] == "et")
    assert banned(readme, languages[0]) == []
    assert not list((tmp_path / "a").glob(".vunki-new-*"))


@pytest.mark.parametrize("construct", known_constructs())
def test_one_construct_makes_a_whole_instrument(tmp_path: Path, construct: str) -> None:
    project = load_project(new_project(tmp_path / "p", ProjectOptions("x1", constructs=(construct,))))
    whole = load_project(new_project(tmp_path / "w", ProjectOptions("x1")))
    assert {i.code for i in project.instrument.items} < {i.code for i in whole.instrument.items}
    assert {"CO0", "SG1", "PR1", "OQ1"} <= {i.code for i in project.instrument.items}
    assert project.primary_outcomes
    used = {i.response_set for i in project.instrument.items}
    assert {r.key for r in project.instrument.response_sets} <= used


def test_nothing_speaks_of_voru(tmp_path: Path) -> None:
    root = new_project(tmp_path / "p", ProjectOptions("x1"))
    text = (root / "surveys" / "instrument.toml").read_text(encoding="utf-8")
    assert "Võru" not in text
    assert "Vunki" not in text


def test_the_notebooks_begin_with_the_first_event(tmp_path: Path) -> None:
    root = new_project(tmp_path / "p", ProjectOptions("x1", ("en",), ("2026-ideas", "2026-more")))
    text = (root / "notebooks" / "event_report.ipynb").read_text(encoding="utf-8")
    assert 'event: str = \\"2026-ideas\\"' in text
    assert 'language: str = \\"en\\"' in text
    assert "2020-antsla" not in text


def test_raw_data_are_kept_out_of_git(tmp_path: Path) -> None:
    root = new_project(tmp_path / "p", ProjectOptions("x1"))
    rules = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/surveys/*/*", "/checks/", "*.key", ".vunki/"} <= set(rules)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="VE-104"):
        new_project(tmp_path / "p", ProjectOptions("x1"))
    assert [f.name for f in (tmp_path / "p").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "options",
    [
        ProjectOptions("x1", ("fi",)),
        ProjectOptions("x1", constructs=("love",)),
        ProjectOptions("!!"),
        ProjectOptions("x1", events=("–",)),
    ],
)
def test_options_that_cannot_be_met(tmp_path: Path, options: ProjectOptions) -> None:
    with pytest.raises(UsageError):
        new_project(tmp_path / "p", options)
    assert not (tmp_path / "p").exists()


def test_an_end_before_the_start_leaves_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["new", str(tmp_path / "p"), "--start", "2026-05-01", "--end", "2026-04-01"])
    assert done.exit_code == 2
    assert "before the start" in done.output
    assert not (tmp_path / "p").exists()


def test_the_command(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["new", str(tmp_path / "p"), "--title", "Päev", "-e", "2026-a", "--construct", "trust"]
    )
    assert done.exit_code == 0, done.output
    assert load_project(tmp_path / "p").events[0].id == "2026-a"
    done = CliRunner().invoke(app, ["new", str(tmp_path / "q"), "--start", "soon"])
    assert done.exit_code == 2
    assert "VE-123" in done.output
    help_page = CliRunner().invoke(app, ["new", "--help"]).output
    assert all(c in help_page for c in known_constructs())


def test_identifiers() -> None:
    assert identifier("Õpime üheskoos: Võru 2026!") == "opime-uheskoos-voru-2026"
    assert len(identifier("x" * 80)) == 40


def test_it_asks_for_what_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vunki_eval.cli.authoring._can_ask", lambda: True)
    typed = "Kevadpäev\nen\n2026-kevad, 2026-suvi, Sügis 2026\ntrust, networking\nMTÜ Näide\n"
    done = CliRunner().invoke(app, ["new", str(tmp_path / "p")], input=typed)
    assert done.exit_code == 0, done.output
    project = load_project(tmp_path / "p")
    assert project.about.title["en"] == "Kevadpäev"
    assert project.about.languages == ("en",)
    assert [e.id for e in project.events] == ["2026-kevad", "2026-suvi", "sugis-2026"]
    assert project.about.applicant.name == "MTÜ Näide"
    assert project.primary_outcomes == ("TS", "NW1")
    for name in ("README.md", ".gitignore", "notebooks/event_report.ipynb", "surveys/instrument.toml"):
        assert (tmp_path / "p" / name).is_file()
    again = CliRunner().invoke(app, ["new", str(tmp_path / "p")], input=typed)
    assert again.exit_code == 2
    assert "VE-104" in again.output


def test_a_new_project_passes_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_project(tmp_path / "p", ProjectOptions("x1", ("en",), ("a", "b", "c"), linking="invitation"))
    monkeypatch.chdir(tmp_path / "p")
    done = CliRunner().invoke(app, ["check"])
    assert done.exit_code == 0, done.output
    assert load_project().instrument.link == ("TK",)


@pytest.mark.parametrize("language", ["et", "en"])
def test_the_examples_of_registers_load_once_the_hash_is_taken_away(tmp_path: Path, language: str) -> None:
    root = new_project(tmp_path / "p", ProjectOptions("Ideas day", languages=(language,), events=("e1",)))
    path = root / "surveys" / "project.toml"
    text = path.read_text("utf-8")
    for begins in ("# [[budget.line]]", "# [[initiative]]", "# [[fact]]"):
        start = text.index(begins)
        end = text.index("\n\n", start)
        plain = text[start:end].replace("# ", "").replace('event = "..."', 'event = "e1"')
        text = text[:start] + plain + text[end:]
    path.write_text(text, "utf-8")
    config = load_project(root).config
    assert [i.stages[0].stage for i in config.initiatives] == ["idea"]
    assert (config.budget.line[0].used, config.facts[0].value) == (950, 12)
