"""Names of files: what other programs leave behind is not counted, and letters may be written in two ways."""

import unicodedata
from pathlib import Path

import pytest

from tests.marks import WINDOWS
from vunki_eval.errors import InputError
from vunki_eval.privacy.erasure import erase, plan_erasure
from vunki_eval.privacy.erasure.carry_out import possibly_referring_workbooks, referring_tables
from vunki_eval.privacy.erasure.purge import plan_purge
from vunki_eval.project.file_names import composed, data_files, files_below, files_named_after, is_leftover, on_disk
from vunki_eval.project.project import Project, load_project
from vunki_eval.publish.fingerprint import code_digest, input_files, unit_key
from vunki_eval.publish.manifest import outputs
from vunki_eval.publish.payment_claim import _copy_papers
from vunki_eval.readers.exports import forgotten_files, without_absent
from vunki_eval.readers.files.opening import read_bytes
from vunki_eval.survey.study import load_study

EVENT = "2020-antsla"
LEFTOVERS = (
    "~$post.xlsx", "~$pre.csv", ".~lock.post.csv#", "desktop.ini", "Desktop.ini", "Thumbs.db", "ehthumbs.db",
    ".DS_Store", "._post.csv", "~WRL0003.tmp", "Icon\r",
)  # fmt: skip
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'
RENAMED = {"followup.csv": "järel.csv", "participants.csv": "osavõtjad.csv", "agenda.txt": "päevakava.txt"}


def decomposed(name: str) -> str:
    """The name as a Mac writes it into an archive: every letter, then its mark."""
    apart = unicodedata.normalize("NFD", name)
    assert apart != name
    return apart


def leave(folder: Path) -> list[Path]:
    """Put there what Excel, Word, LibreOffice, Windows and macOS leave."""
    paths = [folder / name for name in LEFTOVERS if name.isprintable() or not WINDOWS]
    for path in paths:
        path.write_bytes(b"\x05user\xff")
    return paths


@pytest.mark.parametrize("name", LEFTOVERS)
def test_leftovers_are_known(name: str) -> None:
    assert is_leftover(Path("surveys", "e", name))


@pytest.mark.parametrize("name", ["post.xlsx", "decisions.csv", ".post.csv", "~post.csv", "desktop.csv", "thumbs.csv"])
def test_a_persons_own_files_are_no_leftovers(name: str) -> None:
    assert not is_leftover(Path("surveys", "e", name))


def test_leftovers_are_no_inputs_and_no_exports(own_project: Path) -> None:
    project = load_project(own_project)
    folder = project.surveys / EVENT
    before = {e: unit_key(project, e) for e in (EVENT, "project")}
    files, listed = input_files(project, EVENT), data_files(folder)
    for place in (project.surveys, folder):
        leave(place)
    project = load_project(own_project)
    assert {e: unit_key(project, e) for e in before} == before
    assert input_files(project, EVENT) == files
    assert data_files(folder) == listed
    assert forgotten_files(project, project.event(EVENT)) == ()
    assert possibly_referring_workbooks(folder, set()) == []
    assert {p.name for p in referring_tables(folder, set())} >= {"decisions.csv", "coding.A.csv"}
    assert not any(is_leftover(p) for p in referring_tables(folder, set()))


def test_a_missing_export_is_not_mistaken_for_a_leftover(tmp_path: Path) -> None:
    (tmp_path / "~$post.xlsx").touch()
    with pytest.raises(InputError, match=r"The file does not exist") as error:
        read_bytes(tmp_path / "post.xlsx", "post.xlsx")
    assert "Beside it" not in str(error.value)


def test_a_published_report_stays_whole_when_a_person_looks_at_it(tmp_path: Path) -> None:
    (tmp_path / "et").mkdir()
    (tmp_path / "et" / "report.docx").write_bytes(b"PK")
    before = outputs(tmp_path)
    for folder in (tmp_path, tmp_path / "et"):
        leave(folder)
    assert outputs(tmp_path) == before
    assert [o["path"] for o in before] == ["et/report.docx"]


def test_leftovers_beside_the_code_do_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1\n")
    monkeypatch.setattr("vunki_eval.publish.fingerprint.HERE", tmp_path)
    digests = set()
    for step in (lambda: None, lambda: leave(tmp_path), lambda: (tmp_path / "a.py").write_text("2\n")):
        step()
        code_digest.cache_clear()
        digests.add(code_digest())
    code_digest.cache_clear()
    assert len(digests) == 2  # the leftovers changed nothing, the code did


def test_a_purge_deletes_leftovers_too_since_they_name_their_user(own_project: Path) -> None:
    left = leave(own_project / "surveys" / EVENT)
    elsewhere = leave(own_project / "surveys")
    plan = plan_purge(load_project(own_project), early=True)
    assert set(left) <= set(plan.files)
    assert not set(elsewhere) & set(plan.remains)  # nothing to report


def test_names_on_the_disk_meet_names_in_texts(tmp_path: Path) -> None:
    folder = tmp_path / decomposed("küsitlus")
    folder.mkdir()
    (folder / decomposed("järel.csv")).touch()
    (folder / "pre.csv").touch()
    wanted = tmp_path / "küsitlus"
    assert on_disk(wanted / "järel.csv") == folder / decomposed("järel.csv")
    assert on_disk(wanted / "pre.csv") == folder / "pre.csv"
    assert on_disk(folder / "pre.csv") == folder / "pre.csv"
    for missing in (wanted / "eel.csv", wanted / "õ" / "ü.csv", tmp_path / "none.csv", tmp_path / ("õ" * 400)):
        assert on_disk(missing) == missing
    assert {composed(p.name) for p in files_below(folder)} == {"järel.csv", "pre.csv"}
    assert files_named_after(folder, ["pre", "järel"]) == {"pre": "pre.csv", "järel": "järel.csv"}


def test_a_similar_name_is_found_whatever_its_letters(tmp_path: Path) -> None:
    (tmp_path / decomposed("Järelküsitlus.csv")).touch()
    with pytest.raises(InputError, match=r"Beside it there is Järelküsitlus\.csv\."):
        read_bytes(tmp_path / "järelküsitluse.csv", "järelküsitluse.csv")


@pytest.fixture(params=["disk", "text", "both"])
def apart(own_project: Path, request: pytest.FixtureRequest) -> Path:
    """The shipped project with names that have letters with marks, decomposed on the disk, in the text, or in both."""
    on_the_disk = decomposed if request.param in ("disk", "both") else str
    in_the_text = decomposed if request.param in ("text", "both") else str
    surveys = own_project / "surveys"
    folder = surveys / EVENT
    config = (surveys / "project.toml").read_text("utf-8")
    start, end = config.index(f'id = "{EVENT}"'), config.index('id = "2021-online"')
    own = config[start:end]
    for old, new in RENAMED.items():
        (folder / old).rename(folder / on_the_disk(new))
        own = own.replace(f'"{old}"', f'"{in_the_text(new)}"')
    (surveys / on_the_disk("märk.svg")).write_text(LOGO, "utf-8")
    style = f'\n[[style.logo]]\nfile = "{in_the_text("märk.svg")}"\nalt = {{ et = "Märk", en = "Mark" }}\n'
    (surveys / "project.toml").write_text(config[:start] + own + config[end:] + style, "utf-8", newline="\n")
    for path in folder.glob("*.csv"):
        if path.name.startswith(("decisions", "coding")):
            text = path.read_text("utf-8")
            path.write_text(text.replace("followup.csv", in_the_text("järel.csv")), "utf-8", newline="")
    return own_project


def followup_lines(project: Project) -> list[str]:
    return on_disk(project.surveys / EVENT / "järel.csv").read_text("utf-8-sig").splitlines()


def coded_rows(project: Project) -> list[int]:
    """Rows of the follow-up in a coder's sheet."""
    lines = (project.surveys / EVENT / "coding.A.csv").read_text("utf-8").splitlines()
    return [int(line.split(",")[2]) for line in map(composed, lines) if ",järel.csv," in line]


def test_decomposed_names_are_the_same_names(apart: Path, shipped_project: Path, tmp_path: Path) -> None:
    project = load_project(apart)
    event = project.event(EVENT)
    assert [e.file for e in event.exports("followup")] == ["järel.csv"]
    assert without_absent(event, project.surveys / EVENT)[1] == ()
    assert forgotten_files(project, event) == ()
    assert len(project.theme.logos) == 1
    study = load_study(project, EVENT)
    as_shipped = load_study(load_project(shipped_project), EVENT)
    assert len(study.responses) == len(as_shipped.responses)
    assert study.participants is not None
    assert study.participants.attended == as_shipped.participants.attended
    assert {i.path for i in study.inputs} <= set(input_files(project, EVENT))
    assert f"surveys/{EVENT}/järel.csv" in input_files(project, EVENT)
    assert "surveys/märk.svg" in input_files(project, EVENT)
    assert _copy_papers(project, event, tmp_path)["agenda"] == "1-agenda.txt"


@pytest.mark.parametrize("typed", ["järel.csv", unicodedata.normalize("NFD", "järel.csv")])
def test_an_erasure_finds_decomposed_names(apart: Path, typed: str) -> None:
    project = load_project(apart)
    before, coded = followup_lines(project), coded_rows(project)
    plan = plan_erasure(project, rows=[f"surveys/{EVENT}/{typed}:3"])
    assert [p.file for p in plan.places] == ["järel.csv"]
    erase(project, plan)
    assert followup_lines(project) == [*before[:2], *before[3:]]
    assert coded_rows(project) == [row - (row > 3) for row in coded if row != 3]
    assert sorted(p.name for p in (project.surveys / EVENT).iterdir() if composed(p.name) == "järel.csv") == [
        on_disk(project.surveys / EVENT / "järel.csv").name
    ]
