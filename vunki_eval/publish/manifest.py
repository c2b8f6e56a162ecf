"""The manifest of a build: what it was made from, with what, and what it consists of. No times, users or hosts."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vunki_eval.project import Project
from vunki_eval.publish.fingerprint import code_digest, config_files, package_versions, sha256
from vunki_eval.results import Results

NAME = "manifest.json"
SCHEMA = 1


def write_manifest(
    folder: Path, project: Project, results: Results, *, key: str, languages: Sequence[str], formats: Sequence[str],
    findings: int,
) -> None:  # fmt: skip
    """Write ``manifest.json``, last of all files: it is the commit record of the build."""
    from vunki_eval import __version__

    data = {
        "schema": SCHEMA,
        "version": __version__,
        "revision": code_digest()[:12],
        "event": results.event,
        "languages": list(languages),
        "parameters": {"event": results.event, "languages": list(languages), "formats": list(formats)},
        "seed": project.method.seed,
        "inputs": _inputs(project, results),
        "packages": package_versions(),
        "outputs": outputs(folder),
        "suppression": results.meta.get("suppression", {}),
        "findings": findings,
        "key": key,
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    (folder / NAME).write_text(text, "utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read a manifest; None if there is none or it cannot be read."""
    try:
        data = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and data.get("schema") == SCHEMA else None


def outputs(folder: Path) -> list[dict[str, str]]:
    """List every file of a build but the manifest itself and logs, with its hash."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != NAME and p.suffix != ".log")
    return [{"path": p.relative_to(folder).as_posix(), "sha256": sha256(p)} for p in files]


def is_intact(folder: Path, manifest: dict[str, Any]) -> bool:
    """Tell whether every file is there and unchanged, and none was added."""
    return bool(outputs(folder) == manifest.get("outputs"))


def is_fresh(folder: Path, key: str, languages: Sequence[str], formats: Sequence[str]) -> bool:
    """Tell whether a published build follows from the key and holds all languages and formats asked for."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("key") != key:
        return False
    has = manifest["parameters"]
    asked = set(languages) <= set(has["languages"]) and set(formats) <= set(has["formats"])
    return asked and is_intact(folder, manifest)


def _inputs(project: Project, results: Results) -> list[dict[str, Any]]:
    """Give exports (as read, with rows) and configuration files."""
    exports = [dict(i) for i in results.meta.get("inputs", [])]
    config = [
        {"path": p.relative_to(project.root).as_posix() if p.is_relative_to(project.root) else p.name,
         "sha256": sha256(p), "rows": None}
        for p in config_files(project, results.event)
    ]  # fmt: skip
    return sorted(exports + config, key=lambda i: str(i["path"]))
