"""A planted person is nowhere in what the program writes: not a letter, not a hash, not a count of one.

The person answered at both events and at a third one of twelve people. Every verb is run as users run it; then every
byte is searched that any of them wrote: reports, claims, papers, package, private folders, caches, temporary folder,
streams. One more person stands only on the lists of participants. The coder's sheets in ``checks/`` hold what people
wrote, on purpose: they are left out by name, and nothing else is.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.canary.search import search, search_folder
from tests.marks import has_mode, modes

CODE = {"ema eesnime": "Qxzalma", "kuupäeval olete": "31", "kooli asukoha": "Wqxkurna", "õde ja venda": "4",
        "isa eesnime": "Yqxjuri", "Perekonnanimi": "Xqwparn"}  # fmt: skip
NAME, EMAIL, PERSONAL, PHONE = "Õnnela Xqkanaar", "onnela.xqkanaar@xqnaide.ee", "49403136515", "5551 23987"
TEXT = "Sinine kanaarilind jooksis üle Xqjõe silla ja unustas vihmavarju"
TEAM = "Xqmeeskond Kuldnokad"
PATH = "xqkanaarirada"
ELEMENTS = [c for c in CODE.values() if len(c) > 3]
LISTED, LISTED_EMAIL, AGREED = "Xqvaiki Osaleja", "xqvaiki@xqnaide.ee", "Xqkokkulepe"
SECRETS = [LISTED, LISTED_EMAIL, AGREED, NAME, EMAIL, PERSONAL, PHONE, TEXT, TEAM, PATH, *ELEMENTS,
           " ".join(CODE.values()), "".join(CODE.values()), "-".join(CODE.values())]  # fmt: skip
pytestmark = pytest.mark.slow
LANGUAGE = "et"
FORMATS = ("-f", "pdf", "-f", "html", "-f", "docx")
SECTOR, PLACE = "haridus ja teadus", "Setomaa vald"
OTHER_SECTOR, OTHER_PLACE = "ettevõte", "Antsla vald"
LIST = f"Nimi,E-post,Osales,Märkus\n{NAME},{EMAIL},jah,\n{LISTED},{LISTED_EMAIL},jah,{AGREED}\n"
FOLDERS = {"surveys", "notebooks", "reports", "checks", "claims", "papers", "questionnaires"}
SHEETS = re.compile(r"[^/]+/coding\.[A-Z0-9]+\.(csv|xlsx)")
EVENTS = ("2020-antsla", "2021-online", "2022-twelve")
TWELVE = """
[[event]]
id = "2022-twelve"
title = { et = "Kaksteist", en = "Twelve" }
actual = { start = 2021-03-11, end = 2021-03-13 }
waves = { pre = "pre.csv", post = "post.csv" }
participants = "participants.csv"
"""


@dataclass(frozen=True)
class Run:
    """What a run left: its folders and streams."""

    root: Path
    package: Path
    elsewhere: Path
    streams: dict[str, str]


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def plant(path: Path, *, keep: int | None = None) -> None:
    """Put the person at the end of an export: the only one of a sector and a municipality, with all that identifies."""
    head, *rows = rows_of(path)
    sectors = [i for i, h in enumerate(head) if "sektorit Te siin" in h]
    places = [i for i, h in enumerate(head) if "omavalitsusest Te tulete" in h]
    rows = rows[: keep - 1] if keep else rows
    for row in rows:
        for place, there, instead in (
            *((i, SECTOR, OTHER_SECTOR) for i in sectors),
            *((i, PLACE, OTHER_PLACE) for i in places),
        ):
            row[place] = instead if row[place] == there else row[place]
    person = list(rows[-1])
    for start, said in CODE.items():
        (place,) = [i for i, h in enumerate(head) if start in h]
        person[place] = said
    for i, h in enumerate(head):
        if "Response ID" in h:
            person[i] = "99999"
        if i in sectors or i in places:
            person[i] = SECTOR if i in sectors else PLACE
        if "meeskonnas Te töötasite" in h:
            person[i] = TEAM
        if "Mis oli kõige väärtuslikum" in h:
            person[i] = f"{TEXT}. {NAME}, {EMAIL}, {PERSONAL}, tel {PHONE}"
        if "Mis takistas" in h or "järgmine samm" in h:
            person[i] = TEXT
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([head, *rows, person])
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())


def planted(shipped: Path, root: Path) -> None:
    shutil.copytree(shipped, root)
    surveys = root / "surveys"
    shutil.copytree(
        surveys / "2021-online", surveys / "2022-twelve", ignore=shutil.ignore_patterns("decisions.csv", "*.json")
    )
    config = surveys / "project.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("\n[[event]]", TWELVE + "\n[[event]]", 1), "utf-8")
    for event in EVENTS:
        for path in (surveys / event).glob("*.csv"):
            if path.stem in ("pre", "post", "followup"):
                plant(path, keep=12 if event == "2022-twelve" else None)
        (surveys / event / "participants.csv").write_text(LIST, "utf-8")


@pytest.fixture(scope="module")
def run(shipped_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    base = tmp_path_factory.mktemp("canary")
    root, elsewhere, package = base / PATH / "project", base / "elsewhere", base / "package"
    planted(shipped_project, root)
    homes = {name: elsewhere / name for name in ("home", "tmp", "data", "cache", "config", "state", "runtime", "keys")}
    for folder in homes.values():
        folder.mkdir(parents=True, mode=0o700)
    environment = {
        **os.environ, "HOME": str(homes["home"]), "TMPDIR": str(homes["tmp"]), "XDG_DATA_HOME": str(homes["data"]),
        "XDG_CACHE_HOME": str(homes["cache"]), "XDG_CONFIG_HOME": str(homes["config"]),
        "XDG_STATE_HOME": str(homes["state"]), "XDG_RUNTIME_DIR": str(homes["runtime"]),
        "VUNKI_KEY_DIR": str(homes["keys"]), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    streams = {}
    for words, codes in (
        (["check"], (0, 1)),
        (["decide"], (0, 1)),
        (["code"], (0, 1)),
        (["report", "-l", LANGUAGE, *FORMATS], (0, 1)),
        (["final", "-l", LANGUAGE, *FORMATS], (0, 1)),
        (["claim", "-l", LANGUAGE], (0, 1)),
        (["papers", "-l", LANGUAGE], (0,)),
        (["export", str(package), "-l", LANGUAGE], (0, 1)),
        (["verify", "reports"], (0,)),
        (["questionnaire", "--to", "docx", "--output", "questionnaires"], (0,)),
    ):
        command = [sys.executable, "-m", "vunki_eval", *words]
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=900)
        assert done.returncode in codes, done.stdout + done.stderr
        streams[words[0]] = done.stdout + done.stderr
    return Run(root, package, elsewhere, streams)


def test_the_person_was_read(run: Run) -> None:
    """Positive control: the raw files hold every secret, and the searcher finds them there."""
    found = {word for _, word, _ in search_folder(run.root / "surveys", SECRETS)}
    assert found >= {NAME, EMAIL, PERSONAL, PHONE, TEXT, TEAM, LISTED, LISTED_EMAIL, AGREED}
    results = json.loads((run.root / "reports" / "2022-twelve" / "results.json").read_text("utf-8"))
    assert {r["n"] for r in results["flow"] if r["step"] == "usable_pre"} == {12}


@pytest.mark.parametrize("folder", ["reports", "checks", "claims", "papers", "questionnaires", "notebooks"])
def test_nothing_of_the_person_is_in_the_project(run: Run, folder: str) -> None:
    files = [p for p in (run.root / folder).rglob("*") if p.is_file()]
    assert files
    found = search_folder(run.root / folder, SECRETS)
    assert [f for f in found if not (folder == "checks" and SHEETS.fullmatch(f[0]))] == []


def test_the_coders_sheets_hold_the_text_and_are_private(run: Run) -> None:
    """Why they are left out: they are what the coder reads; and they flag what tells who wrote it."""
    sheets = [
        p for p in (run.root / "checks").rglob("*") if SHEETS.fullmatch(p.relative_to(run.root / "checks").as_posix())
    ]
    assert {p.parent.name for p in sheets} == set(EVENTS)
    assert all(has_mode(p, 0o600) for p in sheets)
    assert any(TEXT in p.read_text("utf-8-sig") for p in sheets if p.suffix == ".csv")


def test_every_kind_of_file_was_searched(run: Run) -> None:
    reports = {p.relative_to(run.root / "reports").as_posix() for p in (run.root / "reports").rglob("*")}
    assert "index.html" in reports
    for event in (*EVENTS, "project"):
        own = {"report.pdf", "report.html", "report.docx", "report.ipynb"} | (
            {"feedback.pdf"} if event != "project" else set()
        )
        assert {f"{event}/{LANGUAGE}/{name}" for name in own} <= reports
        assert {f"{event}/results.json", f"{event}/manifest.json", f"{event}/results.xlsx"} <= reports
    assert {p.suffix for p in (run.root / "papers").iterdir()} >= {".pdf", ".md"}
    assert {p.name for p in (run.root / "claims").iterdir()} == set(EVENTS)


def test_nothing_is_in_the_package(run: Run) -> None:
    assert {p.suffix for p in run.package.iterdir()} >= {".csv", ".sav", ".html", ".json"}
    assert search_folder(run.package, SECRETS) == []


def test_nothing_is_left_elsewhere(run: Run) -> None:
    """Home, caches, temporary folder; the key's name holds a hash of the project's path and nothing else."""
    assert [f for f in search_folder(run.elsewhere, SECRETS) if not f[0].startswith("keys")] == []
    assert [p for p in (run.elsewhere / "tmp").rglob("*") if p.is_file()] == []


def test_streams_say_nothing(run: Run) -> None:
    for verb, said in run.streams.items():
        assert search(said.encode(), SECRETS) == [], verb


def test_nothing_new_lies_beside_the_answers(run: Run, shipped_project: Path) -> None:
    shipped = {p.relative_to(shipped_project) for p in (shipped_project / "surveys").rglob("*")}
    there = {p.relative_to(run.root) for p in (run.root / "surveys").rglob("*")}
    new = {p for p in there - shipped if "2022-twelve" not in p.parts}
    assert {p.name for p in new} <= {"participants.csv"}
    assert {p.name for p in run.root.iterdir()} == FOLDERS


@pytest.mark.parametrize("event", [*EVENTS, "project"])
def test_the_only_one_of_a_sector_or_municipality_is_no_cell(run: Run, event: str) -> None:
    results = json.loads((run.root / "reports" / event / "results.json").read_text("utf-8"))
    for item, value in (("PR1", "education"), ("PR3", "setomaa")):
        rows = [r for r in results["distributions"] if r["item"] == item and value in re.split(r"[+]", r["answer"])]
        assert [r for r in rows if r["status"] == "ok" and r["answer"] == value and r["n"]] == []
        assert [r for r in results["estimates"] if r["group"] == f"{item}={value}"] == []
    assert not [r for r in results["ties"] if r["from_sector"] == "education"]


@modes
def test_private_folders_are_private(run: Run) -> None:
    for folder in (run.root / "checks", *(p for p in (run.root / "checks").iterdir() if p.is_dir())):
        assert folder.stat().st_mode & 0o077 == 0
    assert all(p.stat().st_mode & 0o077 == 0 for p in (run.elsewhere / "keys").rglob("*") if p.is_file())


def test_notebooks_show_sections_and_nothing_else(run: Run) -> None:
    """No frame of answers is displayed; parameters are event and language; nothing tells when or where it ran."""
    notebooks = sorted((run.root / "reports").glob("*/*/report.ipynb"))
    assert len(notebooks) == len(EVENTS) + 1
    for path in notebooks:
        notebook = json.loads(path.read_text("utf-8"))
        assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}
        for cell in notebook["cells"]:
            assert set(cell["metadata"]) <= {"tags"}, path
            if "injected-parameters" in cell["metadata"].get("tags", []):
                names = {line.split("=")[0].strip() for line in "".join(cell["source"]).splitlines() if "=" in line}
                assert names <= {"event", "language"}
            for output in cell.get("outputs", []):
                html = "".join(output.get("data", {}).get("text/html", ""))
                assert 'class="dataframe"' not in html
                assert output["output_type"] != "error"
