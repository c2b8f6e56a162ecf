#!/usr/bin/env python3
"""Set up .venv beside this file if that is needed, then work. Standard library only; Python 3.11 or newer, or uv.

python3 run.py report          the main job: every event's report
python3 run.py final           the end-of-project report
python3 run.py test            the tests (under 10 minutes); test --all adds browsers, simulations, faults
python3 run.py docs            the documentation as a site, into site/
python3 run.py check --help    every other verb of `vunki-eval` is passed through
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".vunki-stamp"
OLDEST = (3, 11)
ANYWHERE = ("new", "demo", "plan", "explain", "version")  # verbs that need no project: they work where you are


def main(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if words else 2
    set_up()
    if words[0] == "test":
        return call(["-m", "pytest", *test_options(words[1:])], cwd=ROOT)
    if words[0] == "check-code":
        return max(
            call(["-m", *c], cwd=ROOT) for c in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"])
        )
    if words[0] == "docs":
        return call([str(ROOT / "docs" / "build.py")], cwd=ROOT)
    here = words[0] in ANYWHERE or in_project(Path.cwd())
    return call(["-m", "vunki_eval", *words], cwd=None if here else ROOT)


def in_project(folder: Path) -> bool:
    return any((f / "surveys" / "project.toml").is_file() for f in (folder, *folder.parents))


def test_options(words: list[str]) -> list[str]:
    """Turn `--all` into pytest's words; everything else goes to pytest as it is."""
    chosen = [w for w in words if w != "--all"]
    if not any(w.startswith("-n") for w in chosen):
        chosen = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", *chosen]
    return ["-q", *([] if "--all" in words else ["-m", "not slow"]), *chosen]


def call(arguments: list[str], cwd: Path | None) -> int:
    try:
        return subprocess.call([str(PYTHON), *arguments], cwd=cwd)
    except KeyboardInterrupt:
        return 130


def set_up() -> None:
    """Make the environment from the lock, once; later starts compare one stamp."""
    want = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == want:
        return
    print("Setting up .venv (once; a few minutes on a slow line) ...", file=sys.stderr)
    try:
        install(want)
    except subprocess.CalledProcessError as error:
        sys.exit(f"Setting up failed (see above; exit {error.returncode}). Check the network connection and run again.")


def install(want: str) -> None:
    uv = shutil.which("uv")
    if uv:
        sh(uv, "venv", "--quiet", "--allow-existing", "--python", ">=3.11,<3.15", VENV)
        tool: list[object] = [uv]
    else:
        make_venv()
        sh(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
        tool = [PYTHON, "-m", "uv"]
    # Compiled now, not at every start: some machines forbid Python to write what it compiled.
    sh(*tool, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON, "--require-hashes", "-r", LOCK)
    sh(*tool, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "-e", ROOT)
    STAMP.write_text(want)


def make_venv() -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer (or uv) is needed; this is {sys.version.split()[0]}.")
    try:
        import venv

        venv.create(VENV, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("Python's venv module is incomplete. On Debian or Ubuntu: sudo apt install python3-venv")


def sh(*arguments: object) -> None:
    subprocess.run([str(a) for a in arguments], check=True, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
