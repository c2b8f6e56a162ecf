"""Several hundred odd files from elsewhere: each ends in a located message or in a frame that lost nothing.

The files stay where they are (VUNKI_REAL_DATA); what is expected of them is written in ``docs/strange-files.md``.
"""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest

from vunki_eval.errors import InputError
from vunki_eval.language.explanations import explanations
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers import choose_reader, read_export
from vunki_eval.readers.files.encoding import decode
from vunki_eval.readers.files.opening import (
    open_source,
)
from vunki_eval.readers.files.source import Source

pytestmark = pytest.mark.real
PAGE = Path(__file__).parents[2] / "docs" / "strange-files.md"


def documented(title: str) -> dict[str, str]:
    """Read what a table of the documentation says becomes of its files."""
    part = next(p for p in PAGE.read_text("utf-8").split("\n## ") if title in p.splitlines()[0])
    rows = [[c.strip() for c in line.strip("|").split(" | ")] for line in part.splitlines() if line.startswith("| `")]
    return {row[0].strip("` "): row[-2] for row in rows}


RVL_DEVIATIONS, SPECTRUM_DEVIATIONS, SNIFFER_REFUSED, XLSX_REFUSED = map(
    documented, ("cmdrvl/rvl", "csv-spectrum", "CSVsniffer", "workbooks")
)


def test_the_page_is_read_whole() -> None:
    assert [len(t) for t in (RVL_DEVIATIONS, SPECTRUM_DEVIATIONS, SNIFFER_REFUSED, XLSX_REFUSED)] == [13, 1, 11, 20]
    codes = {*SNIFFER_REFUSED.values(), *XLSX_REFUSED.values(), *RVL_DEVIATIONS.values()} - {"opens", "one column"}
    assert codes < set(explanations())


def opened(path: Path) -> Source | str:
    """The opened file, or the code of its located refusal; what opens goes through its reader too."""
    try:
        source = open_source(path, f"surveys/e/{path.name}", ReaderOptions())
    except InputError as error:
        return located(error, path)
    with suppress(InputError):
        table = choose_reader(source, ReaderOptions()).read(source, ReaderOptions())
        assert all(len(c) == len(table.lines) for c in table.cells)
    return source


def located(error: InputError, path: Path) -> str:
    assert all(p.file == f"surveys/e/{path.name}" and p.hint for p in error.problems)
    return error.problems[0].code


def without_returns(text: str) -> str:
    return text.replace("\r", "").replace("_x000D_", "").strip()


def letters(text: str) -> str:
    """A text without what parts fields."""
    return re.sub(r'[\s",;|\t]', "", text)


def assert_nothing_lost(path: Path, source: Source) -> None:
    text = decode(path.read_bytes(), path.name)
    text = re.sub(r"\Asep=(.)\r?\n", "", text)
    assert letters("".join(c for row in source.rows for c in row)) == letters(text)
    assert len({len(row) for row in source.rows}) == 1
    assert source.lines == sorted(set(source.lines))


def test_csv_spectrum(real_data: Path) -> None:
    folder = real_data / "bad" / "csv-spectrum"
    count = 0
    for path in sorted((folder / "csvs").glob("*.csv")):
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text(encoding="utf-8", errors="replace"))
        source = opened(path)
        assert isinstance(source, Source), path.name
        header, *body = source.rows
        rows = [dict(zip(header, row, strict=True)) for row in body]
        expected = expected if isinstance(expected, list) else [expected]
        plain = [{k: v.replace("\r\n", "\n") for k, v in row.items()} for row in expected]
        assert (rows == plain) != (path.name in SPECTRUM_DEVIATIONS), path.name
        assert_nothing_lost(path, source)
        count += 1
    assert count == 12


def test_rvl_corpus(real_data: Path) -> None:
    folder = real_data / "bad" / "rvl-corpus"
    table = re.findall(r"^\| `([^`]+)` \| \w+ \| `?(\w+)`? \| `?(\S+?)`? \|", (folder / "README.md").read_text(), re.M)
    assert len(table) > 80
    seen = set()
    for name, verdict, delimiter in table:
        path = folder / name
        source = opened(path)
        here = RVL_DEVIATIONS.get(name)
        if here == "one column":
            assert isinstance(source, Source), name
            assert len(source.rows[0]) == 1, name
        else:
            assert (isinstance(source, Source) == (verdict == "parse_ok")) == (here is None), name
        if isinstance(source, Source):
            sign = {"\\t": "\t"}.get(delimiter, delimiter)
            if verdict == "parse_ok" and len(sign) == 1 and name not in RVL_DEVIATIONS and len(source.rows[0]) > 1:
                first = next(x for x in decode(path.read_bytes(), name).splitlines() if x.strip() and "sep=" not in x)
                assert first.count(sign) >= len(source.rows[0]) - 1, name
            assert name.startswith(("sep_", "utf8_bom_sep")) or assert_nothing_lost(path, source) is None
        elif name in RVL_DEVIATIONS:
            assert RVL_DEVIATIONS[name] == source
        seen.add(name)
    assert set(RVL_DEVIATIONS) <= seen


def test_csvsniffer(real_data: Path) -> None:
    refused = {}
    paths = sorted((real_data / "bad" / "csvsniffer").iterdir())
    for path in paths:
        source = opened(path)
        if isinstance(source, Source):
            assert_nothing_lost(path, source)
        else:
            refused[path.name] = source
    titled = read_export(real_data / "bad" / "csvsniffer" / "download (10).csv", "d.csv", ReaderOptions(header_row=3))
    assert (titled.columns[1].header, titled.lines[0], len(titled.columns)) == ("Gene Symbol", 4, 4)
    sniffer_codes = {name: code for name, code in refused.items() if not name.startswith("Results")}
    assert sniffer_codes == SNIFFER_REFUSED
    assert {code for name, code in refused.items() if name.startswith("Results")} == {"VE-316"}
    assert len(paths) == 70


@pytest.mark.slow
def test_workbooks_against_another_library(real_data: Path) -> None:
    """What is read equals what an independent reader finds, cell for cell."""
    import python_calamine

    refused, read = {}, 0
    for path in sorted((real_data / "bad" / "xlsx").iterdir()):
        source = opened(path)
        if not isinstance(source, Source):
            refused[path.name] = source
            continue
        read += 1
        sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(source.sheet)
        other = sheet.to_python(skip_empty_area=False)
        ours = [c for row in source.rows for c in row if c.strip()]
        theirs = [c for row in other for c in row if str(c).strip()]
        assert len(ours) == len(theirs), path.name
        for mine, their in zip(ours, theirs, strict=True):
            if isinstance(their, bool):
                assert mine == str(their).upper()
            elif isinstance(their, int | float):
                assert float(mine) == pytest.approx(float(their)), path.name
            elif isinstance(their, str):
                assert without_returns(mine) == without_returns(their), path.name
            elif path.name not in ("readxl_datetime-rounding.xlsx",):
                assert mine[:10] == their.isoformat()[:10] or mine[-8:] == their.isoformat()[-8:], path.name
    assert refused == XLSX_REFUSED
    assert read == 32


@pytest.mark.slow
def test_spss_files(real_data: Path) -> None:
    sizes = {}
    for path in sorted([*(real_data / "bad" / "sav").iterdir(), *(real_data / "spss").glob("*sav")]):
        source = opened(path)
        sizes[path.name] = (len(source.rows) - 1, len(source.rows[0])) if isinstance(source, Source) else source
    assert sizes.pop("chinese_chars.sav.zip") == "VE-313"
    assert all(isinstance(size, tuple) for size in sizes.values())
    expected = {
        "Employee data.sav": (474, 10), "german.sav": (1, 6), "greetings.sav": (12, 3),
        "pyreadstat_sample.zsav": (5, 7),
        "haven_umlauts.sav": (4, 1), "spssio_test.sav": (9, 22), "test_dates.sav": (2, 13),
    }  # fmt: skip
    assert expected.items() <= sizes.items()


def test_all_other_files(real_data: Path) -> None:
    """Text files of every other folder: a table or an error for people."""
    paths = [p for p in real_data.rglob("*") if p.suffix in (".csv", ".txt") and "bad" not in p.parts]
    assert sum(isinstance(opened(p), Source) for p in paths) > 30


SIZES = {
    "msforms/P1-1-30.xlsx": ("microsoft_forms", 30, 13), "msforms/P2-1-30.xlsx": ("microsoft_forms", 30, 22),
    "limesurvey/sealuzh_full_answers.csv": ("limesurvey", 70, 146),
    "limesurvey/limonaid_survey_100001_R_data_file.csv": ("limesurvey", 3, 646),
    "limesurvey/limonaid_survey_998192_R_data_file.csv": ("limesurvey", 7, 71),
    "kobo/cleaningtools_raw_first60.csv": ("kobo", 60, 329), "qualtrics/qualtRics_sample.csv": ("qualtrics", 1, 20),
    "qualtrics/qualtRics_sample_legacy.csv": ("qualtrics", 1, 15),
    "surveymonkey/todogroup_2018_first80.csv": ("surveymonkey", 80, 174),
    "surveymonkey/todogroup_2020_first80.csv": ("surveymonkey", 80, 270),
    "redcap/checkboxes-1/data.csv": ("redcap", 4, 13), "redcap/survey/data.csv": ("redcap", 2, 33),
    "redcap/decimal-comma/data.csv": ("redcap", 4, 6), "redcap/repeating-instruments/data.csv": ("redcap", 2, 15),
    "carpentries/instructor_training_post_2018_idreplaced.csv": ("plain", 967, 39),
    "carpentries/2020_carpentryconhome_raw.csv": ("plain", 124, 17),
}  # fmt: skip


@pytest.mark.parametrize("name", SIZES)
def test_real_exports(real_data: Path, name: str) -> None:
    table = read_export(real_data / name, name)
    assert (table.reader, len(table), len(table.columns)) == SIZES[name]


def test_spot_values(real_data: Path) -> None:
    qualtrics = read_export(real_data / "qualtrics/qualtRics_sample.csv", "q.csv")
    cells = {c.code: column for c, column in zip(qualtrics.columns, qualtrics.cells, strict=True)}
    assert (cells["Q1"], cells["Q2"]) == (["2"], ["Hello World!"])
    assert qualtrics.lines == [4]
    monkey = read_export(real_data / "surveymonkey/todogroup_2018_first80.csv", "s.csv")
    assert monkey.lines[0] == 3
    headers = [c.header for c in monkey.columns]
    place = headers.index("How many people work for your company or organization?")
    assert monkey.cells[place][0] == "Greater than\u00a010,000"
    redcap = read_export(real_data / "redcap/checkboxes-1/data.csv", "r.csv")
    assert [(c.code, c.row) for c in redcap.columns if c.code == "check_two"][:2] == [
        ("check_two", "A"),
        ("check_two", "B"),
    ]
    events = ReaderOptions(sheet="dose_1_arm_1")
    assert len(read_export(real_data / "redcap/longitudinal/data.csv", "l.csv", events)) == 2
    kobo = read_export(real_data / "kobo/cleaningtools_raw_first60.csv", "k.csv")
    joined = next(k for k, c in enumerate(kobo.columns) if c.header == "primary_livelihood")
    option = next(k for k, c in enumerate(kobo.columns) if (c.code, c.row) == ("primary_livelihood", "loans"))
    ticked = ["loans" in c.split() for c in kobo.cells[joined]]
    assert ticked == [c == "TRUE" for c in kobo.cells[option]]
    assert sum(ticked) > 5
