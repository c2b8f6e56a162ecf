"""A roster in the forms: asked with an event's codes, read back by our own reader, no part of the instrument."""

import csv
import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from vunki_eval.cli.app import app
from vunki_eval.errors import UsageError
from vunki_eval.project.instrument import Instrument, Option, ResponseSet, RosterQuestion, load_instrument
from vunki_eval.project.project import Project, load_project
from vunki_eval.questionnaire import load_xlsform, write_questionnaires
from vunki_eval.questionnaire.instrument_toml import instrument_toml
from vunki_eval.questionnaire.print_layout import paper_form
from vunki_eval.questionnaire.xlsform import xlsform_bytes
from vunki_eval.readers.column_mapping import find_columns
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.survey.roster import with_roster

EVENT, CODES = "2020-antsla", {f"K{k:02d}": "" for k in range(1, 31)}
LABELS = {0: ("ei tunne", "don't know"), 1: ("tean, kes ta on", "know who"), 2: ("oleme rääkinud", "have talked"),
          3: ("oleme koos töötanud", "have worked together")}  # fmt: skip
NETWORK = RosterQuestion(
    text={"et": "Kui hästi Te seda inimest tunnete?", "en": "How well do you know this person?"},
    own_text={"et": "Teie osalejakood", "en": "Your participant's code"},
    response_set="acquaintance", waves=("pre", "post"), source="SNA standard",
)  # fmt: skip


@pytest.fixture(scope="session")
def asking(instrument: Instrument) -> Instrument:
    options = [Option(value=v, label=dict(zip(("et", "en"), labels, strict=True))) for v, labels in LABELS.items()]
    sets = (*instrument.response_sets, ResponseSet(key="acquaintance", options=tuple(options), ordered=True))
    return instrument.model_copy(update={"roster": NETWORK, "response_sets": sets})


@pytest.fixture
def network_project(own_project: Path, asking: Instrument) -> Project:
    (own_project / "surveys" / "instrument.toml").write_text(instrument_toml(asking), "utf-8")
    listed = "".join(f"{code},\n" for code in CODES)
    (own_project / "surveys" / EVENT / "roster.csv").write_text(f"code,sector\n{listed}", "utf-8")
    return load_project(own_project)


def test_toml_and_workbook_load_back_to_an_equal_instrument(asking: Instrument, tmp_path: Path) -> None:
    (tmp_path / "i.toml").write_text(instrument_toml(asking), "utf-8")
    assert load_instrument(tmp_path / "i.toml") == asking
    for wave in (None, "pre", "followup"):
        for codes in ({}, CODES):
            (tmp_path / "q.xlsx").write_bytes(xlsform_bytes(asking, wave=wave, roster=codes))
            assert load_xlsform(tmp_path / "q.xlsx") == asking


def test_an_odk_form_asks_everybody_on_the_list(network_project: Project, tmp_path: Path) -> None:
    from pyxform.xls2xform import convert

    write_questionnaires(network_project, "xlsform", tmp_path, waves=["pre"], event=EVENT)
    form = convert(xlsform=tmp_path / "questionnaire-pre.xlsx", validate=False, pretty_print=True)
    assert form.xform.count("<NWR_K") == len(CODES)
    survey = list(openpyxl.load_workbook(tmp_path / "questionnaire-pre.xlsx")["survey"].iter_rows(values_only=True))
    place = {h: k for k, h in enumerate(survey[0])}
    rows = {r[place["name"]]: r for r in survey if r[place["type"]] != "end_group"}
    assert rows["NWC"][place["type"]] == "select_one NWC_codes"
    assert rows["NWR_K07"][place["type"]] == "select_one acquaintance"
    assert rows["GNWR"][place["label::Eesti (et)"]] == "Kui hästi Te seda inimest tunnete?"
    assert rows["GNWR"][place["relevant"]] == rows["NWC"][place["relevant"]] == "${CO0} = 'yes'"
    write_questionnaires(network_project, "xlsform", tmp_path, waves=["followup"], event=EVENT)
    book = openpyxl.load_workbook(tmp_path / "questionnaire-followup.xlsx")
    assert "NWC" not in {r[1] for r in book["survey"].iter_rows(values_only=True)}


def matched_columns(headers: list[tuple[str, str]], asking: Instrument) -> dict[str, str]:
    """Match headers, given as question and row, as an export holds them."""
    columns = tuple(SourceColumn(f"{q} [{r}]" if r else q, q if " " not in q else "", r) for q, r in headers)
    table = RawTable("x", "x.csv", "", columns, (), (), "0" * 64)
    matches = find_columns(table, with_roster(asking, CODES), "pre").matches
    return {columns[m.column].header: m.item for m in matches}


def test_limesurvey_asks_an_array_whose_columns_are_read(network_project: Project, tmp_path: Path) -> None:
    [path] = write_questionnaires(network_project, "limesurvey", tmp_path, waves=["pre"], event=EVENT)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter="\t"))
    rows = [r for r in rows if r["language"] == "et"]
    place = next(k for k, r in enumerate(rows) if r["class"] == "Q" and r["name"] == "NWR")
    people = [r["name"] for r in rows[place + 1 : place + 1 + len(CODES)]]
    assert (rows[place]["type/scale"], people) == ("F", list(CODES))
    assert matched_columns([("NWR", "K07"), ("NWR", "K30")], network_project.instrument) == {
        "NWR [K07]": "NWR_K07", "NWR [K30]": "NWR_K30",
    }  # fmt: skip


def test_google_forms_asks_a_grid_whose_columns_are_read(network_project: Project, tmp_path: Path) -> None:
    paths = write_questionnaires(network_project, "googleforms", tmp_path, waves=["post"], event=EVENT)
    script = next(p for p in paths if p.name.endswith(".et.gs")).read_text("utf-8")
    assert '"title": "Kui hästi Te seda inimest tunnete?"' in script
    assert '"title": "Teie osalejakood"' in script
    question = "Kui hästi Te seda inimest tunnete?"
    assert matched_columns([(question, "K07")], network_project.instrument) == {f"{question} [K07]": "NWR_K07"}


def test_paper_has_a_row_for_everybody_and_room_for_ones_own_code(asking: Instrument) -> None:
    blocks = paper_form(with_roster(asking, CODES), "pre", "en", [])["blocks"]
    own, grid = blocks[-2:]
    assert (own["code"], own["kind"], own["lines"]) == ("NWC", "text", 1)
    assert [r["text"] for r in grid["rows"]] == list(CODES)
    assert grid["heads"] == [label[1] for label in LABELS.values()]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_the_printed_form_holds_the_roster(network_project: Project, tmp_path: Path) -> None:
    write_questionnaires(network_project, "pdf", tmp_path, waves=["pre"], languages=["et"], event=EVENT)
    printed = ["pdftotext", "-layout", str(tmp_path / "questionnaire-pre.et.pdf"), "-"]
    printed_text = subprocess.run(printed, capture_output=True, text=True, check=True).stdout
    assert "Teie osalejakood" in printed_text
    assert all(code in printed_text for code in CODES)
    write_questionnaires(network_project, "docx", tmp_path, waves=["pre"], languages=["en"], event=EVENT)
    assert (tmp_path / "questionnaire-pre.en.docx").stat().st_size > 10_000


def test_without_an_event_the_command_says_what_is_left_out(network_project: Project, tmp_path: Path) -> None:
    given = ["questionnaire", "--project", str(network_project.root), "--output", str(tmp_path), "--to", "limesurvey"]
    done = CliRunner().invoke(app, given)
    assert (done.exit_code, "The roster is left out" in done.output) == (0, True)
    assert "\tNWR\t" not in (tmp_path / "questionnaire-pre.txt").read_text("utf-8-sig")
    done = CliRunner().invoke(app, [*given, "--event", EVENT])
    assert (done.exit_code, "left out" in done.output) == (0, False)
    assert "\tNWR\t" in (tmp_path / "questionnaire-pre.txt").read_text("utf-8-sig")


def test_an_event_without_a_list_is_refused(network_project: Project, project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--event: The event has no list of codes\. .*VE-777"):
        write_questionnaires(network_project, "pdf", tmp_path, event="2021-online")
    plain = load_instrument(Path(__file__).resolve().parents[2] / "surveys" / "instrument.toml")
    (project.root / "surveys" / "instrument.toml").write_text(instrument_toml(plain), "utf-8")
    with pytest.raises(UsageError, match=r"The questionnaire has no roster question\. .*VE-777"):
        write_questionnaires(load_project(project.root), "pdf", tmp_path, event=EVENT)
