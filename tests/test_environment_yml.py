"""environment.yml and pyproject.toml name the same packages with the same lower bounds; the locks fit each other."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
FIXED = {"jupyterlab", "pandas", "seaborn", "scipy", "papermill", "nbconvert", "pytest"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
FROM_PIP = {"typst"}
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
TESTS = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependency-groups"]["test"]}


def conda_specs() -> dict[str, str]:
    lines = [line for line in ENVIRONMENT["dependencies"] if isinstance(line, str)]
    specs = {line.partition(" ")[0]: line.partition(" ")[2] for line in lines}
    assert len(specs) == len(lines), "a package is named twice"
    return specs


def project_specs() -> dict[str, SpecifierSet]:
    lines = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["test"]]
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, lines)}


def test_same_packages_and_bounds() -> None:
    conda = {canonicalize_name(k): SpecifierSet(v) for k, v in conda_specs().items() if k not in ("python", "pip")}
    assert conda == {k: v for k, v in project_specs().items() if k not in FROM_PIP}


def test_typst_comes_from_pip_with_the_same_bound() -> None:
    pip = next(line["pip"] for line in ENVIRONMENT["dependencies"] if isinstance(line, dict))
    assert pip == [f"typst{project_specs()['typst']}", "-e ."]


def test_python_range() -> None:
    assert SpecifierSet(conda_specs()["python"]) == SpecifierSet(PROJECT["project"]["requires-python"])


def test_packages_that_the_project_is_built_on_are_there() -> None:
    assert conda_specs().keys() >= FIXED


def pins(name: str) -> dict[str, set[str]]:
    """Versions that a lock names, by package: more than one where they hang on the system."""
    found: dict[str, set[str]] = {}
    text = (ROOT / name).read_text(encoding="utf-8")
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;]+)", text, flags=re.M):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|@ file|--index|--find-links", text)
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    assert len(entries) == sum(map(len, pins(name).values()))
    assert [e.partition(" ")[0] for e in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", e)] == []


def test_a_report_needs_no_tool_of_developers() -> None:
    locked = pins("requirements.lock").keys()
    assert {canonicalize_name(r) for r in project_specs()} - TESTS <= locked
    assert {"hatchling", "editables"} <= locked  # what the set-up installs this package with
    assert "python-docx" in locked  # the extra that README's commands offer
    assert not locked & {*TESTS, "ruff", "mypy", "playwright", "pikepdf", "mkdocs-material", "frictionless", "pyxform"}
    assert 100 < len(locked) <= 150


def test_developers_have_what_a_report_is_made_with() -> None:
    """Every pin of the run-time lock is in the developers' lock at the same version."""
    run_time, developers = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: developers.get(name) for name in run_time} == run_time
    groups = PROJECT["dependency-groups"]
    direct = [line for group in groups.values() for line in group if isinstance(line, str)]
    assert {canonicalize_name(Requirement(line).name) for line in direct} <= developers.keys()


def test_the_installer_is_locked_alone() -> None:
    assert list(pins("requirements-uv.lock")) == ["uv"]


def test_no_run_time_dependency_is_under_the_gpl() -> None:
    forbidden = {"pingouin", "factor-analyzer", "igraph", "python-igraph", "pandoc", "pypandoc", "rfc3987"}
    assert not forbidden & project_specs().keys()
