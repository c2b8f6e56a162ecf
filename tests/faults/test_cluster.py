"""`--cluster`: a real scheduler and two workers on this machine give the same bytes as a local run."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Run, bytes_of
from vunki_eval.publish import cluster
from vunki_eval.publish.unit import BuildPlan, Failed, Task

pytestmark = pytest.mark.slow
distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Address of a scheduler with two workers of one thread, ended afterwards."""
    programs = [["scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1"]]
    file = tmp_path / "scheduler.json"
    programs += [["worker", "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]] * 2
    started = []
    try:
        for words in programs:
            command = [
                sys.executable,
                "-m",
                "distributed.cli.dask_" + words[0],
                *words[1:],
                "--scheduler-file",
                str(file),
            ]
            started.append(subprocess.Popen(command, cwd=tmp_path, stdout=-3, stderr=-3))
        with distributed.Client(scheduler_file=str(file), timeout=600) as client:
            client.wait_for_workers(2, timeout=600)
            yield client.scheduler.address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(20)


@pytest.mark.deep
def test_the_same_bytes_as_a_local_run(project: Path, vunki: Run, address: str) -> None:
    done = vunki("report", "--cluster", address)
    assert done.returncode == 0, done.stderr
    remote = bytes_of(project / "reports")
    shutil.rmtree(project / "reports")
    assert vunki("report").returncode == 0
    assert bytes_of(project / "reports") == remote


def test_an_address_that_does_not_answer(vunki: Run) -> None:
    done = vunki("report", "--cluster", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert "does not answer" in done.stderr


def test_one_event_fails_and_the_other_has_the_same_bytes(project: Path, vunki: Run, address: str) -> None:
    (project / "surveys" / "2021-online" / "post.csv").write_text("")
    (project / "surveys" / "2021-online" / "pre.csv").write_text("")
    done = vunki("report", "--cluster", address)
    assert done.returncode == 4, done.stderr
    remote = bytes_of(project / "reports" / "2020-antsla")
    shutil.rmtree(project / "reports")
    vunki("report")
    assert bytes_of(project / "reports" / "2020-antsla") == remote


def test_a_cluster_without_workers_ends_the_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SECONDS_BETWEEN_LOOKS", 0.2)
    monkeypatch.setattr(cluster, "SECONDS_WITHOUT_WORKERS", 1.0)
    plan = BuildPlan("2020-antsla", ("et",), ("pdf",), True, "not built yet")
    task = Task(project, project / "reports", plan, "auto", parallel=False)
    with distributed.LocalCluster(n_workers=0, dashboard_address=None) as scheduler:
        (outcome,) = cluster.run_on_cluster([task], scheduler.scheduler_address)
    assert isinstance(outcome, Failed)
    assert [(p.code, "no workers left" in str(p)) for p in outcome.problems] == [("VE-406", True)]
