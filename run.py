#!/usr/bin/env python3
"""Set up .venv beside this file if that is needed, then work. Standard library only; Python 3.11 or newer, or uv."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"  # everything in LOCK at the same versions, and what tests and docs need
UV_LOCK = ROOT / "requirements-uv.lock"  # the installer, where it is not there already
STAMP = VENV / ".vunki-stamp"
OLDEST = (3, 11)
ANYWHERE = ("new", "demo", "plan", "explain", "version")  # verbs that need no project: they work where you are


def main(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        sys.stdout.reconfigure(errors="replace")  # some consoles lack Estonian letters
        print(usage())
        return 0 if words else 2
    set_up(DEV_LOCK if words[0] in ("test", "check-code", "docs") else LOCK)
    if words[0] == "test":
        return call(["-m", "pytest", *test_options(words[1:])], cwd=ROOT)
    if words[0] == "check-code":
        checks = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"])
        return max(subprocess.call([str(PYTHON), "-m", *check], cwd=ROOT) for check in checks)
    if words[0] == "docs":
        return call([str(ROOT / "docs" / "build.py")], cwd=ROOT)
    here = words[0] in ANYWHERE or in_project(Path.cwd())
    return call(["-m", "vunki_eval", *words], cwd=Path.cwd() if here else ROOT)


def usage() -> str:
    return _("""\
Sets up .venv beside this file if that is needed, then works. Needs Python 3.11 or newer, or uv.

python3 run.py report          the main job: every event's report
python3 run.py final           the end-of-project report
python3 run.py test            the tests (under 10 minutes); test --all adds browsers, simulations, faults,
                               test --deep runs the whole program as a Windows program (Linux, Wine)
                               and the longest simulations
python3 run.py docs            the documentation as a site, into site/
python3 run.py check --help    every other verb is passed through""")


def _(sentence: str, **values: object) -> str:
    """Say it in the project's language; a Python that is too old for the package says it in English."""
    if sys.version_info < OLDEST:
        return sentence.format(**values) if values else sentence
    sys.path.insert(0, str(ROOT))
    from vunki_eval.errors import Message, spoken_language  # nothing but the standard library is needed for it

    return Message(sentence, values).text(spoken_language(Path.cwd() if in_project(Path.cwd()) else ROOT))


def in_project(folder: Path) -> bool:
    return any((f / "surveys" / "project.toml").is_file() for f in (folder, *folder.parents))


def test_options(words: list[str]) -> list[str]:
    """Turn `--all` and `--deep` into pytest's words; everything else goes to pytest as it is."""
    chosen = [w for w in words if w not in ("--all", "--deep")]
    if "--deep" in words:
        return ["-q", "-rs", "-m", "deep", *chosen]
    if not any(w.startswith("-n") for w in chosen):
        chosen = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", *chosen]
    return ["-q", *([] if "--all" in words else ["-m", "not slow"]), *chosen]


def call(arguments: list[str], cwd: Path) -> int:
    """Become the program, so that signals meant for it reach it; Windows cannot, and waits for a child instead."""
    os.environ["VUNKI_COMMAND"] = f"{'py' if os.name == 'nt' else 'python3'} {shown(Path(sys.argv[0]))}"
    if os.name != "nt":
        os.chdir(cwd)
        os.execv(PYTHON, [str(PYTHON), *arguments])
    child = subprocess.Popen([str(PYTHON), *arguments], cwd=cwd)
    job = end_with_this_process(child)  # closed by the system when this process ends, however it ends
    try:
        return child.wait()
    except KeyboardInterrupt:
        return child.wait()  # the console has told the child too: it says what it has to say
    finally:
        del job


def shown(script: Path) -> str:
    """Write the script's path as it was typed, in quotes where a shell needs them."""
    return f'"{script}"' if " " in str(script) else str(script)


def end_with_this_process(child: "subprocess.Popen[bytes]") -> object:
    """Put the child into a job object of Windows that ends all its processes when its last handle is closed."""
    import ctypes

    class Limits(ctypes.Structure):  # JOBOBJECT_EXTENDED_LIMIT_INFORMATION; only its flags are set
        _fields_ = (("before", ctypes.c_int64 * 2), ("flags", ctypes.c_uint32), ("after", ctypes.c_byte * 124))

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    limits = Limits(flags=0x2000)  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
    kernel.SetInformationJobObject(job, 9, ctypes.byref(limits), ctypes.sizeof(limits))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(int(child._handle)))
    return job


def set_up(lock: Path) -> None:
    """Make the environment from a lock, once; later starts compare one stamp."""
    want = {name.name: wanted(name) for name in ((LOCK, DEV_LOCK) if lock == DEV_LOCK else (LOCK,))}
    lines = STAMP.read_text().splitlines() if STAMP.exists() else []
    there = dict(line.split(maxsplit=1) for line in lines if " " in line)  # an earlier version wrote one word
    if PYTHON.exists() and want.items() <= there.items():
        return
    print(_("Setting up .venv (once; a few minutes on a slow line) ..."), file=sys.stderr)
    try:
        install(lock)
    except subprocess.CalledProcessError as error:
        problem = _(
            "Setting up failed (see above; exit {code}). Check the network connection and run again.",
            code=error.returncode,
        )
        sys.exit(problem)
    STAMP.write_text("".join(f"{name} {digest}\n" for name, digest in want.items()))


def wanted(lock: Path) -> str:
    # Line ends do not count: git may have changed them.
    text = lock.read_text(encoding="utf-8") + (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def install(lock: Path) -> None:
    """Install what a lock names, every file checked against its hash, then this package with the tools that came."""
    if shutil.which("uv"):
        sh("uv", "venv", "--quiet", "--allow-existing", "--python", ">=3.11,<3.15", VENV)
        install_with("uv", lock)
    else:
        if not PYTHON.exists():
            make_venv()
        with tempfile.TemporaryDirectory() as folder:
            pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
            sh(*pip, "--target", folder, "-r", UV_LOCK)
            uv = Path(folder, "bin", "uv.exe" if os.name == "nt" else "uv")
            install_with(uv, lock)
            if sys.version_info < (3, 12):  # its venv module brings a build tool along that nothing here uses
                sh(uv, "pip", "uninstall", "--quiet", "--python", PYTHON, "setuptools")
    # Compiled now, not at every start: some machines forbid Python to write what it compiled.
    packages = next(VENV.glob("[Ll]ib/**/site-packages"))
    compiled = [PYTHON, "-m", "compileall", "-q", "-j", "0", "-x", r"[\\/]tests?[\\/]", packages]
    subprocess.run([str(a) for a in compiled], check=False, capture_output=True)  # a template need not compile


def install_with(uv: object, lock: Path) -> None:
    sh(uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock)
    sh(uv, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "-e", ROOT)


def make_venv() -> None:
    if sys.version_info < OLDEST:
        sys.exit(_("Python 3.11 or newer (or uv) is needed; this is {version}.", version=sys.version.split()[0]))
    try:
        import venv

        venv.create(VENV, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit(_("Python's venv module is incomplete. On Debian or Ubuntu: sudo apt install python3-venv"))


def sh(*arguments: object) -> None:
    subprocess.run([str(a) for a in arguments], check=True, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
