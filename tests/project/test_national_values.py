"""National values: off as shipped, shown with round, weighting, source and caveat when switched on."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from typer.testing import CliRunner

import vunki_eval as ve
from vunki_eval.cli.app import app
from vunki_eval.errors import ConfigError, InputError
from vunki_eval.project.national_values import benchmark_entry, ess_means, load_benchmarks
from vunki_eval.stats import weighted_mean

EVENT = "2020-antsla"


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "essround": 10, "cntry": ["EE"] * 6 + ["FI"] * 3, "ppltrst": [5, 6, 77, 8, 4, 88, 9, 9, 9],
            "stratum": [1, 1, 1, 2, 2, 2, 3, 3, 3], "psu": [1, 2, 2, 3, 4, 4, 5, 5, 6],
            "pspwght": [1.0, 2.0, 1.0, 0.5, 1.5, 1.0, 1.0, 1.0, 1.0], "other": "x",
        }
    )  # fmt: skip


def test_off_as_shipped(shipped_project: Path) -> None:
    project = ve.load_project(shipped_project)
    assert load_benchmarks(project.surveys, project.instrument) == ()
    assert "show = false" in (project.surveys / "benchmarks.toml").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["et", "en"])
def test_switched_on_the_strip_shows_values_with_their_sources(own_project: Path, language: str) -> None:
    path = own_project / "surveys" / "benchmarks.toml"
    path.write_text(path.read_text("utf-8").replace("\nshow = false", "\nshow = true"), "utf-8")
    results = ve.analyse(ve.load_study(ve.load_project(own_project), EVENT))
    figure = ve.figures.national_figure(results, language)
    flat = [cell for row in figure.data for cell in row]
    assert ("5,61" if language == "et" else "5.61") in flat
    assert "catregs" in figure.source
    assert "catregs" in " ".join(flat)
    assert ("juhuvalim" if language == "et" else "random sample") in figure.base
    assert not any("not found" in c for c in flat), "a round without a value has no line"
    assert all(k in figure.alt for k in ("2018", "2016"))
    shown = ve.sections.trust(results, language)
    assert "benchmarks" in [getattr(b, "name", "") for b in shown.blocks]


def test_a_bad_file_is_refused_with_its_place(own_project: Path) -> None:
    path = own_project / "surveys" / "benchmarks.toml"
    project = ve.load_project(own_project)
    path.write_text('[[benchmark]]\nitem = "TR9"\nvariable = "x"\nround = 9\nyear = 2018\nsource = "s"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"benchmark\.TR9.*VE-772"):
        load_benchmarks(project.surveys, project.instrument)
    path.write_text('[[benchmark]]\nitem = "TR1"\nvariable = "x"\nround = 9\nyear = 2018\nmean = 5.0\nsource = "s"\n')
    with pytest.raises(ConfigError, match="weighting"):
        load_benchmarks(project.surveys, project.instrument)


@pytest.mark.parametrize("kind", ["csv", "sav"])
def test_means_of_a_downloaded_file(tmp_path: Path, frame, kind: str) -> None:
    path = tmp_path / f"ESS10.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    else:
        pyreadstat.write_sav(frame, str(path))
    (mean,) = ess_means(path, ["ppltrst"])
    wanted = weighted_mean([5, 6, 8, 4], [1, 2, 0.5, 1.5], strata=[1, 1, 2, 2], clusters=[1, 2, 3, 4])
    assert mean.result == wanted
    assert (mean.round, mean.weight, mean.country) == (10, "pspwght", "EE")
    (plain,) = ess_means(path, ["ppltrst"], weight="none", country="ee")
    assert (plain.result.mean, plain.weight) == (5.75, "")


def test_the_verb_prints_an_entry_that_loads_again(tmp_path: Path, frame, own_project: Path) -> None:
    frame.to_csv(tmp_path / "ESS10.csv", index=False)
    done = CliRunner().invoke(app, ["benchmark", str(tmp_path / "ESS10.csv"), "--variable", "ppltrst", "--item", "TR1"])
    assert done.exit_code == 0
    path = own_project / "surveys" / "benchmarks.toml"
    path.write_text(f"show = true\n{done.stdout}", "utf-8")
    project = ve.load_project(own_project)
    (entry,) = load_benchmarks(project.surveys, project.instrument)
    assert (entry.mean, entry.weighting, entry.n, entry.round) == (5.4, "weighted", 4, 10)
    assert "standard error" in entry.source
    assert benchmark_entry(ess_means(tmp_path / "ESS10.csv", ["ppltrst"])[0]).startswith("[[benchmark]]")


def test_a_file_that_will_not_do_is_refused(tmp_path: Path, frame) -> None:
    frame.to_csv(tmp_path / "a.csv", index=False)
    for path, variables, country in (
        (tmp_path / "none.csv", ["ppltrst"], "EE"),
        (tmp_path / "a.csv", ["pplfair"], "EE"),
        (tmp_path / "a.csv", ["ppltrst"], "LV"),
    ):
        with pytest.raises(InputError, match="VE-773"):
            ess_means(path, variables, country=country)
    (tmp_path / "b.sav").write_bytes(b"no such thing")
    with pytest.raises(InputError, match="VE-773"):
        ess_means(tmp_path / "b.sav", ["ppltrst"])
