"""A report from the real Microsoft Forms pair: trust in AI, 30 people before and after, typed ids.

Item wording and the id's header differ between the waves. The values to meet come from R (reference_shared.json).
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.real
HERE = Path(__file__).parent
PROJECT = """
schema = 1
[project]
id = "trust-in-ai"
title = { en = "Trust in AI agents" }
start = 2025-01-01
end = 2025-12-31
funder = { en = "none" }
applicant = { name = "none" }
languages = ["en"]
[method]
primary_outcomes = ["AI"]
[[event]]
id = "experiment"
title = { en = "Experiment with AI agents" }
waves = { pre = "P1-1-30.xlsx", post = "P2-1-30.xlsx" }
"""


@pytest.fixture(scope="module")
def reference(real_data: Path) -> dict[str, Any]:
    return json.loads((real_data / "reference_shared.json").read_text("utf-8"))["hirl"]


@pytest.fixture(scope="module")
def published(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("real")
    folder = root / "surveys" / "experiment"
    folder.mkdir(parents=True)
    (root / "surveys" / "project.toml").write_text(PROJECT, "utf-8")
    shutil.copy(HERE / "trust_in_ai.toml", root / "surveys" / "instrument.toml")
    for name in ("P1-1-30.xlsx", "P2-1-30.xlsx"):
        shutil.copy(real_data / "msforms" / name, folder)
    done = subprocess.run(
        [sys.executable, "-m", "vunki_eval", "report"], cwd=root, capture_output=True, text=True, timeout=600
    )
    # Nine questions of the second wave are not part of the instrument: they are listed, and the report is published.
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("matches no item") == 9
    assert "Traceback" not in done.stderr
    return root / "reports" / "experiment"


def estimate(folder: Path, statistic: str, wave: str = "post") -> dict[str, Any]:
    rows = json.loads((folder / "results.json").read_text("utf-8"))["estimates"]
    (row,) = [
        r for r in rows if (r["outcome"], r["statistic"], r["group"], r["wave"]) == ("AI", statistic, "all", wave)
    ]
    return row


def test_report_is_there(published: Path) -> None:
    assert (published / "en" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (published / "en" / "report.html").is_file()


def test_change_interval_and_p_equal_r(published: Path, reference: dict[str, Any]) -> None:
    score = reference["score"]
    row = estimate(published, "change")
    assert row["n"] == score["n_pairs"] == 30
    assert row["status"] == "ok"
    assert row["estimate"] == pytest.approx(score["mean_diff"], rel=1e-8)
    assert [row["low"], row["high"]] == pytest.approx(score["t"]["ci"], rel=1e-8)
    assert row["p"] == pytest.approx(score["t"]["p"], rel=1e-8)


def test_size_of_change_is_js_times_the_reference(published: Path, reference: dict[str, Any]) -> None:
    import numpy as np
    from scipy.special import gammaln

    score = reference["score"]
    df = 2 * (score["n_pairs"] - 1) / (1 + score["r"] ** 2)
    j = np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)
    row = estimate(published, "g_av")
    assert row["estimate"] == pytest.approx(j * score["effect"]["d_av_rmsSD"], rel=1e-8)


@pytest.mark.parametrize(("wave", "key"), [("pre", "rel_pre"), ("post", "rel_post")])
def test_alpha_and_its_interval_equal_r(published: Path, reference: dict[str, Any], wave: str, key: str) -> None:
    row = estimate(published, "alpha", wave)
    assert row["estimate"] == pytest.approx(reference[key]["alpha_raw_listwise"], rel=1e-8)
    assert [row["low"], row["high"]] == pytest.approx(reference[key]["feldt_ci_listwise"], rel=1e-8)


def test_t_and_df_equal_r(published: Path, real_data: Path, reference: dict[str, Any]) -> None:
    """The test statistic itself is no row of the results: compute it from the study the report was made from."""
    import vunki_eval as ve

    study = ve.load_study(ve.load_project(published.parents[1]), "experiment")
    wide = study.scores[study.scores["scale"] == "AI"].pivot(index="respondent", columns="wave", values="score")
    change = ve.stats.paired_change(wide["pre"].to_numpy(), wide["post"].to_numpy())
    assert change.t == pytest.approx(reference["score"]["t"]["t"], rel=1e-8)
    assert change.df == reference["score"]["t"]["df"]
    assert (change.n, len(study.responses)) == (30, 60)


def test_wilcoxon_equals_r_on_rounded_differences(published: Path, reference: dict[str, Any]) -> None:
    row = estimate(published, "p_wilcoxon")
    assert row["estimate"] == pytest.approx(reference["score"]["wilcoxon_rounded"]["Wplus"], rel=1e-8)
    assert row["p"] == pytest.approx(reference["score"]["wilcoxon_rounded"]["coin_pratt_asym"]["p"], rel=1e-8)
