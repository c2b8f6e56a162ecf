"""The manifest of a build: its inputs, the versions of the tools, and its files. No times, users or hosts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vunki_eval.errors import M_, Message, joined
from vunki_eval.project.file_names import files_below
from vunki_eval.project.project import Project
from vunki_eval.publish.fingerprint import code_digest, input_files, package_versions, sha256

if TYPE_CHECKING:
    from vunki_eval.results.results import Results

NAME = "manifest.json"
SCHEMA = 1


def write_manifest(
    folder: Path, project: Project, results: "Results", *, key: str, languages: Sequence[str], formats: Sequence[str],
    findings: int,
) -> None:  # fmt: skip
    """Write ``manifest.json``, last of all files: a build without it is not complete."""
    from vunki_eval.project.version import __version__

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
    """List every file of a build with its hash, except logs, leftovers of other programs and the manifest itself."""
    files = (p for p in files_below(folder) if p.name != NAME and p.suffix != ".log")
    return [{"path": p.relative_to(folder).as_posix(), "sha256": sha256(p)} for p in files]


def is_intact(folder: Path, manifest: dict[str, Any]) -> bool:
    """Tell whether every file of a build is there and unchanged, and none was added."""
    return bool(outputs(folder) == manifest.get("outputs"))


def is_fresh(folder: Path, key: str, languages: Sequence[str], formats: Sequence[str]) -> bool:
    """Tell whether a published build has this key, is intact, and holds all these languages and formats."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("key") != key:
        return False
    published = manifest["parameters"]
    is_complete = set(languages) <= set(published["languages"]) and set(formats) <= set(published["formats"])
    return is_complete and is_intact(folder, manifest)


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed since a report was built, as texts."""

    inputs: list[Message]
    packages: list[Message]
    code: list[Message]
    outputs: list[Message]


def changes(project: Project, folder: Path, manifest: dict[str, Any]) -> Changes:
    """Compare a report's manifest with the project, the installed packages and the report's own files."""
    inputs_before = {i["path"]: i["sha256"] for i in manifest["inputs"]}
    inputs_now = {path: sha256(file) for path, file in input_files(project, manifest["event"]).items()}
    before, after = manifest["packages"], package_versions()
    outputs_before = {o["path"]: o["sha256"] for o in manifest["outputs"]}
    outputs_now = {o["path"]: o["sha256"] for o in outputs(folder)}
    return Changes(
        _differing(inputs_before, inputs_now, M_("{path} has changed"), M_("{path} is gone"), M_("{path} is new")),
        [
            M_(
                "{package} {before} is now {after}",
                package=name,
                before=before.get(name, M_("absent")),
                after=after.get(name, M_("absent")),
            )
            for name in sorted({*before, *after})
            if before.get(name) != after.get(name)
        ],
        [M_("vunki_eval itself has changed")] if manifest["revision"] != code_digest()[:12] else [],
        _differing(
            outputs_before,
            outputs_now,
            M_("{path} of the report is damaged"),
            M_("{path} of the report is missing"),
            M_("{path} does not belong to the report"),
        ),
    )


def differences(project: Project, folder: Path, manifest: dict[str, Any]) -> list[Message]:
    """List all `changes` in one list."""
    all_changes = changes(project, folder, manifest)
    return all_changes.inputs + all_changes.packages + all_changes.code + all_changes.outputs


def counts_of(flow: list[dict[str, Any]]) -> dict[str, int | None]:
    """Pick the counts of the closing table from the rows of the flow."""
    steps = {"before": "usable_pre", "after": "usable_post", "linked": "linked_post"}
    counts: dict[str, int | None] = {}
    for name, step in steps.items():
        numbers = [row["n"] for row in flow if row["step"] == step and row["n"] is not None]
        counts[name] = int(sum(numbers)) if numbers else None
    return counts


def published_counts(folder: Path) -> dict[str, int | None]:
    """Read the counts from a published report; without pandas, since a run with nothing to build must be quick."""
    return counts_of(json.loads((folder / "results.json").read_text("utf-8"))["flow"])


def _differing(
    before: dict[str, str], after: dict[str, str], changed: Message, missing: Message, added: Message
) -> list[Message]:
    """List paths whose hashes differ, each with the text for its case."""
    texts = []
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            case = missing if path not in after else added if path not in before else changed
            texts.append(case.filled(path=path))
    return texts


def _inputs(project: Project, results: "Results") -> list[dict[str, Any]]:
    """List every input file of the report; exports with their number of rows."""
    rows = {i["path"]: i.get("rows") for i in results.meta.get("inputs", [])}
    files = input_files(project, results.event)
    return [{"path": path, "sha256": sha256(file), "rows": rows.get(path)} for path, file in sorted(files.items())]


def first_reasons(reasons: Sequence[Message], most: int) -> Message:
    """Join the first few reasons and count the rest."""
    shown = joined(", ", reasons[:most])
    left = len(reasons) - most
    return M_("{reasons}, and {n} more", reasons=shown, n=left) if left > 0 else shown
