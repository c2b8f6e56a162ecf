"""What check writes and says: recognised files, proposed mappings, the quality report, one document for programs."""

import json
import re
from html.parser import HTMLParser

import pytest

from tests.marks import has_mode
from tests.publish.quality.conftest import AFTER, BASE, Desk, somebody

STRANGE = {"Kui vana Te olete": "33", "CE1 (nõusolek väitega)": "4"}


def strange(desk: Desk) -> None:
    """An export with a column that is unknown and one whose wording nearly fits."""
    desk.write(pre=[somebody(k, **{"Vanuserühmad": "alla 26", "Lemmikvärv": "roheline"}) for k in range(4)])


def test_each_file_is_said_in_one_language(desk: Desk) -> None:
    strange(desk)
    english, estonian = desk.run("check"), desk.run("check", "--language", "et")
    assert "pre.csv (before): plain table, responses: 4." in english.stdout
    assert "by code 12" in english.stdout
    assert "unknown 2" in english.stdout
    assert "pre.csv (enne): tavaline tabel, vastuseid 4." in estonian.stdout
    assert "Veerg ei vasta ühelegi küsimusele" in estonian.stderr
    assert english.exit_code == estonian.exit_code == 1
    for done in (english, estonian):
        assert "roheline" not in done.output
        assert "checks/e/pre.mapping.csv" in done.stdout
        assert "surveys/e/pre.csv:1:Lemmikvärv:" in done.stderr


def test_a_near_match_is_proposed_and_taken_only_when_a_person_moves_it(desk: Desk) -> None:
    strange(desk)
    desk.run("check")
    proposal = desk.checks / "pre.mapping.csv"
    assert proposal.read_text("utf-8") == "header,item,option\nVanuserühmad,PR4,\nLemmikvärv,,\n"
    assert has_mode(proposal, 0o600)
    data = json.loads(desk.run("check", "--json").stdout)["events"][0]
    assert [f["column"] for f in data["look"]] == ["Vanuserühmad", "Lemmikvärv"]
    (desk.folder / "pre.mapping.csv").write_text(proposal.read_text("utf-8"), "utf-8")
    done = desk.run("check", "--json")
    data = json.loads(done.stdout)["events"][0]
    assert done.exit_code == 0
    assert data["exports"][0]["columns"] == {"code": 12, "wording": 0, "mapping": 1, "own": 1, "unknown": 0}
    assert not proposal.exists()
    assert next(d for d in data["distributions"] if d["item"] == "PR4")["answers"]["1"] == 4


def test_work_on_a_proposal_is_kept(desk: Desk) -> None:
    strange(desk)
    desk.run("check")
    proposal = desk.checks / "pre.mapping.csv"
    proposal.write_text(proposal.read_text("utf-8").replace("Lemmikvärv,,", "Lemmikvärv,OQ1,"), "utf-8")
    desk.run("check")
    assert "Lemmikvärv,OQ1," in proposal.read_text("utf-8")


def test_a_file_that_cannot_be_read_is_told_with_what_was_recognised(desk: Desk) -> None:
    rows = [somebody(0), somebody(1)]
    desk.write(pre=rows, post=[{**r, **AFTER} for r in rows])
    text = (desk.folder / "post.csv").read_text("utf-8")
    (desk.folder / "post.csv").write_text(text.replace(",CE1,", ",Täiesti muu,"), "utf-8")
    done = desk.run("check", "--json")
    assert done.exit_code == 3
    data = json.loads(done.stdout)["events"][0]
    assert [(e["file"], e["rows"], e["missing"]) for e in data["exports"]] == [
        ("pre.csv", 2, []),
        ("post.csv", 2, ["CE1"]),
    ]
    assert [(p["file"], p["row"], p["column"], p["code"]) for p in data["problems"]] == [
        ("surveys/e/post.csv", 1, "CE1", "VE-331")
    ]
    assert "checks/e/post.mapping.csv" in data["problems"][0]["hint"]
    assert (desk.checks / "post.mapping.csv").is_file()
    assert "CE1" in (desk.checks / "quality.html").read_text("utf-8")


def test_one_bad_event_does_not_hide_another(desk: Desk) -> None:
    desk.write(pre=[somebody(0)])
    toml = desk.root / "surveys" / "project.toml"
    more = toml.read_text("utf-8").split("[[event]]")[1].replace('"e"', '"f"', 1)
    toml.write_text(toml.read_text("utf-8") + "[[event]]" + more, "utf-8")
    done = desk.run("check")
    assert done.exit_code == 3
    assert "surveys/f/pre.csv: The file does not exist." in done.stderr
    assert (desk.checks / "quality.json").is_file()
    assert (desk.checks.parent / "f" / "quality.html").is_file()


class Tags(HTMLParser):
    """Checks that tags are closed in order."""

    void = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["et", "en"])
def test_page(desk: Desk, language: str) -> None:
    """All parts are there, in one language, well formed, and nothing is asked of the network."""
    hostile = "<script>alert(1)</script>"
    pre = [somebody(k, OQ1=hostile, **{hostile: "1"}) for k in range(6)]
    desk.write(
        pre=[*pre, somebody(0), somebody(7, NW1="-99", CE1="")], post=[{**somebody(k), **AFTER} for k in range(3)]
    )
    desk.run("check", "--language", language)
    html = (desk.checks / "quality.html").read_text("utf-8")
    heads = {
        "et": ["Inimese lahendada", "Failid ja nende veerud", "Failist analüüsini", "Millal vastused laekusid",
               "Puuduvad vastused", "Jaotused", "Muudatused peale tavalise kodeerimise"],
        "en": ["To be settled by a person", "Files and their columns", "From file to analysis",
               "When responses came", "Missing answers", "Distributions", "Changes beyond plain coding"],
    }  # fmt: skip
    assert re.findall(r"<h2>(.*?)</h2>", html)[:7] == heads[language]
    assert hostile not in html
    assert "http:" not in html
    assert "https:" not in html
    parser = Tags()
    parser.feed(html)
    assert parser.open == []
    assert f'<html lang="{language}">' in html


def test_document_for_programs(desk: Desk) -> None:
    pre = [somebody(0), somebody(1, CE1="-99"), somebody(2, CE1="", NW1=""), somebody(3)]
    desk.write(pre=pre, post=[{**somebody(k), **AFTER} for k in (0, 1, 5)])
    done = desk.run("check", "--json")
    data = json.loads(done.stdout)["events"][0]
    assert data == json.loads((desk.checks / "quality.json").read_text("utf-8"))
    missing = {(m["item"], m["wave"]): (m["n"], m["answered"], m["dont_know"], m["blank"]) for m in data["missingness"]}
    assert missing["CE1", "pre"] == (4, 2, 1, 1)
    assert missing["NW1", "pre"] == (4, 3, 0, 1)
    spread = {(d["item"], d["wave"]): d for d in data["distributions"]}
    assert spread["CE1", "pre"]["answers"]["4"] == 2
    assert spread["NW1", "post"]["numbers"] == [12.0] * 5
    assert data["unlinked"] == [{"wave": "post", "file": "surveys/e/post.csv", "n": 1, "rows": [4]}]
    assert data["timing"][0]["days"] == {"2020-08-12": 4}
    assert data["linking"]["expected_wrong_share"] is not None
    for code in ("A", "MNO"):
        assert f'"{code}"' not in done.stdout
    assert list(BASE)[2] not in {m["item"] for m in data["missingness"]}
