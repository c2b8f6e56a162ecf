"""environment.yml and pyproject.toml name the same packages with the same lower bounds; the lock holds no address."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
FIXED = {"jupyterlab", "pandas", "seaborn", "scipy", "papermill", "nbconvert", "pytest"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
FROM_PIP = {"typst"}


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


def test_lock_has_hashes_and_no_address_and_every_dependency() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|@ file", lock)
    names = re.findall(r"^([A-Za-z0-9._-]+)==", lock, flags=re.M)
    assert lock.count("--hash=sha256:") >= len(names) > 100
    locked = {canonicalize_name(n) for n in names}
    assert project_specs().keys() <= locked


def test_no_run_time_dependency_is_under_the_gpl() -> None:
    forbidden = {"pingouin", "factor-analyzer", "igraph", "python-igraph", "pandoc", "pypandoc", "rfc3987"}
    assert not forbidden & project_specs().keys()
