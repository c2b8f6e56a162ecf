"""A real client shows our form in Estonian, is filled in and sends; what it sent is read back and linked."""

import functools
import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Project
from vunki_eval.questionnaire.invitations import with_tokens
from vunki_eval.questionnaire.xlsform import xlsform_bytes
from vunki_eval.simulate import Simulated, simulate_event
from vunki_eval.simulate.submissions import kobo_export, leaves, submission, submissions
from vunki_eval.survey.study import load_study

HERE = Path(__file__).parent
PAGE = """<!doctype html><html lang="et"><meta charset="utf-8"><title>Küsitlus</title><link rel="icon" href="data:,">
<div id="app"></div><script type="module" src="app.js"></script></html>"""
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
WAVES = ("pre", "post")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def client(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client's page, bundled once."""
    web = tmp_path_factory.mktemp("client")
    (web / "entry.js").write_bytes((HERE / "odk_client.js").read_bytes())
    (web / "node_modules").symlink_to(node_modules)
    words = [str(node_modules / ".bin" / "esbuild"), "entry.js", "--bundle", "--format=esm", "--outfile=app.js",
             '--define:process.env.NODE_ENV="production"', "--log-level=error"]  # fmt: skip
    subprocess.run(words, cwd=web, check=True, timeout=300)
    (web / "node_modules").unlink()
    (web / "index.html").write_text(PAGE, encoding="utf-8")
    return web


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not on this machine")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


Fill = Callable[[Instrument, str, Mapping[str, Any]], str]


@pytest.fixture
def fill(client: Path, browser: Any, tmp_path: Path) -> Iterator[Fill]:
    """Fill in a wave's form in the browser, and give the XML that is sent."""
    from pyxform.xls2xform import xls2xform_convert

    web = tmp_path / "web"
    shutil.copytree(client, web)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(web)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"

    def work(instrument: Instrument, wave: str, answers: Mapping[str, Any]) -> str:
        (tmp_path / "q.xlsx").write_bytes(
            xlsform_bytes(instrument, wave=wave, consent={"et": ["Enne"], "en": ["Before"]})
        )
        assert xls2xform_convert(str(tmp_path / "q.xlsx"), str(web / "form.xml"), validate=False) == []
        page = browser.new_page(viewport={"width": 1000, "height": 1400}, locale="et-EE")
        page.set_default_timeout(60_000)
        faults: list[str] = []
        outside: list[str] = []
        page.on("pageerror", lambda e: faults.append(str(e)[:300]))
        ours = (address, "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(ours) else outside.append(r.url))
        page.goto(address)
        answer_all(page, instrument, wave, answers)
        page.get_by_role("button", name=re.compile("Send|Saada")).first.click()
        page.wait_for_function("window.submission")
        sent = str(page.evaluate("window.submission"))
        assert page.locator(".validation-message:visible").count() == 0
        assert faults == []
        # The client's own fonts may be asked for; nothing else leaves the machine.
        assert [u for u in outside if "fonts." not in u] == []
        page.close()
        return sent

    yield work
    server.shutdown()
    server.server_close()


def answer_all(page: Any, instrument: Instrument, wave: str, answers: Mapping[str, Any]) -> None:
    """Answer question by question; those after the consent come once it is given."""
    items = instrument.in_wave(wave)
    asked = page.locator(".question-container:not(:has(.note-control))")
    asked.first.locator(f"input[value={answers['CO0']}]").check(force=True)
    if answers["CO0"] != "yes":
        assert asked.count() == 1
        return
    page.wait_for_function(
        f"document.querySelectorAll('.question-container:not(:has(.note-control))').length === {len(items)}"
    )
    for place, item in enumerate(items[1:], 1):
        box, value = asked.nth(place), answers.get(item.code)
        assert (item.text["et"] if item.stem else item.wording("et")) in box.inner_text().replace("\n", " ")
        if value is None or value != value:
            continue
        if item.kind in ("single", "multiple"):
            for option in value if isinstance(value, tuple) else (value,):
                box.locator(f'input[value="{option}"]').check(force=True)
        else:
            field = box.locator("input, textarea").first
            field.click()
            field.press_sequentially(str(value))
            field.blur()


def returning(simulated: Simulated) -> dict[str, dict[str, Any]]:
    """The answers of somebody who answered both times with the same code, nothing but answers to closed questions."""
    link = list(simulated.instrument.link)
    frames = {w: f[f["kind"] == "answer"].set_index("person") for w, f in simulated.submitted.items() if w in WAVES}
    for person in frames["pre"].index.intersection(frames["post"].index):
        rows = {w: dict(f.loc[person]) for w, f in frames.items()}
        codes = [[str(rows[w][c]).upper().lstrip("0") for c in link] for w in WAVES]
        if codes[0] == codes[1] and "NONE" not in codes[0]:
            return rows
    raise AssertionError("nobody came twice with the same code")


@pytest.mark.slow
@pytest.mark.parametrize("invited", [False, True], ids=["own code", "invitation"])
def test_what_a_real_client_sends_is_read_and_linked(project: Project, fill: Fill, invited: bool) -> None:
    instrument = with_tokens(project.instrument) if invited else project.instrument
    simulated = simulate_event(instrument, n=60, seed=11)
    person = returning(simulated)
    event = project.events[1].id
    folder = project.surveys / event
    (folder / "decisions.csv").unlink()
    places = {}
    for wave in WAVES:
        sent = fill(instrument, wave, person[wave])
        ours = submission(instrument, wave, person[wave], times={"start": "", "end": ""}, name="x")
        assert given(sent) == given(ours)
        rows = submissions(simulated, wave)
        place = next(n for n, r in enumerate(rows) if given(r) == given(ours))
        rows[place] = sent
        places[wave] = kobo_export(rows[:place], instrument, wave).count("\n") + 1
        (folder / f"{wave}.csv").write_text(kobo_export(rows, instrument, wave), encoding="utf-8", newline="")
    study = load_study(replace(project, instrument=instrument), event)
    assert {f.path.rpartition("/")[2] for f in study.inputs} == {"pre.csv", "post.csv"}
    responses = study.responses.set_index(["wave", "row"])
    first, second = (responses.loc[(wave, places[wave])] for wave in WAVES)
    assert first["respondent"] == second["respondent"]
    assert first["link_method"] == ("id" if invited else "exact")
    for code in ("TS1", "CE1", "NW7"):
        for wave, row in zip(WAVES, (first, second), strict=True):
            asked = person[wave][code]
            assert row[code] == asked or (row[code] != row[code] and (asked is None or asked < 0))
    both = study.responses.groupby("respondent")["wave"].nunique()
    assert int((both == 2).sum()) >= 15


def given(instance: str) -> dict[str, str]:
    """What was answered: the client leaves the note, its own times and blank questions in or out as it likes."""
    skipped = ("start", "end", "consent_text", "meta/instanceID")
    return {k: v for k, v in leaves(instance) if v and k not in skipped}


@pytest.mark.slow
def test_without_consent_nothing_else_is_asked_or_sent(instrument: Instrument, fill: Fill) -> None:
    assert given(fill(instrument, "pre", {"CO0": "no"})) == {"CO0": "no"}
    refused = submission(instrument, "pre", {"CO0": "no", "PR1": "business"}, times={}, name="x")
    assert given(refused) == {"CO0": "no"}
