"""Write the shapes of research tools: LimeSurvey, KoboToolbox, ODK Central, Qualtrics, REDCap."""

from pathlib import Path
from typing import Any, Literal

from vunki_eval.project.instrument import Item
from vunki_eval.simulate.shapes.files import write_csv, write_xlsx
from vunki_eval.simulate.shapes.wave import (
    Rows,
    SimulatedWave,
    beside,
    coded,
    joined_answers,
    option_columns,
    own_columns,
    ticks,
    with_labels,
)

STAMP = "%Y-%m-%d %H:%M:%S"


def limesurvey_answers(wave: SimulatedWave, folder: Path) -> Path:
    """Write full questions and answers, with no-break spaces after question marks."""
    return _limesurvey(wave, folder, "answers")


def limesurvey_codes(wave: SimulatedWave, folder: Path) -> Path:
    """Write question codes and answer codes."""
    return _limesurvey(wave, folder, "codes")


def limesurvey_both(wave: SimulatedWave, folder: Path) -> Path:
    """Write question codes with texts, and answer codes."""
    return _limesurvey(wave, folder, "both")


def _limesurvey(wave: SimulatedWave, folder: Path, shape: Literal["answers", "codes", "both"]) -> Path:
    titles = ["Response ID", "Date submitted", "Last page", "Start language", "Seed"]
    names = titles if shape == "answers" else ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    size = len(wave.answers)
    own = own_columns(
        names, wave.numbers(), wave.times(STAMP), ["4"] * size, [wave.language] * size, ["123"] * size
    )  # fmt: skip
    if shape == "answers":
        rows = with_labels(wave, "Jah", "Ei")
        rows[0] = [f"{c}\u00a0" if c.endswith("?") else c for c in rows[0]]
    else:

        def question(item: Item) -> str:
            code = f"TS[{item.code}]" if item.stem else item.code
            return code if shape == "codes" else f"{item.code}. {wave.header(item)}"

        rows = option_columns(wave, question, lambda i, o: f"{i.code}[{o}]", lambda i, v: coded(v), ticks("Y", ""))
    return write_csv(folder / "a.csv", beside(own, rows), encoding="utf-8-sig", end="\r\n", quote=True)


def limesurvey_r(wave: SimulatedWave, folder: Path) -> Path:
    """Write codes 1, 2, 3 ... without a header; names and labels are in the R syntax file beside the data."""
    own = own_columns(["id", "submitdate"], wave.numbers(), wave.times(STAMP))
    rows = option_columns(
        wave, lambda i: f"TS_{i.code}" if i.stem else i.code, lambda i, o: f"{i.code}_{o}",
        lambda i, v: _place(wave, i, v), ticks("1", "0"),
    )  # fmt: skip
    rows = beside(own, rows)
    by_code = {i.code: i for i in wave.items}
    lines = []
    for number, name in enumerate(rows[0], 1):
        lines.append(f'names(data)[{number}] <- "{name}"')
        item = next((by_code[part] for part in name.split("_") if part in by_code), None)
        lines += _labels_for_r(wave, item, number) if item else []
    (folder / "survey_7_R_syntax_file.R").write_text("\n".join(lines), encoding="utf-8")
    return write_csv(folder / "survey_7_R_data_file.csv", rows[1:], encoding="utf-8-sig", quote=True)


def _labels_for_r(wave: SimulatedWave, item: Item, number: int) -> list[str]:
    lines = [f'attributes(data)$variable.labels[{number}] <- "{item.text[wave.language]}"']
    factor = f"data[, {number}] <- factor(data[, {number}], "
    if item.kind == "multiple":
        lines.append(f'{factor}levels=c(1,0),labels=c("Yes", "Not selected"))')
    elif values := wave.values(item):
        levels = ",".join(f'"{k}"' for k in range(1, len(values) + 1))
        labels = ", ".join(f'"{wave.label(item, v)}"' for v in values)
        lines.append(f"{factor}levels=c({levels}),labels=c({labels}))")
    return lines


def _place(wave: SimulatedWave, item: Item, value: Any) -> str:
    """Write an answer by its place among the answers of its item."""
    values = wave.values(item)
    return str(values.index(value) + 1) if value is not None and value in values else coded(value)


def kobo_csv(wave: SimulatedWave, folder: Path) -> Path:
    """Write groups with a slash; several answers joined and as columns."""
    return write_csv(folder / "a.csv", _kobo(wave), delimiter=";", encoding="utf-8-sig", quote=True)


def kobo_xlsx(wave: SimulatedWave, folder: Path) -> Path:
    """Write the same as a workbook."""
    return write_xlsx(folder / "a.xlsx", _kobo(wave), numbers=False)


def kobo_joined_csv(wave: SimulatedWave, folder: Path) -> Path:
    """Write multiple answers joined in one cell only."""
    rows = joined_answers(wave, lambda i: f"g1/{i.code}", lambda i, v: coded(v), lambda i, v: " ".join(v))
    return write_csv(folder / "a.csv", beside(beside(_kobo_head(wave), rows), _kobo_tail(wave)), delimiter=";")


def kobo_columns_csv(wave: SimulatedWave, folder: Path) -> Path:
    """Write multiple answers as one column per option only."""
    return write_csv(folder / "a.csv", beside(beside(_kobo_head(wave), _kobo_body(wave)), _kobo_tail(wave)))


def _kobo(wave: SimulatedWave) -> Rows:
    whole = joined_answers(wave, lambda i: f"g1/{i.code}", lambda i, v: coded(v), lambda i, v: " ".join(v))
    several = [k for k, i in enumerate(wave.items) if i.kind == "multiple"]
    extra = [[row[k] for k in several] for row in whole]
    return beside(beside(_kobo_head(wave), extra), beside(_kobo_body(wave), _kobo_tail(wave)))


def _kobo_head(wave: SimulatedWave) -> Rows:
    return own_columns(
        ["start", "end"], wave.in_utc("%Y-%m-%dT%H:%M:%S.000+00:00", -9), wave.in_utc("%Y-%m-%dT%H:%M:%S.120+00:00")
    )  # fmt: skip


def _kobo_body(wave: SimulatedWave) -> Rows:
    return option_columns(
        wave, lambda i: f"g1/{i.code}", lambda i, o: f"g1/{i.code}/{o}", lambda i, v: coded(v), ticks("1", "0")
    )  # fmt: skip


def _kobo_tail(wave: SimulatedWave) -> Rows:
    names = ["_id", "_uuid", "_submission_time", "_index"]
    return own_columns(names, wave.numbers(), wave.numbers(), wave.in_utc("%Y-%m-%dT%H:%M:%S"), wave.numbers())


def odk_central(wave: SimulatedWave, folder: Path) -> Path:
    """Write ODK Central's export: groups with a hyphen, multiple answers joined, times in UTC."""
    rows = joined_answers(wave, lambda i: f"g1-{i.code}", lambda i, v: coded(v), lambda i, v: " ".join(v))
    sent = own_columns(["SubmissionDate"], wave.in_utc("%Y-%m-%dT%H:%M:%S.000Z"))
    ids = [f"uuid:{k}" for k in wave.numbers()]
    tail = own_columns(["meta-instanceID", "KEY", "SubmitterID"], ids, ids, ["3"] * len(ids))
    return write_csv(folder / "a.csv", beside(beside(sent, rows), tail))


def qualtrics_three(wave: SimulatedWave, folder: Path) -> Path:
    """Write three header rows; times are in the zone named in the third row."""
    return _qualtrics(wave, folder, 3)


def qualtrics_two(wave: SimulatedWave, folder: Path) -> Path:
    """Write two header rows; times are local."""
    return _qualtrics(wave, folder, 2)


def _qualtrics(wave: SimulatedWave, folder: Path, header_rows: int) -> Path:
    """Write labels; a ticked option holds its label."""
    names = ["StartDate", "EndDate", "Status", "Finished", "ResponseId", "UserLanguage"]
    size, sent = len(wave.answers), wave.in_utc if header_rows == 3 else wave.times
    own = own_columns(
        names, sent(STAMP, -9), sent(STAMP), ["IP Address"] * size, ["True"] * size,
        [f"R_{k}" for k in wave.numbers()], [wave.language.upper()] * size,
    )  # fmt: skip
    body = option_columns(
        wave, wave.header, lambda i, o: f"{wave.header(i)} - {wave.label(i, o)}", wave.label,
        lambda i, o, on: wave.label(i, o) if on else "",
    )  # fmt: skip
    texts = [c.replace(" [", " - ").removesuffix("]") for c in body[0]]
    codes = [f"Q{j}" for j in range(1, len(texts) + 1)]
    zones = ['{"ImportId":"startDate","timeZone":"Z"}', '{"ImportId":"endDate","timeZone":"UTC"}']
    ids = [*zones, *['{"ImportId":"x"}'] * (4 + len(codes))]
    titles = [[*names, *codes], [*names, *texts], ids][:header_rows]
    return write_csv(folder / "a.csv", [*titles, *beside(own, body)[1:]])


def redcap(wave: SimulatedWave, folder: Path) -> Path:
    """Write lower-case names and codes 1, 2, 3 ..., explained only in the dictionary beside the export; one event."""
    title = ["Variable / Field Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"]
    dictionary = [title, ["record_id", "text", "Record", ""]]
    for item in wave.items:
        choices = " | ".join(f"{k}, {wave.label(item, v)}" for k, v in enumerate(wave.values(item), 1))
        dictionary.append([item.code.lower(), "radio", wave.header(item), choices])
    write_csv(folder / "a.dictionary.csv", dictionary)
    body = option_columns(
        wave, lambda i: i.code.lower(), lambda i, o: f"{i.code.lower()}___{_place(wave, i, o)}",
        lambda i, v: _place(wave, i, v), ticks("1", "0"),
    )  # fmt: skip
    event, size = f"{wave.key}_arm_1", len(wave.answers)
    names = ["record_id", "redcap_event_name", f"{wave.key}_timestamp"]
    own = own_columns(names, wave.numbers(), [event] * size, wave.times(STAMP))
    rows = beside(beside(own, body), own_columns([f"{wave.key}_complete"], ["2"] * size))
    return write_csv(folder / "a.csv", rows)
