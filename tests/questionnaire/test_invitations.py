"""Codes of invitations: given once, kept private, asked by every form, linked by every reader."""

import csv
import io
import os
import stat
from dataclasses import replace
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.errors import UsageError, VunkiError
from vunki_eval.project.instrument import Instrument, load_instrument
from vunki_eval.project.project import Project, load_project
from vunki_eval.project.tokens import is_token, normal_token
from vunki_eval.questionnaire import load_xlsform, write_questionnaires
from vunki_eval.questionnaire.invitations import has_tokens, invite, read_invitations, table_path, with_tokens
from vunki_eval.questionnaire.printed import code_cards
from vunki_eval.questionnaire.xlsform import xlsform_bytes
from vunki_eval.simulate import simulate_event
from vunki_eval.simulate.exports import to_google_forms, to_limesurvey, to_plain
from vunki_eval.survey.study import load_study

WAVES = ("pre", "post", "followup")


@pytest.fixture
def tokens(instrument: Instrument) -> Instrument:
    return with_tokens(instrument)


def test_the_code_of_the_invitation_takes_the_place_of_the_self_made_one(
    instrument: Instrument, tokens: Instrument
) -> None:
    assert [i.code for i in tokens.items[:2]] == ["CO0", "TK"]
    assert tokens.link == ("TK",)
    assert tokens.item("TK").waves == instrument.wave_keys
    assert [i for i in tokens.items if i.code != "TK"] == [i for i in instrument.items if i.role != "link"]
    assert with_tokens(tokens) is tokens
    assert has_tokens(tokens)
    assert not has_tokens(instrument)


def test_a_table_grows_and_loses_nobody(tmp_path: Path) -> None:
    people = tmp_path / "list.csv"
    people.write_text("name,email\nMari Õun,mari@example.org\n=Jüri,+372 5\n", encoding="utf-8")
    table = tmp_path / "private" / "t.csv"
    links = {"pre": "https://example.org/f?TK={code}"}
    first = invite(table, 0, people, links, WAVES)
    assert first.columns == ("name", "email")
    assert all(r["link_pre"] == f"https://example.org/f?TK={r['code']}" for r in first.rows)
    assert "'=Jüri" in table.read_text(encoding="utf-8")
    people.write_text("name,email\nAnu,anu@example.org\n=Jüri,+372 5\nMari Õun,mari@example.org\n", encoding="utf-8")
    second = invite(table, 0, people, {}, WAVES)
    assert [r["name"] for r in second.rows] == ["Mari Õun", "=Jüri", "Anu"]
    assert second.codes[:2] == first.codes
    assert second.rows[0]["link_pre"] == first.rows[0]["link_pre"]
    assert invite(table, 10, None, {}, WAVES).codes[:3] == second.codes
    assert len(set(read_invitations(table).codes)) == 10
    assert all(map(is_token, read_invitations(table).codes))


def test_a_workbook_of_participants_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("nimi", "asutus"), ("Mari", "vald"), ("Jüri", None)):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    made = invite(tmp_path / "t.csv", 0, tmp_path / "list.xlsx", {}, WAVES)
    assert [(r["nimi"], r["asutus"]) for r in made.rows] == [("Mari", "vald"), ("Jüri", "")]


def test_the_table_is_private(tmp_path: Path) -> None:
    table = tmp_path / "invitations" / "t.csv"
    invite(table, 2, None, {}, WAVES)
    assert (table.parent / ".gitignore").read_text() == "*\n"
    if os.name != "nt":
        assert stat.S_IMODE(table.stat().st_mode) == 0o600
        assert stat.S_IMODE(table.parent.stat().st_mode) == 0o700
    assert [p.name for p in table.parent.iterdir() if p.name.endswith(".part")] == []


@pytest.mark.parametrize("place", ["reports/t.csv", "reports/a/../t.csv", "questionnaires/t.csv"])
def test_it_does_not_lie_where_files_are_given_away(project: Project, place: str) -> None:
    with pytest.raises(UsageError, match="VE-821"):
        table_path(project, project.root / place)
    assert table_path(project, None) == project.root / "invitations" / "invitations.csv"


@pytest.mark.parametrize("text", ["name,name\na,b\n", "name,code\na,b\n", "name\n", "name,\na,b\n"])
def test_a_list_without_a_good_header(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    with pytest.raises(VunkiError, match="VE-824"):
        invite(tmp_path / "t.csv", 0, tmp_path / "list.csv", {}, WAVES)
    assert not (tmp_path / "t.csv").exists()


def test_another_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name,email\na,b\n", encoding="utf-8")
    with pytest.raises(UsageError, match="VE-823"):
        invite(tmp_path / "t.csv", 3, None, {}, WAVES)
    assert (tmp_path / "t.csv").read_text() == "name,email\na,b\n"


@pytest.mark.parametrize("links", [{"before": "https://a/{code}"}, {"pre": "https://a/"}, {"pre": "a{code}"}])
def test_links_that_cannot_be_meant(tmp_path: Path, links: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="VE-825"):
        invite(tmp_path / "t.csv", 3, None, links, WAVES)


def test_too_many(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="VE-822"):
        invite(tmp_path / "t.csv", 6000, None, {}, WAVES)


@pytest.mark.parametrize("wave", [None, "pre"])
def test_the_workbook_loads_back(tokens: Instrument, tmp_path: Path, wave: str | None) -> None:
    (tmp_path / "q.xlsx").write_bytes(xlsform_bytes(tokens, wave=wave))
    assert load_xlsform(tmp_path / "q.xlsx") == tokens


def test_every_form_asks_for_it_and_says_so(project: Project, tmp_path: Path) -> None:
    asked = replace(project, instrument=with_tokens(project.instrument))
    [script] = write_questionnaires(asked, "googleforms", tmp_path, waves=["pre"], languages=["et"])
    text = script.read_text(encoding="utf-8")
    assert "Kutse kood" in text
    assert "Teie enda koostatud kood" not in text
    assert "kutse kood. Kellele" in text
    [structure] = write_questionnaires(asked, "limesurvey", tmp_path, waves=["pre"])
    rows = list(csv.DictReader(io.StringIO(structure.read_text("utf-8-sig")), delimiter="\t"))
    question = next(r for r in rows if r["name"] == "TK")
    assert question["type/scale"] == "S"
    assert "regexMatch" in question["em_validation_q"]
    [toml] = write_questionnaires(asked, "toml", tmp_path)
    assert load_instrument(toml) == asked.instrument
    [pdf] = write_questionnaires(asked, "pdf", tmp_path, waves=["post"], languages=["en"])
    [own] = write_questionnaires(project, "pdf", tmp_path / "own", waves=["post"], languages=["en"])
    with pikepdf.open(pdf) as with_code, pikepdf.open(own) as with_card:
        assert len(with_code.pages) <= len(with_card.pages)  # no card to fill in by hand


SHAPES = {
    "google": lambda s, w: to_google_forms(s, w, "et"),
    "limesurvey": lambda s, w: to_limesurvey(s, w, "et"),
    "limesurvey codes": lambda s, w: to_limesurvey(s, w, "en", codes=True),
    "limesurvey, its own column": lambda s, w: to_limesurvey(s, w, "en", codes=True).replace('"TK"', '"token"'),
    "plain": to_plain,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_reader_links_by_it(project: Project, shape: str) -> None:
    tokens = with_tokens(project.instrument)
    simulated = simulate_event(tokens, n=60, seed=4)
    event = project.events[1].id
    folder = project.surveys / event
    for wave in ("pre", "post"):
        (folder / f"{wave}.csv").write_text(SHAPES[shape](simulated, wave), encoding="utf-8", newline="")
    (folder / "decisions.csv").unlink()
    study = load_study(replace(project, instrument=tokens), event)
    both = set(simulated.answers["pre"]["person"]) & set(simulated.answers["post"]["person"])
    linked = study.responses.groupby("respondent")["wave"].nunique()
    assert 0.75 * len(both) <= int((linked == 2).sum()) <= len(both)
    assert set(study.responses["link_method"]) <= {"id", "none"}
    assert "TK" not in study.responses
    typed = {normal_token(str(v)) for w in ("pre", "post") for v in simulated.submitted[w]["TK"].dropna()}
    assert not any(v in study.responses.to_csv() + study.log.to_csv() for v in typed if len(v) == 12)


def test_a_slip_of_the_pen_is_a_finding(project: Project) -> None:
    tokens = with_tokens(project.instrument)
    simulated = simulate_event(tokens, n=40, seed=4)
    event = project.events[1].id
    folder = project.surveys / event
    for wave in ("pre", "post"):
        (folder / f"{wave}.csv").write_text(to_plain(simulated, wave), encoding="utf-8")
    (folder / "decisions.csv").unlink()
    lines = (folder / "post.csv").read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("TK")
    for row in (5, 9):
        cells = lines[row - 1].split(",")
        cells[place] = "K7TR-9XQM-4CAC"
        lines[row - 1] = ",".join(cells)
    (folder / "post.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    findings = [f for f in load_study(replace(project, instrument=tokens), event).findings if f.code == "VE-820"]
    assert len(findings) == 1
    assert "rows 5, 9" in str(findings[0])
    assert "K7TR" not in str(findings[0])


@pytest.mark.parametrize("language", ["et", "en"])
def test_cards_are_tagged_and_carry_every_code(tokens: Instrument, instrument: Instrument, language: str) -> None:
    made = code_cards(tokens, ["K7RT-9XQM-4CAC"] * 11, language)
    assert made == code_cards(tokens, ["K7RT-9XQM-4CAC"] * 11, language)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert len(pdf.pages) == 2
    with pikepdf.open(io.BytesIO(code_cards(instrument, [], language))) as pdf:
        assert len(pdf.pages) == 1


def test_the_command(own_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own_project)
    done = CliRunner().invoke(app, ["questionnaire", "--to", "toml", "--tokens", "4", "--code-card", "-l", "et"])
    assert done.exit_code == 0, done.output
    assert "surveys/instrument.toml" in done.output
    made = own_project / "questionnaires"
    assert (made / "code-cards.et.pdf").is_file()
    assert len(read_invitations(own_project / "invitations" / "invitations.csv").rows) == 4
    (made / "instrument.toml").replace(own_project / "surveys" / "instrument.toml")
    assert has_tokens(load_project(own_project).instrument)
    done = CliRunner().invoke(app, ["questionnaire", "--link", "pre=https://example.org/{code}"])
    assert done.exit_code == 0, done.output
    assert "instrument.toml" not in done.output
    assert "link_pre" in (own_project / "invitations" / "invitations.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code"),
    [([], "VE-826"), (["--link", "pre=https://a.example/{code}"], "VE-827"),
     (["--tokens", "3", "--table", "reports/t.csv"], "VE-821")],
)  # fmt: skip
def test_what_is_refused(own_project: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: str) -> None:
    monkeypatch.chdir(own_project)
    done = CliRunner().invoke(app, ["questionnaire", *words])
    assert done.exit_code == 2
    assert code in done.output
    assert not (own_project / "reports").exists()
