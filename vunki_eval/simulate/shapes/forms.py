"""Write the shapes of form tools: Google Forms, Microsoft Forms, SurveyMonkey, Typeform."""

from pathlib import Path

from vunki_eval.simulate.shapes.files import write_csv, write_xlsx
from vunki_eval.simulate.shapes.wave import Rows, SimulatedWave, beside, joined_labels, option_columns, own_columns

NBSP = "\u00a0"


def google_forms_csv(wave: SimulatedWave, folder: Path) -> Path:
    """Write the form's own export: times with a zone, several answers joined by semicolons."""
    sent = own_columns(["Timestamp"], wave.in_utc("%Y/%m/%d %I:%M:%S %p GMT+0"))
    return write_csv(folder / "a.csv", beside(sent, joined_labels(wave, ";")), quote=True)


def google_sheets_csv(wave: SimulatedWave, folder: Path) -> Path:
    """Write the linked sheet's export: month first, no zone, several answers joined by commas."""
    return write_csv(folder / "a.csv", _google_sheets(wave))


def google_sheets_xlsx(wave: SimulatedWave, folder: Path) -> Path:
    """Write the same as a workbook."""
    return write_xlsx(folder / "a.xlsx", _google_sheets(wave))


def _google_sheets(wave: SimulatedWave) -> Rows:
    stamps = wave.times("%m/%d/%Y %H:%M:%S")
    return beside(own_columns(["Ajatempel"], stamps), joined_labels(wave, ", "))


def microsoft_forms(wave: SimulatedWave, folder: Path) -> Path:
    """Write a workbook with no-break spaces in the questions; respondents are anonymous."""
    names = ["ID", "Start time", "Completion time", "Email", "Name"]
    size, stamps = len(wave.answers), "%Y-%m-%d %H:%M:%S"
    own = own_columns(
        names, wave.numbers(), wave.times(stamps, -9), wave.times(stamps), ["anonymous"] * size, [""] * size
    )  # fmt: skip
    rows = beside(own, joined_labels(wave, ";"))
    rows[0] = [c.replace(" ", NBSP) if c not in names else c for c in rows[0]]
    return write_xlsx(folder / "a.xlsx", rows, numbers=False)


def surveymonkey_two_csv(wave: SimulatedWave, folder: Path) -> Path:
    """Write questions in the first header row, options and rows of grids in the second."""
    return write_csv(folder / "a.csv", _surveymonkey(wave, 2), encoding="utf-8-sig")


def surveymonkey_two_xlsx(wave: SimulatedWave, folder: Path) -> Path:
    """Write the same as a workbook."""
    return write_xlsx(folder / "a.xlsx", _surveymonkey(wave, 2), numbers=False)


def surveymonkey_three_csv(wave: SimulatedWave, folder: Path) -> Path:
    """Write three header rows."""
    return write_csv(folder / "a.csv", _surveymonkey(wave, 3), encoding="utf-8-sig")


def surveymonkey_three_xlsx(wave: SimulatedWave, folder: Path) -> Path:
    """Write three header rows, as a workbook."""
    return write_xlsx(folder / "a.xlsx", _surveymonkey(wave, 3), numbers=False)


def _surveymonkey(wave: SimulatedWave, header_rows: int) -> Rows:
    names = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address"]
    size, stamps = len(wave.answers), "%m/%d/%Y %I:%M:%S %p"
    ids = [f"1010300{k:>04}" for k in wave.numbers()]
    own = own_columns(names, ids, ["5"] * size, wave.times(stamps, -9), wave.times(stamps), [""] * size)
    first, second, seen = list(names), [""] * len(names), ""
    for item, option in wave.columns():
        question = item.stem.get(wave.language) or item.text[wave.language]
        first.append("" if question == seen else question)
        seen = question
        row = item.text[wave.language] if item.stem else "Response"
        second.append(wave.label(item, option) if option else row)
    body = option_columns(
        wave, lambda i: "", lambda i, o: "", wave.label, lambda i, o, on: wave.label(i, o) if on else ""
    )  # fmt: skip
    titles = [first, second]
    if header_rows == 3:
        titles.append(["Open-Ended Response" if s == "Response" else "" for s in second])
        second[:] = ["" if s == "Response" else s for s in second]
    return [*titles, *beside(own, body)[1:]]


def typeform(wave: SimulatedWave, folder: Path) -> Path:
    """Write questions with the editor's markup, one column per choice, times in UTC."""
    language = wave.language
    body = option_columns(
        wave, lambda i: f"*{i.stem[language]}* {i.text[language]}" if i.stem else i.text[language],
        wave.label, wave.label, lambda i, o, on: wave.label(i, o) if on else "",
    )  # fmt: skip
    size, stamps = len(wave.answers), "%Y-%m-%d %H:%M:%S"
    own = own_columns(["#"], [f"x{k}" for k in wave.numbers()])
    names = ["Start Date (UTC)", "Submit Date (UTC)", "Network ID"]
    tail = own_columns(names, wave.in_utc(stamps, -10), wave.in_utc(stamps), ["n"] * size)
    return write_csv(folder / "a.csv", beside(beside(own, body), tail))
