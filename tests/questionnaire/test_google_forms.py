"""The script is good JavaScript and, run against a stand-in for Google's service, asks what the instrument asks."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from vunki_eval.project.instrument import Instrument
from vunki_eval.questionnaire.google_forms import google_forms_script, number_pattern
from vunki_eval.readers.column_mapping import find_columns
from vunki_eval.readers.table import RawTable, SourceColumn

WAVES = ("pre", "post", "followup")
STAND_IN = """
const calls = [];
const thing = kind => new Proxy({}, { get: (_, verb) => (...given) => {
  calls.push([kind, verb, ...given.filter(g => ['string', 'object', 'boolean'].includes(typeof g))]);
  if (verb === 'createChoice') return given;
  return /^add/.test(verb) || verb === 'create' ? thing(verb) : thing(kind);
}});
const Logger = { log: () => 0 };
const FormApp = { create: t => thing('form'), createTextValidation: () => thing('rule'),
  PageNavigationType: { CONTINUE: 'go', SUBMIT: 'send' } };
"""


@pytest.fixture(scope="module")
def node() -> str:
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is not on this machine")
    return program


@pytest.mark.parametrize("wave", WAVES)
def test_it_makes_every_question(instrument: Instrument, tmp_path: Path, node: str, wave: str) -> None:
    script = google_forms_script(instrument, wave, "et", ["Miks küsitakse: „põhjus” </script>"])
    path = tmp_path / "form.js"
    path.write_text(script, encoding="utf-8")
    assert subprocess.run([node, "--check", str(path)], capture_output=True, timeout=600).returncode == 0
    path.write_text(f"{STAND_IN}\n{script}\ncreateForm();\nconsole.log(JSON.stringify(calls));", encoding="utf-8")
    done = subprocess.run([node, str(path)], capture_output=True, text=True, timeout=600, check=True)
    calls = json.loads(done.stdout)
    assert ["form", "setCollectEmail", False] in calls
    titles = [c[2] for c in calls if c[1] == "setTitle" and c[0] != "form"]
    grids = {c[2][0]: c for c in calls if c[1] == "setRows"}
    heads, columns = iter(c for c in calls if c[1] == "setRows"), []
    for kind, verb, *given in calls:
        if verb == "setTitle" and kind == "addGridItem":
            columns += [SourceColumn(f"{given[0]} [{row}]", row=row) for row in next(heads)[2]]
        elif verb == "setTitle" and kind not in ("form", "addPageBreakItem"):
            columns.append(SourceColumn(given[0]))
    assert len(titles) > 10
    assert grids
    table = RawTable("google_forms", "x.csv", "", tuple(columns), tuple([] for _ in columns), (), frozenset(), "", ())
    mapping = find_columns(table, instrument, wave)
    assert {m.item for m in mapping.matches} == {i.code for i in instrument.in_wave(wave)}
    assert mapping.unmatched == ()
    consent = next(c[2] for c in calls if c[1] == "setChoices")
    assert consent == [["jah", "go"], ["ei", "send"]]


def test_numbers_let_the_missing_codes_through(instrument: Instrument) -> None:
    pattern = number_pattern(instrument.item("NW1"))
    assert all(re.fullmatch(pattern, t) for t in ("0", "37", "500", "-99", "-77"))
    assert not any(re.fullmatch(pattern, t) for t in ("-5", "5000", "3.5", "many"))
    assert re.fullmatch(number_pattern(instrument.item("VH1")), "3,5")
