"""One wave written in every shape that is read gives the same frame, cell for cell.

The shapes follow real exports where there are any; Google Forms, Typeform and ODS follow their documented structure.
"""

import csv
import datetime as dt
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import openpyxl
import pandas as pd
import pytest

from vunki_eval.clean import Cleaned, clean_table
from vunki_eval.instrument import Instrument, Item
from vunki_eval.project import Event, ReaderOptions
from vunki_eval.readers import READERS, read_export
from vunki_eval.readers.mapping import map_columns

WAVE = "post"
Rows = list[list[str]]
Answers = list[dict[str, Any]]
Shape = Callable[[Instrument, Answers, Path], Path]
SENT = dt.datetime(2020, 8, 16, 9, 30)


@pytest.fixture(scope="module")
def answers() -> Answers:
    """Answers of a dozen people: values, lists of options, None for blank, negative numbers for "don't know"."""
    rng = np.random.default_rng(4)
    people = []
    for k in range(12):
        person: dict[str, Any] = {
            "CO0": "yes",
            "E1": "MÕKA"[k % 4],
            "E2": f"{k + 3:02d}",
            "E3": "ABÜ"[k % 3],
            "E4": "J",
        }
        person |= {"PR1": ["municipality", "community", "business", None][k % 4], "PR4": int(rng.integers(1, 4))}
        person |= {"TM": ["Saun", "Buss; ja äpp"][k % 2], "OQ1": [None, 'Ütles: "hea", väga', "=1+1", "007"][k % 4]}
        person |= {f"TS{i}": int(rng.integers(0, 11)) for i in (1, 2)}
        person |= {f"CE{i}": int(rng.integers(1, 6)) for i in (1, 2, 3)}
        person |= {
            "NW1": int(rng.integers(5, 60)),
            "NW4": int(rng.integers(0, 5)),
            "HRS": 1.5 if k % 3 else 8,
            "E4": "J",
        }
        person["NW8"] = [["business"], ["municipality", "community"], ["business", "community"]][k % 3]
        people.append(person)
    people[2] |= {"CE1": -99, "TS1": None, "NW8": None}
    people[5] |= {"NW1": -99, "CE2": None}
    people[7] |= {"PR1": -77}
    return people


def asked(instrument: Instrument) -> list[Item]:
    return list(instrument.in_wave(WAVE))


def options(instrument: Instrument, item: Item) -> list[str]:
    chosen = instrument.response_set(item)
    return [str(v) for v in chosen.values] if chosen else []


def columns_of(instrument: Instrument) -> list[tuple[Item, str]]:
    """Every item, an item with several answers once for each option."""
    return [(i, o) for i in asked(instrument) for o in (options(instrument, i) if i.kind == "multiple" else [""])]


def labelled(instrument: Instrument, item: Item, value: Any, language: str = "et") -> str:
    """An answer as a person sees it."""
    if value is None:
        return ""
    chosen = instrument.response_set(item)
    missing = {m.value: m.label[language] for m in instrument.missing(item)}
    if value in missing:
        return missing[value]
    return chosen.label(value, language) if chosen else str(value)


def coded(value: Any) -> str:
    return "" if value is None else str(value)


def header(item: Item, language: str = "et") -> str:
    stem = item.stem.get(language)
    return f"{stem} [{item.text[language]}]" if stem else item.text[language]


def table(instrument: Instrument, answers: Answers, question: Callable[[Item], str], option: Callable[[Item, str], str],
          cell: Callable[[Item, Any], str], tick: Callable[[Item, str, bool | None], str]) -> Rows:  # fmt: skip
    """Header and rows with one column per item, and one per option of items with several answers."""
    columns = columns_of(instrument)
    rows = [[option(i, o) if o else question(i) for i, o in columns]]
    for person in answers:
        given = []
        for item, o in columns:
            value = person[item.code]
            given.append(tick(item, o, None if value is None else o in value) if o else cell(item, value))
        rows.append(given)
    return rows


def joined(instrument: Instrument, answers: Answers, question: Callable[[Item], str], cell: Callable[[Item, Any], str],
           join: Callable[[Item, Sequence[str]], str]) -> Rows:  # fmt: skip
    """Header and rows with one column per item; several answers in one cell."""
    rows = [[question(i) for i in asked(instrument)]]
    for person in answers:
        rows.append(
            [
                (join(i, person[i.code] or []) if i.kind == "multiple" else cell(i, person[i.code]))
                for i in asked(instrument)
            ]
        )
    return rows


def beside(left: Rows, right: Rows) -> Rows:
    return [[*a, *b] for a, b in zip(left, right, strict=True)]


def times(style: str, minutes: int = 0) -> list[str]:
    return [(SENT + dt.timedelta(minutes=minutes, days=k)).strftime(style) for k in range(12)]


def own_columns(names: Sequence[str], *columns: Sequence[str]) -> Rows:
    return [list(names), *(list(row) for row in zip(*columns, strict=True))]


def write_csv(
    path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8", end: str = "\n", quote: bool = False
) -> Path:
    quoting = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return path


def write_xlsx(path: Path, rows: Rows, numbers: bool = True) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        whole = [numbers and c.lstrip("-").isdigit() and c == str(int(c)) for c in row]
        book.active.append([int(c) if w else c or None for c, w in zip(row, whole, strict=True)])
        for cell in book.active[book.active.max_row]:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.data_type = "s"
    book.save(path)
    return path


def write_ods(path: Path, rows: Rows) -> Path:
    """As LibreOffice does: typed cells, and blank rows to the end of the sheet."""

    def cell(text: str) -> str:
        number = text.lstrip("-").replace(".", "", 1).isdigit() and not text.startswith("0")
        kind = f'"float" office:value="{text}"' if number else '"string"'
        paragraph = f"<text:p>{escape(text)}</text:p>" if text else ""
        return f"<table:table-cell office:value-type={kind}>{paragraph}</table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    body += '<table:table-row table:number-rows-repeated="1048000">'
    body += '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
    content += f'<table:table table:name="L">{body}</table:table>'
    content += "</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return path


def with_codes(instrument: Instrument, answers: Answers, yes: str = "1", no: str = "0", sign: str = ".") -> Rows:
    return table(
        instrument, answers, lambda i: i.code, lambda i, o: f"{i.code}{sign}{o}", lambda i, v: coded(v),
        lambda i, o, on: "" if on is None else yes if on else no,
    )  # fmt: skip


def with_labels(instrument: Instrument, answers: Answers, yes: str, no: str, language: str = "et") -> Rows:
    def option(item: Item, value: str) -> str:
        return f"{header(item, language)} [{labelled(instrument, item, value, language)}]"

    return table(
        instrument, answers, lambda i: header(i, language), option, lambda i, v: labelled(instrument, i, v, language),
        lambda i, o, on: "" if on is None else yes if on else no,
    )  # fmt: skip


def with_joined(instrument: Instrument, answers: Answers, sign: str) -> Rows:
    def join(item: Item, values: Sequence[str]) -> str:
        return sign.join(labelled(instrument, item, v) for v in values)

    return joined(instrument, answers, header, lambda i, v: labelled(instrument, i, v), join)


def plain_csv(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    sent = own_columns(["submitted"], times("%Y-%m-%dT%H:%M:%S"))
    return write_csv(folder / "a.csv", beside(sent, with_codes(instrument, answers)), ";", "utf-8-sig", "\r\n")


def plain_utf16(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    sent = own_columns(["submitted"], times("%d.%m.%Y %H:%M"))
    return write_csv(folder / "a.txt", beside(sent, with_codes(instrument, answers)), "\t", "utf-16", "\r")


def plain_xlsx(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    sent = own_columns(["submitted"], times("%Y-%m-%d %H:%M:%S"))
    return write_xlsx(folder / "a.xlsx", beside(sent, with_codes(instrument, answers)))


def plain_ods(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    sent = own_columns(["submitted"], times("%Y-%m-%d %H:%M:%S"))
    return write_ods(folder / "a.ods", beside(sent, with_codes(instrument, answers)))


def google_csv(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    sent = own_columns(["Timestamp"], times("%Y/%m/%d %I:%M:%S %p GMT+3"))
    return write_csv(folder / "a.csv", beside(sent, with_joined(instrument, answers, ";")))


def google_sheets_xlsx(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    sent = own_columns(["Ajatempel"], times("%m/%d/%Y %H:%M:%S"))
    return write_xlsx(folder / "a.xlsx", beside(sent, with_joined(instrument, answers, ", ")))


def microsoft_forms(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    names = ["ID", "Start time", "Completion time", "Email", "Name"]
    numbers, blank = [str(k + 1) for k in range(12)], [""] * 12
    own = own_columns(
        names, numbers, times("%Y-%m-%d %H:%M:%S", -9), times("%Y-%m-%d %H:%M:%S"), ["anonymous"] * 12, blank
    )
    rows = beside(own, with_joined(instrument, answers, ";"))
    rows[0] = [c.replace(" ", "\u00a0") if c not in names else c for c in rows[0]]
    return write_xlsx(folder / "a.xlsx", rows, numbers=False)


def limesurvey(instrument: Instrument, answers: Answers, folder: Path, shape: str) -> Path:
    names = ("id", "submitdate", "lastpage", "startlanguage", "seed")
    titles = ("Response ID", "Date submitted", "Last page", "Start language", "Seed")
    own = own_columns(
        titles if shape == "answers" else names, list(map(str, range(1, 13))), times("%Y-%m-%d %H:%M:%S"), ["4"] * 12,
        ["et"] * 12, ["123"] * 12,
    )  # fmt: skip
    if shape == "answers":
        rows = with_labels(instrument, answers, "Jah", "Ei")
        rows[0] = [f"{c}\u00a0" if c.endswith("?") else c for c in rows[0]]
    else:

        def question(item: Item) -> str:
            code = f"TS[{item.code}]" if item.stem else item.code
            return code if shape == "codes" else f"{item.code}. {header(item)}"

        rows = table(
            instrument, answers, question, lambda i, o: f"{i.code}[{o}]", lambda i, v: coded(v),
            lambda i, o, on: "" if on is None else "Y" if on else "",
        )  # fmt: skip
    return write_csv(folder / "a.csv", beside(own, rows), ",", "utf-8-sig", "\r\n", quote=True)


def limesurvey_answers(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return limesurvey(instrument, answers, folder, "answers")


def limesurvey_codes(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return limesurvey(instrument, answers, folder, "codes")


def limesurvey_code_and_text(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return limesurvey(instrument, answers, folder, "both")


def limesurvey_r(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    """Codes 1, 2, 3 ... in the data without a header; names and labels in the syntax file."""
    own = own_columns(("id", "submitdate"), list(map(str, range(1, 13))), times("%Y-%m-%d %H:%M:%S"))
    lines = []

    def cell(item: Item, value: Any) -> str:
        chosen = instrument.response_set(item)
        known = [*(chosen.values if chosen else ()), *(m.value for m in instrument.missing(item))]
        return str(known.index(value) + 1) if value is not None and chosen else coded(value)

    rows = table(
        instrument, answers, lambda i: f"TS_{i.code}" if i.stem else i.code, lambda i, o: f"{i.code}_{o}", cell,
        lambda i, o, on: "" if on is None else "1" if on else "0",
    )  # fmt: skip
    rows = beside(own, rows)
    for number, name in enumerate(rows[0], 1):
        item = next((i for i in asked(instrument) if i.code in name.split("_")), None)
        lines.append(f'names(data)[{number}] <- "{name}"')
        if item is None:
            continue
        lines.append(f'attributes(data)$variable.labels[{number}] <- "{item.text["et"]}"')
        chosen = instrument.response_set(item)
        if item.kind == "multiple":
            lines.append(f'data[, {number}] <- factor(data[, {number}], levels=c(1,0),labels=c("Yes", "Not selected"))')
        elif chosen:
            labels = [*(o.label["et"] for o in chosen.options), *(m.label["et"] for m in instrument.missing(item))]
            levels, texts = ",".join(f'"{k + 1}"' for k in range(len(labels))), ", ".join(f'"{t}"' for t in labels)
            lines.append(f"data[, {number}] <- factor(data[, {number}], levels=c({levels}),labels=c({texts}))")
    (folder / "survey_7_R_syntax_file.R").write_text("\n".join(lines), encoding="utf-8")
    return write_csv(folder / "survey_7_R_data_file.csv", rows[1:], ",", "utf-8-sig", "\n", quote=True)


def kobo(instrument: Instrument, answers: Answers) -> Rows:
    own = own_columns(["start", "end"], times("%Y-%m-%dT%H:%M:%S.000+03:00", -9), times("%Y-%m-%dT%H:%M:%S.120+03:00"))
    both = table(
        instrument, answers, lambda i: f"g1/{i.code}", lambda i, o: f"g1/{i.code}/{o}", lambda i, v: coded(v),
        lambda i, o, on: "" if on is None else "1" if on else "0",
    )  # fmt: skip
    whole = joined(instrument, answers, lambda i: f"g1/{i.code}", lambda i, v: coded(v), lambda i, v: " ".join(v))
    several = [k for k, i in enumerate(asked(instrument)) if i.kind == "multiple"]
    extra = [[row[k] for k in several] for row in whole]
    tail = own_columns(
        ["_id", "_uuid", "_submission_time", "_index"],
        *[list(map(str, range(12)))] * 2,
        times("%Y-%m-%dT%H:%M:%S"),
        ["1"] * 12,
    )
    return beside(beside(own, extra), beside(both, tail))


def kobo_csv(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return write_csv(folder / "a.csv", kobo(instrument, answers), ";", "utf-8-sig", "\n", quote=True)


def kobo_xlsx(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return write_xlsx(folder / "a.xlsx", kobo(instrument, answers), numbers=False)


def odk_central(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    sent = own_columns(["SubmissionDate"], times("%Y-%m-%dT%H:%M:%S.000Z", -180))
    rows = joined(instrument, answers, lambda i: f"g1-{i.code}", lambda i, v: coded(v), lambda i, v: " ".join(v))
    tail = own_columns(["meta-instanceID", "KEY", "SubmitterID"], *[[f"uuid:{k}" for k in range(12)]] * 2, ["3"] * 12)
    return write_csv(folder / "a.csv", beside(beside(sent, rows), tail))


def qualtrics(instrument: Instrument, answers: Answers, folder: Path, rows: int) -> Path:
    """Labels; ticked options hold their label; the newer export says in which zone its times are."""
    names = ["StartDate", "EndDate", "Status", "Finished", "ResponseId", "UserLanguage"]
    stamps, shift = "%Y-%m-%d %H:%M:%S", -180 if rows == 3 else 0
    own = own_columns(
        names, times(stamps, shift - 9), times(stamps, shift), ["IP Address"] * 12, ["True"] * 12,
        [f"R_{k}" for k in range(12)], ["ET"] * 12,
    )  # fmt: skip
    body = table(
        instrument, answers, header, lambda i, o: f"{header(i)} - {labelled(instrument, i, o)}",
        lambda i, v: labelled(instrument, i, v), lambda i, o, on: labelled(instrument, i, o) if on else "",
    )  # fmt: skip
    texts = [c.replace(" [", " - ").removesuffix("]") for c in body[0]]
    codes = [f"Q{j + 1}" for j in range(len(texts))]
    zones = ['{"ImportId":"startDate","timeZone":"Z"}', '{"ImportId":"endDate","timeZone":"UTC"}']
    ids = [*zones, *['{"ImportId":"x"}'] * (4 + len(codes))]
    heads = [[*names, *codes], [*names, *texts], ids][:rows]
    return write_csv(folder / "a.csv", [*heads, *beside(own, body)[1:]])


def qualtrics_three(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return qualtrics(instrument, answers, folder, 3)


def qualtrics_two(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return qualtrics(instrument, answers, folder, 2)


def surveymonkey_rows(instrument: Instrument, answers: Answers, more: int) -> Rows:
    names = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address"]
    stamps = "%m/%d/%Y %I:%M:%S %p"
    own = own_columns(
        names, [f"1010300{k:04d}" for k in range(12)], ["5"] * 12, times(stamps, -9), times(stamps), [""] * 12
    )
    first, second, seen = list(names), [""] * len(names), ""
    columns = columns_of(instrument)
    for item, option in columns:
        question = item.stem.get("et") or item.text["et"]
        first.append("" if question == seen else question)
        seen = question
        sub = labelled(instrument, item, option) if option else item.text["et"] if item.stem else "Response"
        second.append(sub)
    body = table(
        instrument, answers, lambda i: "", lambda i, o: "", lambda i, v: labelled(instrument, i, v),
        lambda i, o, on: labelled(instrument, i, o) if on else "",
    )  # fmt: skip
    heads = [first, second] if more == 1 else [first, second, [""] * len(first)]
    if more == 2:
        heads[2][-1] = "Open-Ended Response"
        heads[1][-1] = ""
    return [*heads, *beside(own, body)[1:]]


def surveymonkey_two(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return write_csv(folder / "a.csv", surveymonkey_rows(instrument, answers, 1), encoding="utf-8-sig")


def surveymonkey_three_xlsx(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    return write_xlsx(folder / "a.xlsx", surveymonkey_rows(instrument, answers, 2), numbers=False)


def redcap(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    """Lower-case names; codes 1, 2, 3 ... that only the dictionary explains."""
    title = ["Variable / Field Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"]
    dictionary = [title, ["record_id", "text", "Record", ""]]
    known: dict[str, list[Any]] = {}
    for item in asked(instrument):
        chosen = instrument.response_set(item)
        known[item.code] = [*(chosen.values if chosen else ()), *(m.value for m in instrument.missing(item) if chosen)]
        choices = " | ".join(f"{k + 1}, {labelled(instrument, item, v)}" for k, v in enumerate(known[item.code]))
        dictionary.append([item.code.lower(), "radio", header(item), choices])
    write_csv(folder / "a.dictionary.csv", dictionary)

    def cell(item: Item, value: Any) -> str:
        return str(known[item.code].index(value) + 1) if value in known[item.code] else coded(value)

    body = table(
        instrument, answers, lambda i: i.code.lower(), lambda i, o: f"{i.code.lower()}___{known[i.code].index(o) + 1}",
        cell, lambda i, o, on: "" if on is None else "1" if on else "0",
    )  # fmt: skip
    own = own_columns(
        ["record_id", "redcap_event_name", "post_timestamp"],
        list(map(str, range(1, 13))),
        ["post_arm_1"] * 12,
        times("%Y-%m-%d %H:%M:%S"),
    )
    rows = beside(beside(own, body), own_columns(["post_complete"], ["2"] * 12))
    other = ["99", "pre_arm_1", "", *[""] * (len(rows[0]) - 3)]
    return write_csv(folder / "a.csv", [rows[0], *rows[1:], other])


def typeform(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    body = table(
        instrument, answers, lambda i: f"*{i.stem['et']}* {i.text['et']}" if i.stem else i.text["et"],
        lambda i, o: labelled(instrument, i, o), lambda i, v: labelled(instrument, i, v),
        lambda i, o, on: labelled(instrument, i, o) if on else "",
    )  # fmt: skip
    own = own_columns(["#"], [f"x{k}" for k in range(12)])
    tail = own_columns(
        ["Start Date (UTC)", "Submit Date (UTC)", "Network ID"],
        times("%Y-%m-%d %H:%M:%S", -190),
        times("%Y-%m-%d %H:%M:%S", -180),
        ["n"] * 12,
    )
    return write_csv(folder / "a.csv", beside(beside(own, body), tail))


def spss(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    """Codes that run downwards, with value labels; names of options with an underscore."""
    import pyreadstat

    data: dict[str, list[Any]] = {"submitted": times("%Y-%m-%d %H:%M:%S")}
    labels: dict[str, dict[float, str]] = {}
    titles = {}
    for item in asked(instrument):
        given = [person[item.code] for person in answers]
        chosen = instrument.response_set(item)
        if item.kind == "multiple":
            for option in options(instrument, item):
                data[f"{item.code}_{option}"] = [None if v is None else float(option in v) for v in given]
        elif chosen:
            known = [*(m.value for m in instrument.missing(item)), *reversed(chosen.values)]
            data[item.code] = [None if v is None else float(known.index(v)) for v in given]
            labels[item.code] = {float(k): labelled(instrument, item, v) for k, v in enumerate(known)}
            titles[item.code] = header(item)
        else:
            text = item.kind in ("text", "link")
            data[item.code] = [v if v is None or not text else str(v) for v in given]
            if not text:
                data[item.code] = [None if v is None else float(v) for v in given]
    frame = pd.DataFrame(
        {k: pd.Series(v, dtype=float if any(isinstance(x, float) for x in v) else object) for k, v in data.items()}
    )
    pyreadstat.write_sav(frame, str(folder / "a.sav"), column_labels=titles, variable_value_labels=labels)
    return folder / "a.sav"


def paper(instrument: Instrument, answers: Answers, folder: Path) -> Path:
    once = beside(own_columns(["submitted"], times("%Y-%m-%d %H:%M:%S")), with_codes(instrument, answers))
    head = ["form", "entry", *once[0]]
    texts = [k for k, name in enumerate(once[0]) if name == "OQ1"]
    second = [["" if k in texts else c for k, c in enumerate(row)] for row in once]
    rows = [[str(k), e, *part[k]] for k in range(1, 13) for e, part in (("1", once), ("2", second))]
    return write_csv(folder / "a.csv", [head, *rows])


SHAPES: dict[Shape, str] = {
    plain_csv: "plain", plain_utf16: "plain", plain_xlsx: "plain", plain_ods: "plain", google_csv: "google_forms",
    google_sheets_xlsx: "google_forms", microsoft_forms: "microsoft_forms", limesurvey_answers: "limesurvey",
    limesurvey_codes: "limesurvey", limesurvey_code_and_text: "limesurvey", limesurvey_r: "limesurvey_r",
    kobo_csv: "kobo", kobo_xlsx: "kobo", odk_central: "kobo", qualtrics_three: "qualtrics", qualtrics_two: "qualtrics",
    surveymonkey_two: "surveymonkey", surveymonkey_three_xlsx: "surveymonkey", redcap: "redcap", typeform: "typeform",
    spss: "spss", paper: "paper",
}  # fmt: skip


def cleaned(instrument: Instrument, path: Path, reader: str, **options: str) -> Cleaned:
    raw = read_export(path, "surveys/e/" + path.name, ReaderOptions(**options))
    assert raw.reader == reader
    mapping = map_columns(raw, instrument, WAVE, beside=path)
    assert mapping.unmatched == ()
    return clean_table(raw, mapping, instrument, wave=WAVE, event=Event(id="e", title={"et": "E"}), key=b"k" * 32)


@pytest.fixture(scope="module")
def truth(instrument: Instrument, answers: Answers, tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    """The answers as they were drawn, put into the frame by hand."""
    frame = cleaned(instrument, plain_csv(instrument, answers, tmp_path_factory.mktemp("truth")), "plain")
    for item in asked(instrument):
        for row, person in enumerate(answers):
            value = person[item.code]
            if item.kind == "multiple":
                found = [frame.responses.loc[row, f"{item.code}.{o}"] for o in options(instrument, item)]
                assert (
                    found == [float(o in value) for o in options(instrument, item)] if value else all(np.isnan(found))
                )
            elif item.kind != "link":
                found = frame.responses.loc[row, item.code]
                gone = value is None or value in {m.value for m in instrument.missing(item)}
                assert pd.isna(found) if gone else found == value, item.code
    return frame


def test_every_reader_has_its_shape() -> None:
    assert set(SHAPES.values()) == set(READERS)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.__name__)
def test_same_frame(shape: Shape, instrument: Instrument, answers: Answers, truth: Cleaned, tmp_path: Path) -> None:
    path = shape(instrument, answers, tmp_path)
    found = cleaned(instrument, path, SHAPES[shape], **({"sheet": "post_arm_1"} if shape is redcap else {}))
    apart = ["file", "sheet", "row"]
    pd.testing.assert_frame_equal(found.responses.drop(columns=apart), truth.responses.drop(columns=apart))
    pd.testing.assert_frame_equal(found.codes, truth.codes)
    pd.testing.assert_frame_equal(
        *(c.nonresponse.sort_values(["response", "item"], ignore_index=True) for c in (found, truth))
    )
    assert (found.reasons == "").all()
    assert len(set(found.responses["row"])) == 12
    assert found.responses["row"].is_monotonic_increasing
