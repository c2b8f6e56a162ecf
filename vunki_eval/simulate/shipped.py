"""Write the two synthetic events of the shipped project; fixed seeds give the same bytes on every machine."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

from vunki_eval.project.instrument import Instrument
from vunki_eval.simulate.coders import coders_rows
from vunki_eval.simulate.event import Simulated, simulate_event, truth
from vunki_eval.simulate.exports import google_records, limesurvey_records, lines
from vunki_eval.simulate.lists import participant_list
from vunki_eval.simulate.setting import Setting

Records = Callable[[Simulated, str], list[str]]
RULINGS = ("kind", "file", "row", "other_file", "other_row", "ruling", "who", "when", "why")
# Deliberately chosen among several hundred seeds: the true changes lie inside the intervals, the conclusions differ,
# no two people's codes are nearly the same, and nothing is left for an evaluator to settle. To study the method, use
# other seeds.
SEEDS = {"2020-antsla": 2413, "2021-online": 2140}
ANTSLA = Setting(
    start=dt.date(2020, 8, 13), response={"pre": 0.85, "post": 0.7, "followup": 0.5}, refusals={"pre": 1, "post": 1}
)
ONLINE = Setting(
    start=dt.date(2021, 3, 11),
    teams=11,
    response={"pre": 0.81, "post": 0.74},
    partials={"post": 1},
    refusals={"pre": 1},
    omitted={},
)


def shipped_files(instrument: Instrument) -> dict[str, str]:
    """Give the text of every generated file by its path below ``surveys/``."""
    antsla_came, online_came = 92, 84
    antsla = simulate_event(instrument, n=antsla_came, seed=SEEDS["2020-antsla"], setting=ANTSLA)
    online = simulate_event(instrument, n=online_came, seed=SEEDS["2021-online"], setting=ONLINE)
    files = _event_files("2020-antsla", antsla, ("pre", "post", "followup"), _google, "")
    files |= _event_files("2021-online", online, ("pre", "post"), limesurvey_records, "\ufeff")
    returning, new = list(range(70, 88)), list(range(98, 168))
    return files | {
        "2020-antsla/participants.csv": participant_list(range(1, 98), attended=antsla_came),
        "2021-online/participants.csv": participant_list([*returning, *new], attended=online_came, delimiter=";"),
    }


def _google(simulated: Simulated, wave: str) -> list[str]:
    """Use both exports of Google Forms: the sheet around the event, the form itself at follow-up."""
    return google_records(simulated, wave, style="forms" if wave == "followup" else "sheets")


def _event_files(
    event: str, simulated: Simulated, waves: tuple[str, ...], records: Records, mark: str
) -> dict[str, str]:
    files: dict[str, str] = {}
    true_values = truth(simulated, waves)
    rulings: list[tuple[str, ...]] = []
    places: dict[str, list[int]] = {}
    for wave in waves:
        record_texts = records(simulated, wave)
        files[f"{event}/{wave}.csv"] = mark + "".join(record_texts)
        rows = places[wave] = lines(record_texts)[1:]
        true_values["waves"][wave] |= _planted(simulated, wave, rows)
        rulings += _rulings(simulated, wave, rows)
    for coder, sheet in coders_rows(simulated, places, seed=SEEDS[event]).items():
        files[f"{event}/coding.{coder}.csv"] = _table(sheet)
    files[f"{event}/decisions.csv"] = _table([RULINGS, *rulings])
    files[f"{event}/truth.json"] = json.dumps(true_values, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return files


def _planted(simulated: Simulated, wave: str, rows: list[int]) -> dict[str, Any]:
    """List which rows are not plain answers, and whose answers each row holds (numbers used nowhere else)."""
    frame = simulated.submitted[wave]
    special = frame["kind"].to_numpy() != "answer"
    return {
        "planted": [{"row": r, "what": k} for r, k, s in zip(rows, frame["kind"], special, strict=True) if s],
        "persons_by_row": [[r, int(p)] for r, p in zip(rows, frame["person"], strict=True)],
    }


def _rulings(simulated: Simulated, wave: str, rows: list[int]) -> list[tuple[str, ...]]:
    """Rule on the planted rows: keep the first of two submissions, drop test rows."""
    frame, file = simulated.submitted[wave], f"{wave}.csv"
    rulings: list[tuple[str, ...]] = []
    day = frame["sent"].max().date() + dt.timedelta(days=2)
    who_and_when = ("hindaja", day.isoformat())
    for n, (person, kind) in enumerate(zip(frame["person"], frame["kind"], strict=True)):
        if kind == "test":
            why = "Korraldaja proovirida enne küsitluse avamist (sünteetiline)."
            rulings.append(("exclude", file, str(rows[n]), "", "", "drop", *who_and_when, why))
        if kind == "repeat":
            first = next(m for m, k in enumerate(frame["kind"]) if k == "answer" and frame["person"].iloc[m] == person)
            pair = (str(rows[first]), str(rows[n]))
            why = "Sama inimene vastas kaks korda; kehtib esimene vastus (sünteetiline)."
            rulings.append(("duplicate", file, pair[0], file, pair[1], "keep", *who_and_when, why))
            rulings.append(("duplicate", file, pair[1], file, pair[0], "drop", *who_and_when, why))
    return rulings


def _table(rows: list[tuple[str, ...]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
