"""On the day: counts in bands, what more pairs would allow, a reminder; renewed when files change, ended by Ctrl+C."""

import datetime as dt
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.marks import posix
from vunki_eval.cli.app import app
from vunki_eval.cli.desk.returns import file_stamp, pairs_of, reminder, returns_text, team_bands, watch
from vunki_eval.language.causal_wording import banned
from vunki_eval.project.project import Project, load_project
from vunki_eval.questionnaire.invitations import with_tokens
from vunki_eval.survey.study import Study, load_study


@pytest.fixture(scope="module")
def project(shipped_project: Path) -> Project:
    return load_project(shipped_project)


@pytest.fixture(scope="module")
def study(project: Project) -> Study:
    return load_study(project, project.events[0].id)


def clock(*events: Callable[[], None]) -> Callable[[], None]:
    """A wait that lets things happen, then is interrupted."""
    left = iter(events)

    def wait() -> None:
        happen = next(left, None)
        if happen is None:
            raise KeyboardInterrupt
        happen()

    return wait


def test_it_speaks_again_only_when_something_changed() -> None:
    files, shown = [1], list[str]()
    wait = clock(lambda: None, lambda: files.append(2), lambda: None, lambda: files.append(3))
    watch(lambda: f"{len(files)} files", lambda: tuple(files), shown.append, wait)
    assert shown == ["1 files", "2 files", "3 files"]


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    stamps = [file_stamp(tmp_path)]
    (tmp_path / "a" / "post.csv").write_text("x")
    stamps.append(file_stamp(tmp_path))
    (tmp_path / "a" / "post.csv").write_text("xy")
    stamps.append(file_stamp(tmp_path))
    os.utime(tmp_path / "a" / "post.csv", (1, 1))
    stamps.append(file_stamp(tmp_path))
    assert len(set(stamps)) == 4


def test_teams_are_shown_in_bands(study: Study) -> None:
    width = study.project.method.suppression_threshold
    scores = study.scores[study.scores["wave"] == "post"]
    true = scores[["respondent", "team"]].drop_duplicates().groupby("team").size()
    bands = dict(team_bands(study, "post"))
    assert set(bands) == set(true.index)
    for team, band in bands.items():
        low, high = map(int, band.split("–"))
        assert low % width == 0
        assert high - low == width - 1
        assert low <= true[team] <= high
    names = [t for t, _ in team_bands(study, "post")]
    assert names == sorted(names, key=lambda t: int(re.sub(r"\D", "", t)))


@pytest.mark.parametrize("language", ["et", "en"])
def test_what_it_says(project: Project, study: Study, language: str) -> None:
    text = returns_text(lambda: project, (study.event.id,), language)
    assert banned(text, language) == []
    assert f"{pairs_of(study)} " in text
    assert "+5:" in text
    assert "{" not in text
    lines = text.splitlines()
    counts = [re.search(r"(\d+)", line.split(":", 1)[1]) for line in lines if line.startswith("  ") and ": " in line]
    assert counts
    assert project.about.applicant.name in text


def test_few_pairs_are_told_what_is_next(project: Project, study: Study) -> None:
    pairs = study.responses.groupby("respondent")["wave"].agg(set)
    both = pairs[pairs.map(lambda w: {"pre", "post"} <= w)].index
    for kept, sentence in ((3, "2 more linked pairs, and a change can be published"), (7, "3 more linked pairs")):
        few = study.responses[~study.responses["respondent"].isin(both[kept:])]
        small = replace(study, responses=few, scores=study.scores[study.scores["respondent"].isin(few["respondent"])])
        assert pairs_of(small) == kept
        from vunki_eval.cli.desk.returns import _allowed, _texts
        from vunki_eval.language import localizer

        assert sentence in "\n".join(_allowed(small, _texts(localizer("en")), localizer("en")))


def test_before_the_second_wave_there_are_no_pairs(own_project: Path) -> None:
    project = load_project(own_project)
    event = project.events[0].id
    for name in ("post.csv", "followup.csv", "decisions.csv"):
        (own_project / "surveys" / event / name).unlink()
    text = returns_text(lambda: project, (event,), "en")
    assert "after: 0 answers" in text
    assert "pairs" not in text
    assert "Hello!" in text


def test_a_file_half_written_does_not_end_the_watch(own_project: Path) -> None:
    project = load_project(own_project)
    event = project.events[0].id
    (own_project / "surveys" / event / "post.csv").write_bytes(b"")
    assert "VE-311" in returns_text(lambda: project, (event,), "en")
    (own_project / "surveys" / "project.toml").write_text("schema = 1\n[proj", encoding="utf-8")
    assert "[VE-" in returns_text(lambda: load_project(own_project), (), "en")


@pytest.mark.parametrize(("language", "day"), [("et", "17. august 2020"), ("en", "17 August 2020")])
def test_the_reminder(project: Project, study: Study, language: str, day: str) -> None:
    text = reminder(project, study.event, study, language)
    assert (study.event.actual.end or dt.date.min) + dt.timedelta(days=2) == dt.date(2020, 8, 17)
    assert day in text
    assert "[" in text
    invited = replace(project, instrument=with_tokens(project.instrument))
    assert reminder(invited, study.event, study, language) != text


def iter_until(read: Callable[[], str], mark: str) -> Iterator[str]:
    while line := read():
        yield line
        if mark in line:
            return


@posix
def test_the_command_ends_with_control_c(own_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VUNKI_LANGUAGE")
    words = [sys.executable, "-u", "-m", "vunki_eval", "check", "--watch", "--every", "0.2", "-e", "2021-online"]
    process = subprocess.Popen(words, cwd=own_project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    seen = list(iter_until(process.stdout.readline, "Ctrl+C"))
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=300)[1]
    assert "V Vunki mano!" in "".join(seen)
    assert process.returncode == 0, errors
    assert errors == ""
    assert not (own_project / "checks").exists()


def test_an_unknown_event_is_refused(own_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    monkeypatch.chdir(own_project)
    done = CliRunner().invoke(app, ["check", "--watch", "-e", "nowhere"])
    assert done.exit_code == 2
    assert "VE-102" in done.output
