"""Write submissions as an XForms client sends them when people fill in our XLSForm, and export them as Kobo does.

This serves the round trip with simulated people. A test enters the same answers in a real client (ODK Web Forms) and
compares.
"""

import csv
import io
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.questionnaire.form import consent_item, consenting_value, grouped
from vunki_eval.simulate import Simulated

SPACE = uuid.UUID("6f2d7c9e-6c0b-5b1e-9d51-3f6a0e5d2a77")
ZONE = "Europe/Tallinn"


def submissions(simulated: Simulated, wave: str) -> list[str]:
    """Give one XML instance per row of a simulated wave, as the client sends it.

    Parameters
    ----------
    simulated : Simulated
    wave : str
    """
    frame = simulated.submitted[wave]
    instances = []
    for place, row in enumerate(frame.to_dict("records")):
        sent = pd.Timestamp(row["sent"]).tz_localize(ZONE)
        times = {"start": _time(sent - pd.Timedelta(minutes=9)), "end": _time(sent)}
        name = uuid.uuid5(SPACE, f"{simulated.seed}/{wave}/{place}")
        instances.append(submission(simulated.instrument, wave, row, times=times, name=str(name)))
    return instances


def submission(
    instrument: Instrument, wave: str, answers: Mapping[str, Any], *, times: Mapping[str, str], name: str
) -> str:
    """Give the XML instance of one person's answers.

    Parameters
    ----------
    instrument : Instrument
    wave : str
    answers : mapping
        Value per item: number, key, text, or a tuple of keys; None is blank.
    times : mapping
        ``start`` and ``end`` in ISO format with a time zone.
    name : str
        Universally unique id.
    """
    items = instrument.in_wave(wave)
    consent = consent_item(items)
    refused = consent is not None and _text(answers.get(consent.code)) != consenting_value(instrument, consent)
    parts = [f"<{key}>{escape(value)}</{key}>" for key, value in times.items()]
    for group in grouped(items):
        asked_items = [i for i in group.items if not refused or i is consent]
        inner = "".join(f"<{i.code}>{escape(_written(i, answers.get(i.code)))}</{i.code}>" for i in asked_items)
        parts.append(f"<{group.code}>{inner}</{group.code}>" if group.is_grid and asked_items else inner)
    parts.append(f"<meta><instanceID>uuid:{name}</instanceID></meta>")
    return f'<data id="{form_id(instrument, wave)}">{"".join(parts)}</data>'


def kobo_export(instances: Sequence[str], instrument: Instrument, wave: str) -> str:
    """Export the instances as Kobo does: CSV with XML values, groups in the headers.

    Parameters
    ----------
    instances : sequence of str
    instrument : Instrument
    wave : str

    Returns
    -------
    str
        CSV text beginning with a byte order mark; semicolons, every cell quoted.
    """
    items = {i.code: i for i in instrument.in_wave(wave)}
    header = ["start", "end", *_header(instrument, wave), "_id", "_uuid", "_submission_time", "_status"]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, restval="", delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    for number, instance in enumerate(instances, 1):
        row = dict(leaves(instance))
        end = pd.Timestamp(row["end"]).tz_convert("UTC")
        ticks = [t for path, answer in row.items() for t in _ticks(path, answer, items, instrument)]
        row |= {
            "_id": str(number),
            "_uuid": row.pop("meta/instanceID").removeprefix("uuid:"),
            "_submission_time": f"{end:%Y-%m-%dT%H:%M:%S}",
            "_status": "submitted_via_web",
            **dict(ticks),
        }
        writer.writerow({k: v for k, v in row.items() if k in header})
    return "\ufeff" + out.getvalue()


def form_id(instrument: Instrument, wave: str) -> str:
    """Give the id of a wave's form, as in the XLSForm workbook."""
    return f"{instrument.id.replace('-', '_')}_{wave}"


def _header(instrument: Instrument, wave: str) -> Iterator[str]:
    for group in grouped(instrument.in_wave(wave)):
        for item in group.items:
            path = f"{group.code}/{item.code}" if group.is_grid else item.code
            yield path
            yield from (f"{path}/{option}" for option in _options(item, instrument))


def _options(item: Item, instrument: Instrument) -> list[str]:
    response_set = instrument.response_set(item)
    if item.kind != "multiple" or response_set is None:
        return []
    return [*map(str, response_set.values), *(str(m.value) for m in instrument.missing(item))]


def _ticks(path: str, answer: str, items: Mapping[str, Item], instrument: Instrument) -> Iterator[tuple[str, str]]:
    """Give a column per option of a question with several answers; blank when nothing was chosen."""
    item = items.get(path.rpartition("/")[2])
    for option in _options(item, instrument) if item and answer else ():
        yield f"{path}/{option}", str(int(option in answer.split()))


def leaves(instance: str) -> Iterator[tuple[str, str]]:
    """Give path and text of every element without children; names without their namespace."""
    from defusedxml.ElementTree import fromstring

    def walk(element: Any, path: str) -> Iterator[tuple[str, str]]:
        for child in element:
            name = child.tag.rpartition("}")[2]
            here = f"{path}/{name}" if path else name
            yield from walk(child, here) if len(child) else [(here, child.text or "")]

    yield from walk(fromstring(instance), "")


def _written(item: Item, value: Any) -> str:
    """Write an answer as the client does: numbers that need not be whole always have a decimal."""
    text = _text(value)
    return str(float(text)) if text and item.kind == "number" and not item.integer else text


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _time(moment: pd.Timestamp) -> str:
    return str(moment.isoformat(timespec="milliseconds"))
