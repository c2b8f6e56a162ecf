"""What evaluators do to exports: each ends in the right frame, or in one located message in the project's language."""

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.publish.quality.conftest import PROJECT, Desk
from vunki_eval.project.instrument import load_instrument
from vunki_eval.simulate import Simulated, simulate_event, to_google_forms, to_limesurvey
from vunki_eval.survey.study import Study, load_study


@pytest.fixture(autouse=True)
def _language_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VUNKI_LANGUAGE")


SHIPPED = Path(__file__).parents[3] / "surveys" / "instrument.toml"
Rows = list[list[str]]
Exports = dict[str, Rows]
PLACES = ["file", "sheet", "row", "submitted", "respondent"]


@pytest.fixture(scope="module")
def event() -> Simulated:
    return simulate_event(load_instrument(SHIPPED), n=16, seed=5)


@pytest.fixture(scope="module")
def exports(event: Simulated) -> Exports:
    """Give both waves as Google Forms gives them in Estonian: grids, several answers in a cell, American times."""
    return {w: list(csv.reader(io.StringIO(to_google_forms(event, w, "et")))) for w in ("pre", "post")}


def text(rows: Rows, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def resaved(rows: Rows) -> str:
    """Give what a spreadsheet in Estonia makes of it: semicolons, times written its own way."""
    local = [[re.sub(r"^(\d+)/(\d+)/(\d+) (\d+:\d+):\d+$", r"\2.\1.\3 \4", row[0]), *row[1:]] for row in rows]
    return text(local, ";")


def put(desk: Desk, waves: str = 'pre = "pre.csv", post = "post.csv"', **files: bytes | str) -> Desk:
    shutil.rmtree(desk.root, ignore_errors=True)
    desk.folder.mkdir(parents=True)
    shutil.copy(SHIPPED, desk.root / "surveys" / "instrument.toml")
    toml = PROJECT.replace("WAVES", waves).replace('["en", "et"]', '["et", "en"]')
    (desk.root / "surveys" / "project.toml").write_text(toml, "utf-8")
    for name, content in files.items():
        (desk.folder / f"{name}.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return desk


def study(desk: Desk) -> Study:
    return load_study(desk.project(), "e")


def assert_same(study: Study, truth: Study) -> None:
    frames = [s.responses.drop(columns=PLACES).reset_index(drop=True) for s in (study, truth)]
    pd.testing.assert_frame_equal(*frames)


def messages_of(desk: Desk, code: int) -> list[str]:
    done = desk.run("check")
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.stderr.splitlines()


@pytest.fixture
def truth(desk: Desk, exports: Exports) -> Study:
    return study(put(desk, **{w: text(rows) for w, rows in exports.items()}))


AS_DECLARED = ", ".join(f'{w} = {{ file = "{w}.csv", encoding = "cp1257" }}' for w in ("pre", "post"))
SPELLINGS: dict[str, tuple[str, Callable[[Rows], str | bytes]]] = {
    "spreadsheet, UTF-8": ("", lambda rows: "\ufeff" + resaved(rows)),
    "spreadsheet, Windows": (AS_DECLARED, lambda rows: resaved(rows).encode("cp1257")),
    "spreadsheet, Unicode text": ("", lambda rows: text(rows, "\t").encode("utf-16")),
    "blank columns behind": ("", lambda rows: text([[*row, "", ""] for row in rows])),
    "columns in another order": ("", lambda rows: text([[row[0], *row[:0:-1]] for row in rows])),
    "blank rows": ("", lambda rows: text([rows[0], [""] * len(rows[0]), *rows[1:], [" "] * len(rows[0])])),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_same_frame(desk: Desk, exports: Exports, truth: Study, spelling: str) -> None:
    waves, write = SPELLINGS[spelling]
    files = {w: write(rows) for w, rows in exports.items()}
    assert_same(study(put(desk, waves, **files) if waves else put(desk, **files)), truth)


def test_two_tools_for_one_wave(desk: Desk, event: Simulated, exports: Exports, truth: Study) -> None:
    """Half answered in one tool, half in another whose export is in English and in codes."""
    lime = list(csv.reader(io.StringIO(to_limesurvey(event, "pre", "en", codes=True).lstrip("\ufeff"))))
    half = len(lime) // 2
    waves = 'pre = ["google.csv", "lime.csv"], post = "post.csv"'
    files = {"google": text(exports["pre"][:half]), "lime": text([lime[0], *lime[half:]])}
    assert_same(study(put(desk, waves, **files, post=text(exports["post"]))), truth)


def test_an_added_column_is_pointed_out(desk: Desk, exports: Exports, truth: Study) -> None:
    more = [[*row, "Märkus" if k == 0 else "ok"] for k, row in enumerate(exports["post"])]
    put(desk, pre=text(exports["pre"]), post=text(more))
    assert messages_of(desk, 1)[0].startswith("surveys/e/post.csv:1:Märkus: Veerg ei vasta ühelegi küsimusele.")
    assert_same(study(desk), truth)


def reworded(exports: Exports) -> str:
    head = [h.replace("Mitu endast vanemat", "Mitu endast palju vanemat") for h in exports["post"][0]]
    return text([head, *exports["post"][1:]])


def doubled(exports: Exports) -> str:
    return text([[*row, row[8]] for row in exports["post"]])


ONE_MESSAGE: dict[str, tuple[Callable[[Exports], dict[str, bytes | str]], str]] = {
    "encoding": (
        lambda e: {"pre": resaved(e["pre"]).encode("cp1257"), "post": text(e["post"])},
        "surveys/e/pre.csv:1: Fail ei ole UTF-8: bait 63 ei sobi. Tõenäoliselt on see cp1257.",
    ),
    "letters": (
        lambda e: {"pre": text(e["pre"]).encode().decode("latin-1").encode(), "post": text(e["post"])},
        "surveys/e/pre.csv: Osa tähti on vigased: kaks korda teisendatud või kadunud",
    ),
    "wording": (
        lambda e: {"pre": text(e["pre"]), "post": reworded(e)},
        "surveys/e/post.csv:1:SG4: Sellel küsimusel ei ole failis veergu.",
    ),
    "same header": (
        lambda e: {"pre": text(e["pre"]), "post": doubled(e)},
        "surveys/e/post.csv:1:veerg 59: Päis on sama mis veerul 9.",
    ),
    "wrong wave": (
        lambda e: {"pre": text(e["post"]), "post": text(e["post"]).replace("\r\n", "\n").replace("\n", "\n\n", 1)},
        "surveys/e/pre.csv:1: Veerud on küsitlusvooru 'post' omad; vooru 'pre' küsimustest puudub 7.",
    ),
    "empty": (lambda e: {"pre": b"", "post": text(e["post"])}, "surveys/e/pre.csv: Fail on tühi."),
    "header only": (
        lambda e: {"pre": text(e["pre"][:1]), "post": text(e["post"])},
        "surveys/e/pre.csv: Failis on päis, kuid vastuseid ei ole.",
    ),
    "totals": (
        lambda e: {"pre": text([*e["pre"], ["KOKKU:", *e["pre"][1][1:]]]), "post": text(e["post"])},
        "Rida on teiste ridade kokkuvõte, mitte vastus.",
    ),
}


@pytest.mark.parametrize("name", ONE_MESSAGE)
def test_one_message_in_the_project_s_language(desk: Desk, exports: Exports, name: str) -> None:
    spoil, message = ONE_MESSAGE[name]
    lines = messages_of(put(desk, **spoil(exports)), 3)
    assert message in lines[0]
    assert len(lines) == 1, lines


def test_numbers_as_people_type_them(desk: Desk, exports: Exports) -> None:
    """A decimal comma, a word, a range, a date that a spreadsheet made: each cell is named, none is guessed."""
    rows = [list(row) for row in exports["pre"]]
    place = next(k for k, h in enumerate(rows[0]) if h.startswith("Mitme Võru maakonna inimese"))
    typed = ["12,5", "umbes 10", "10-15", "1 200", "3.apr", "1.200", "10,0", "７"]
    for row, cell in zip(rows[1:], typed, strict=False):
        row[place] = cell
    lines = messages_of(put(desk, pre=text(rows, ";"), post=text(exports["post"])), 3)
    assert [line.split(": ")[0] for line in lines] == [f"surveys/e/pre.csv:{k}:NW1" for k in (2, 3, 4, 5, 6, 7)]
    codes = [re.findall(r"VE-\d+", line)[-1] for line in lines]
    assert codes == ["VE-342", "VE-340", "VE-340", "VE-341", "VE-343", "VE-346"]
    assert not any(cell in line for cell in typed[:6] for line in lines)
