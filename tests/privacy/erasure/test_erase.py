"""The verbs `erase` and `purge` on a project with a planted person, who is nowhere afterwards."""

import csv
import io
import json
import re
import shutil
from contextlib import nullcontext
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.canary.search import search_folder
from tests.held import Hold
from tests.marks import has_mode
from tests.privacy.erasure.sheets import ods, xls
from vunki_eval.cli.app import app
from vunki_eval.errors import UsageError
from vunki_eval.language import localizer
from vunki_eval.privacy.erasure import erase, plan_erasure
from vunki_eval.project.project import load_project
from vunki_eval.project.pseudonyms import key_path, load_key
from vunki_eval.project.unfinished import UNDER_WAY
from vunki_eval.publish.verify import verify
from vunki_eval.questionnaire.invitations import read_invitations
from vunki_eval.survey.participants import read_participant_list
from vunki_eval.survey.study import load_study

EVENT = "2020-antsla"
TEXT = "Õnnekanaari laulis ainult minule ja see meeldis"
CODE = ("Qxz", "31", "Wqx", "4", "Yqx", "Xqw")
QUESTIONS = ("Mis oli kõige väärtuslikum", "Mis takistas", "järgmine samm")
LINKS = ("ema eesnime", "kuupäeval olete", "kooli asukoha", "õde ja venda", "isa eesnime", "Perekonnanimi")


def vunki(*words: str, project: Path) -> Result:
    return CliRunner().invoke(app, [*words, "--project", str(project)])


def cells(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def plant(path: Path, code: tuple[str, ...] = CODE) -> int:
    """Copy a response to the end of an export, with a code and a text of its own; give its line."""
    raw = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw, newline="")))
    person = list(rows[-1])
    for start, element in zip(LINKS, code, strict=True):
        (place,) = [i for i, head in enumerate(rows[0]) if start in head]
        person[place] = element
    for place in (i for i, head in enumerate(rows[0]) if any(q in head for q in QUESTIONS)):
        person[place] = TEXT
    line = raw.count("\n") + (not raw.endswith("\n")) + 1
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n" if "\r\n" in raw else "\n").writerow(person)
    with path.open("ab") as file:
        file.write((b"" if raw.endswith("\n") else b"\n") + out.getvalue().encode())
    return line


@pytest.fixture
def planted(own_project: Path) -> tuple[Path, dict[str, int]]:
    folder = own_project / "surveys" / EVENT
    return own_project, {wave: plant(folder / f"{wave}.csv") for wave in ("pre", "post", "followup")}


def test_a_person_goes_and_everything_else_stays(
    shipped_project: Path, planted: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    root, _ = planted
    assert vunki("check", project=root).exit_code in (0, 1)
    assert (root / "checks" / EVENT).is_dir()
    done = vunki("erase", "qxz 31 WQX 4 yqx xqw", "--yes", project=root)
    assert done.exit_code == 0, done.output
    assert "rewritten: surveys/2020-antsla/post.csv" in done.output
    assert f"removed: checks/{EVENT}" in done.output
    folder = root / "surveys" / EVENT
    for wave in ("pre", "post", "followup"):
        before = (shipped_project / "surveys" / EVENT / f"{wave}.csv").read_bytes()
        assert (folder / f"{wave}.csv").read_bytes() in (before, before + b"\n")
    assert search_folder(root, [TEXT, "".join(CODE), " ".join(CODE), "Qxz", "Wqx", "Yqx"]) == []
    journal = (root / "surveys" / "erasures.csv").read_text()
    assert re.search(r"\d{4}-\d\d-\d\d,2020-antsla,post.csv,1,rows removed", journal)
    assert vunki("erase", "QXZ 31 WQX 4 YQX XQW", "--yes", project=root).exit_code == 1


def test_decisions_name_the_same_people_after_rows_have_moved(own_project: Path) -> None:
    """The person stands first in the file, so that the rows of all decisions move."""
    folder = own_project / "surveys" / EVENT
    path = folder / "post.csv"
    before = load_study(load_project(own_project), EVENT)
    lines = path.read_bytes().splitlines(keepends=True)
    plant(path)
    person = path.read_bytes().splitlines(keepends=True)[-1]
    path.write_bytes(b"".join([lines[0], person, *lines[1:]]))
    decisions = (folder / "decisions.csv").read_text()
    moved = re.sub(r"post\.csv,(\d+)", lambda m: f"post.csv,{int(m[1]) + 1}", decisions)
    (folder / "decisions.csv").write_text(moved)
    assert vunki("erase", " ".join(CODE), "--yes", project=own_project).exit_code == 0
    assert (folder / "decisions.csv").read_text() == decisions
    assert path.read_bytes() == b"".join(lines)
    after = load_study(load_project(own_project), EVENT)
    assert after.responses.equals(before.responses)


def test_linked_responses_with_a_slip_go_too_and_similar_ones_are_named(own_project: Path) -> None:
    folder = own_project / "surveys" / EVENT
    plant(folder / "pre.csv")
    slip = plant(folder / "post.csv", (*CODE[:4], "Ztt", CODE[5]))
    plan = plan_erasure(load_project(own_project), " ".join(CODE))
    assert [(p.file, p.how) for p in plan.places] == [("post.csv", "link"), ("pre.csv", "code")]
    other = plant(folder / "post.csv", (*CODE[:4], "Ztu", CODE[5]))
    plan = plan_erasure(load_project(own_project), " ".join(CODE))
    assert [(p.file, p.how) for p in plan.places] == [("pre.csv", "code")]
    assert [p.row for p in plan.similar] == [slip, other]


def test_two_people_with_one_code_are_not_guessed_at(planted: tuple[Path, dict[str, int]]) -> None:
    root, lines = planted
    again = plant(root / "surveys" / EVENT / "post.csv")
    done = vunki("erase", " ".join(CODE), "--yes", project=root)
    assert done.exit_code == 2
    assert f"post.csv:{lines['post']}, surveys/{EVENT}/post.csv:{again}" in done.output
    assert "VE-723" in done.output
    done = vunki("erase", "--row", f"surveys/{EVENT}/post.csv:{again}", "--yes", project=root)
    assert done.exit_code == 0
    assert plan_erasure(load_project(root), " ".join(CODE)).rows
    assert vunki("erase", "--row", "post.csv:999", "--yes", project=root).exit_code == 2


def test_responses_ruled_to_be_one_persons_go_together(own_project: Path) -> None:
    study = load_study(load_project(own_project), EVENT)
    plan = plan_erasure(load_project(own_project), rows=[f"surveys/{EVENT}/post.csv:18"])
    raw = cells(own_project / "surveys" / EVENT / "post.csv")
    code = [raw[17][i] for start in LINKS for i, head in enumerate(raw[0]) if start in head]
    by_code = plan_erasure(load_project(own_project), " ".join(c or "X" for c in code))
    assert {18, 21} <= {p.row for p in by_code.places if p.file == "post.csv"}
    assert plan.places[0].row == 18
    assert len(study.responses)
    assert vunki("erase", " ".join(c or "X" for c in code), "--yes", project=own_project).exit_code in (0, 1)
    assert "duplicate" not in (own_project / "surveys" / EVENT / "decisions.csv").read_text()
    load_study(load_project(own_project), EVENT)


@pytest.mark.parametrize("typed", ["QXZ 31 WQX", "", "X X X X X X", "Q 31 W X X X"])
def test_what_is_no_code(typed: str, own_project: Path) -> None:
    done = vunki("erase", typed, "--yes", project=own_project)
    assert done.exit_code == 2
    assert "VE-721" in done.output
    assert "SG1" in done.output


@pytest.mark.parametrize("typed", ["M08V2JE", "M 8 V 2 J E", "m,08,v,2,j,e", " M/08/V/2/J/E "])
def test_how_a_code_is_typed(typed: str, own_project: Path) -> None:
    path = own_project / "surveys" / EVENT / "pre.csv"
    line = plant(path, ("m", "8", "V", "2", "J", "e"))
    assert line in {p.row for p in plan_erasure(load_project(own_project), typed).places if p.file == "pre.csv"}


def test_without_a_terminal_it_must_be_meant(planted: tuple[Path, dict[str, int]]) -> None:
    root, _ = planted
    before = {p: p.read_bytes() for p in (root / "surveys").rglob("*") if p.is_file()}
    for words in (("erase", " ".join(CODE)), ("purge", "--early")):
        done = vunki(*words, project=root)
        assert done.exit_code == 2
        assert "VE-729" in done.output
    assert {p: p.read_bytes() for p in (root / "surveys").rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("language", "answer", "agreed"), [("en", "y", True), ("en", "", False), ("et", "j", True), ("et", "e", False)]
)
def test_asked_on_a_terminal(
    planted: tuple[Path, dict[str, int]], monkeypatch: pytest.MonkeyPatch, language: str, answer: str, agreed: bool
) -> None:
    assert planted
    from vunki_eval.cli import rights

    class Terminal(io.StringIO):
        @staticmethod
        def isatty() -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    with nullcontext() if agreed else pytest.raises(rights.typer.Exit):
        rights._confirm("Erase?", False, localizer(language))


@pytest.mark.slow
def test_workbooks_are_rewritten(own_project: Path) -> None:
    folder = own_project / "surveys" / EVENT
    plant(folder / "post.csv")
    rows = cells(folder / "post.csv")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(folder / "post.xlsx")
    (folder / "post.csv").unlink()
    config = own_project / "surveys" / "project.toml"
    config.write_text(config.read_text("utf-8").replace('post = "post.csv"', 'post = "post.xlsx"', 1), "utf-8")
    decisions = folder / "decisions.csv"
    decisions.write_text(decisions.read_text("utf-8").replace("post.csv", "post.xlsx"), "utf-8")
    kept = decisions.read_text("utf-8")
    done = vunki("erase", " ".join(CODE), "--yes", project=own_project)
    assert done.exit_code == 0, done.output
    assert decisions.read_text("utf-8") == kept
    assert search_folder(folder, [TEXT, "Qxz"]) == []
    left = [row for row in openpyxl.load_workbook(folder / "post.xlsx").active.values if any(row)]  # type: ignore[union-attr]
    assert [[c or "" for c in row] for row in left] == rows[:-1]
    load_study(load_project(own_project), EVENT)


def test_rows_of_other_formats_are_named(own_project: Path) -> None:
    folder = own_project / "surveys" / EVENT
    line = plant(folder / "pre.csv")
    head, *rows = cells(folder / "pre.csv")
    frame = pd.DataFrame(rows, columns=[f"q{i}" for i in range(len(head))])
    pyreadstat.write_sav(frame, folder / "pre.sav", column_labels=head)
    (folder / "pre.csv").unlink()
    config = own_project / "surveys" / "project.toml"
    config.write_text(config.read_text("utf-8").replace('pre = "pre.csv"', 'pre = "pre.sav"', 1), "utf-8")
    before = (folder / "pre.sav").read_bytes()
    done = vunki("erase", " ".join(CODE), "--yes", project=own_project)
    assert done.exit_code == 1
    assert f"pre.sav:{len(rows)}: Rows of this file must be deleted by hand: {len(rows)}." in done.output
    assert line > len(rows)
    assert (folder / "pre.sav").read_bytes() == before
    assert "pre.sav,1,to be removed by hand" in (own_project / "surveys" / "erasures.csv").read_text()


def test_a_line_of_a_list_of_participants_is_named_by_hand(planted: tuple[Path, dict[str, int]]) -> None:
    """A list holds names, not codes: erase says where to look, and removes a line so that the counts follow."""
    root, _ = planted
    listed = root / "surveys" / EVENT / "participants.csv"
    before = listed.read_bytes()
    listed.write_bytes(
        b"Antsla 2020,,,,,,\n" + before + "99,Õnne Xqkanaar,onne@xqnaide.ee,Antsla vald,,jah,jah\n".encode()
    )
    line = len(listed.read_bytes().splitlines())
    came = attended(root)
    done = vunki("erase", " ".join(CODE), "--yes", project=root)
    assert done.exit_code == 0, done.output
    assert f"surveys/{EVENT}/participants.csv holds names, not codes" in done.output
    assert listed.read_bytes().endswith(b"jah,jah\n")
    assert vunki("erase", "--row", f"surveys/{EVENT}/participants.csv:2", "--yes", project=root).exit_code == 2
    done = vunki("erase", "--row", f"participants.csv:{line}", "-e", EVENT, "--yes", project=root)
    assert done.exit_code == 0, done.output
    assert f"rewritten: surveys/{EVENT}/participants.csv" in done.output
    assert listed.read_bytes() == b"Antsla 2020,,,,,,\n" + before
    assert search_folder(root, ["Xqkanaar", "xqnaide"]) == []
    assert "participants.csv,1,rows removed" in (root / "surveys" / "erasures.csv").read_text()
    assert attended(root) == came - 1


def attended(root: Path) -> int:
    project = load_project(root)
    roll = read_participant_list(project, project.event(EVENT))
    assert roll is not None
    assert roll.attended is not None
    return roll.attended


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_rows_of_old_workbooks_are_named(own_project: Path, suffix: str) -> None:
    """The person stands on line 2 of the sheet; the file is left byte for byte."""
    folder = own_project / "surveys" / EVENT
    plant(folder / "pre.csv")
    head, *rows = cells(folder / "pre.csv")
    made = {"ods": ods, "xls": xls}[suffix]([head, rows[-1], *rows[:8]])
    path = folder / f"pre.{suffix}"
    path.write_bytes(made)
    (folder / "pre.csv").unlink()
    config = own_project / "surveys" / "project.toml"
    config.write_text(config.read_text("utf-8").replace('pre = "pre.csv"', f'pre = "{path.name}"', 1), "utf-8")
    done = vunki("erase", " ".join(CODE), "--yes", project=own_project)
    assert done.exit_code == 1, done.output
    assert f"{path.name}:2: Rows of this file must be deleted by hand: 2." in done.output
    assert path.read_bytes() == made
    assert f"{path.name},1,to be removed by hand" in (own_project / "surveys" / "erasures.csv").read_text()
    assert TEXT not in done.output


def test_other_files_with_the_persons_words_are_named(planted: tuple[Path, dict[str, int]]) -> None:
    root, _ = planted
    quotes = root / "surveys" / EVENT / "quotes.csv"
    quotes.write_text(f"text,consent,approved_by\nother,yes,M\n{TEXT},yes,M\n", "utf-8")
    done = vunki("erase", " ".join(CODE), "--yes", project=root)
    assert done.exit_code == 1
    assert f"surveys/{EVENT}/quotes.csv:3: The line seems to quote this person." in done.output
    assert TEXT not in done.output


def test_an_interrupted_erasure_is_noticed_and_finished(planted: tuple[Path, dict[str, int]]) -> None:
    root, _ = planted
    project = load_project(root)
    plan = plan_erasure(project, " ".join(CODE))
    with pytest.MonkeyPatch.context() as stopped:
        stopped.setattr("vunki_eval.privacy.erasure.journal.finish", lambda surveys: False)
        erase(project, plan)
    assert (root / "surveys" / UNDER_WAY).is_file()
    with pytest.raises(UsageError, match="interrupted"):
        load_study(project, EVENT)
    assert vunki("erase", " ".join(CODE), "--yes", project=root).exit_code == 0
    assert search_folder(root, [TEXT]) == []
    load_study(project, EVENT)


@pytest.mark.slow
def test_an_erasure_with_files_open_changes_nothing(planted: tuple[Path, dict[str, int]], hold: Hold) -> None:
    root, _ = planted
    vunki("check", project=root)
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    hold("post.csv", "decisions.csv", "changes.csv")
    done = vunki("erase", " ".join(CODE), "--yes", project=root)
    assert done.exit_code == 2, done.output
    for name in (f"surveys/{EVENT}/post.csv", f"checks/{EVENT}/changes.csv"):
        assert f"{name}: The file is open in another program. Close it and run again. [VE-128]" in done.output
    assert "VE-730" not in done.output
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file() and p.name != ".lock"} == before
    hold.free()
    assert vunki("erase", " ".join(CODE), "--yes", project=root).exit_code == 0
    assert search_folder(root, [TEXT, "Qxz"]) == []


def retained(root: Path, until: str) -> None:
    config = root / "surveys" / "project.toml"
    text = re.sub(r"(?m)^retain_until = .*\n", "", config.read_text("utf-8"))
    text = text if "[retention]" in text else text + "\n[retention]\n"
    config.write_text(text.replace("[retention]", f"[retention]\n{until}"), "utf-8")


NAMES = ("Mari Xqlind", "Jaan Xqmets", "Õie Xqjõgi", "Ants Xqsoo")


@pytest.fixture
def invited(own_project: Path) -> tuple[Path, list[str]]:
    """Give a project whose last four responses of two waves were linked by the codes of invitations."""
    listed = own_project / "list.csv"
    listed.write_text("name,email\n" + "".join(f"{n},{n.split()[1].casefold()}@xq.ee\n" for n in NAMES), "utf-8")
    words = ("questionnaire", "--to", "toml", "--participants", str(listed))
    assert vunki(*words, project=own_project).exit_code == 0
    listed.unlink()
    shutil.copyfile(next((own_project / "questionnaires").glob("*.toml")), own_project / "surveys" / "instrument.toml")
    codes = read_invitations(own_project / "invitations" / "invitations.csv").codes
    (own_project / "surveys" / EVENT / "decisions.csv").unlink()
    for wave in ("pre", "post", "followup"):
        path = own_project / "surveys" / EVENT / f"{wave}.csv"
        head, *rows = cells(path)
        kept = [n for n, name in enumerate(head) if not any(link in name for link in LINKS)]
        given = [""] * (len(rows) - 4) + (["", "", "", ""] if wave == "followup" else list(codes))
        out = io.StringIO(newline="")
        csv.writer(out).writerows([["TK", *(head[n] for n in kept)]])
        csv.writer(out).writerows([[code, *(row[n] for n in kept)] for code, row in zip(given, rows, strict=True)])
        path.write_bytes(out.getvalue().encode())
    return own_project, list(codes)


def test_the_code_of_an_invitation_is_a_code(invited: tuple[Path, list[str]]) -> None:
    """Typed without hyphens and in small letters; the person's line in the table of invitations goes as well."""
    root, codes = invited
    done = vunki("erase", codes[1].replace("-", " ").casefold(), "-e", EVENT, "--yes", project=root)
    assert done.exit_code == 0, done.output
    assert "invitations/invitations.csv:3 (their invitation)" in done.output
    assert re.search(r"post\.csv:\d+ \(same code\)", done.output)
    assert search_folder(root, [codes[1], NAMES[1], "xqmets"]) == []
    table = root / "invitations" / "invitations.csv"
    assert read_invitations(table).codes == (codes[0], *codes[2:])
    assert has_mode(table, 0o600)
    assert ",,invitations/invitations.csv,1,rows removed" in (root / "surveys" / "erasures.csv").read_text()
    assert [code for wave in ("pre", "post") for code, *_ in cells(root / "surveys" / EVENT / f"{wave}.csv")
            if code in codes] == [codes[0], *codes[2:]] * 2  # fmt: skip
    assert vunki("erase", codes[1], "--yes", project=root).exit_code == 1


def test_who_was_invited_and_never_answered_goes_too(invited: tuple[Path, list[str]]) -> None:
    root, codes = invited
    for wave in ("pre", "post"):
        path = root / "surveys" / EVENT / f"{wave}.csv"
        path.write_text(path.read_text("utf-8").replace(codes[3], ""), "utf-8")
    done = vunki("erase", codes[3], "-e", EVENT, "--yes", project=root)
    assert done.exit_code == 0, done.output
    assert "rewritten: invitations/invitations.csv" in done.output
    assert search_folder(root, [NAMES[3]]) == []


def test_a_named_row_takes_its_invitation_along_unless_another_has_the_code(invited: tuple[Path, list[str]]) -> None:
    root, codes = invited
    rows = [
        f"surveys/{EVENT}/{wave}.csv:{n}"
        for wave in ("pre", "post")
        for n, line in enumerate((root / "surveys" / EVENT / f"{wave}.csv").read_text("utf-8").splitlines(), 1)
        if line.startswith(codes[3])
    ]
    project = load_project(root)
    assert plan_erasure(project, rows=rows[:1]).invited == ()
    assert plan_erasure(project, rows=rows).invited == (5,)
    assert codes[3] in (root / "invitations" / "invitations.csv").read_text()


def test_purge_waits_for_its_day(own_project: Path) -> None:
    retained(own_project, "retain_until = 2999-12-31")
    done = vunki("purge", "--yes", project=own_project)
    assert (done.exit_code, "lasts until 2999-12-31" in done.output) == (2, True)
    retained(own_project, "")
    assert "has no date" in vunki("purge", "--yes", project=own_project).output
    assert (own_project / "surveys" / EVENT / "pre.csv").is_file()


def test_purge_leaves_nothing_personal(planted: tuple[Path, dict[str, int]], tmp_path: Path) -> None:
    root, _ = planted
    retained(root, "retain_until = 2020-12-31")
    vunki("check", project=root)
    load_key(load_project(root))
    key = key_path(load_project(root))
    folder = root / "surveys" / EVENT
    (folder / "participants.csv").write_text(f"Nimi\n{TEXT}\n", "utf-8")
    notebook = json.loads((root / "notebooks" / "event_report.ipynb").read_text("utf-8"))
    code = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": TEXT}]
    (root / "notebooks" / "own.ipynb").write_text(json.dumps(notebook), "utf-8")
    for name in ("invitations/invitations.csv", f"claims/{EVENT}/2-signed-list.pdf", f"claims/{EVENT}/0-checklist.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("ok" if "checklist" in name else TEXT, "utf-8")
    assert key.is_file()
    done = vunki("purge", "--yes", project=root)
    assert done.exit_code == 0, done.output
    assert not key.exists()
    assert search_folder(root, [TEXT, "Qxz", "Wqx"]) == []
    assert {p.name for p in folder.iterdir()} == {
        "commentary.et.md", "commentary.en.md", "quotes.csv", "recommendations.toml", "truth.json"
    }, "what people have approved for printing stays"  # fmt: skip
    assert "remains: surveys/project.toml" in done.output
    assert "remains: surveys/2020-antsla/quotes.csv" in done.output
    assert "delete: surveys/2020-antsla/pre.csv" in done.output
    assert "delete: invitations" in done.output
    assert not (root / "invitations").exists()
    assert f"remains: claims/{EVENT}/0-checklist.txt" in done.output
    assert "nothing personal left" in vunki("purge", "--yes", project=root).output


def test_a_report_whose_data_are_gone_is_checked_by_its_files(own_project: Path) -> None:
    """A small build made by hand: what purge leaves must still be told from what somebody has changed."""
    report = own_project / "reports" / EVENT
    (report / "et").mkdir(parents=True)
    (report / "et" / "report.ipynb").write_text("{}")
    (report / "et" / "report.html").write_text("<p>")
    manifest = {"schema": 1, "event": EVENT, "outputs": [], "inputs": [], "packages": {}, "revision": ""}
    (report / "manifest.json").write_text(json.dumps(manifest))
    retained(own_project, "retain_until = 2020-12-31")
    assert vunki("purge", "--yes", project=own_project).exit_code == 0
    assert not (report / "et" / "report.ipynb").exists()
    (report_check,) = verify(report, load_project(own_project))
    assert (report_check.follows, "data were deleted" in report_check.said) == (True, True)
    (report / "et" / "report.html").write_text("<p>changed")
    assert not verify(report, load_project(own_project))[0].follows
    shutil.rmtree(report)
