"""Cases 1-28: text files."""

import codecs
import datetime as dt

import pytest


def test_case_01_empty_file(case):
    case.put(b"")
    assert case.refused() == [(0, "", "VE-311")]


def test_case_02_header_only(case, as_csv):
    case.put(as_csv([]))
    assert case.refused() == [(0, "", "VE-311")]
    assert "no answers" in case.message()


def test_case_03_byte_order_mark(case, as_csv):
    case.put(codecs.BOM_UTF8 + as_csv([{"OQ1": "õäöü"}]).encode())
    assert case.values("OQ1") == ["õäöü"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_case_04_utf_16(case, as_csv, encoding):
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    case.put(mark + as_csv([{"OQ1": "õäöü"}]).encode(encoding))
    assert case.values("OQ1") == ["õäöü"]


@pytest.mark.parametrize("encoding", ["cp1257", "latin-1"])
def test_case_05_another_encoding(case, as_csv, encoding):
    raw = as_csv([{"OQ1": "hea"}, {"OQ1": "õäöü"}]).encode(encoding)
    case.put(raw)
    assert case.refused() == [(2, "", "VE-312")]  # "ettevõte" of the first answer
    assert f"byte {raw.index('õ'.encode(encoding))} " in case.message()
    assert 'encoding = "cp1257"' in case.message()
    case.put(raw, encoding=encoding)
    assert case.values("OQ1") == ["hea", "õäöü"]


def test_case_06_decoded_twice(case):
    case.put([{"OQ1": "Ãµhtu"}])
    assert case.findings() == ["VE-320"]


def test_case_07_nul(case, as_csv):
    case.put(as_csv([{}, {"OQ1": "A\0B"}]))
    assert case.refused() == [(3, "", "VE-314")]


def test_case_08_unclosed_quote(case, as_csv):
    text = as_csv([{}, {"OQ1": "hea"}, {}, {}])
    case.put(text.replace('"hea"', '"hea'))
    assert case.refused() == [(3, "", "VE-315")]


def test_case_09_one_field_too_many(case, as_csv):
    lines = as_csv([{}, {}, {}]).splitlines()
    lines[2] += ',"x"'
    case.put("\n".join(lines))
    assert case.refused() == [(3, "", "VE-316")]


def test_case_10_a_field_too_many_in_all_rows(case, as_csv):
    head, *rows = as_csv([{}, {}]).splitlines()
    case.put("\n".join([head, *(row + ',"x"' for row in rows)]))
    assert case.refused() == [(2, "", "VE-316"), (3, "", "VE-316")]


def test_case_11_a_field_too_few(case, as_csv):
    lines = as_csv([{}, {}]).splitlines()
    lines[1] = lines[1].rpartition(",")[0]
    case.put("\n".join(lines))
    assert case.refused() == [(2, "", "VE-316")]


@pytest.mark.parametrize(("one", "again"), [("CE1", "CE1"), ("CE1", " ce1 "), ("CE1", "CE1\u200b"), ("Ë", "E\u0308")])
def test_case_12_repeated_header(case, as_csv, one, again):
    case.put(as_csv([{"first": "4", "second": "4"}]).replace("first", one).replace("second", again))
    problems = case.refused()
    assert {(row, code) for row, _, code in problems} == {(1, "VE-319")}
    assert problems[-1][1] == "column 15"


def test_case_13_composed_and_decomposed_headers(case):
    text = "Vanuseru\u0308hm"
    case.put([{text: "alla 26"}])
    assert case.values("PR4") == [1]


def test_case_14_blank_header(case):
    case.put([{"": "4"}])
    assert case.refused() == [(1, "column 14", "VE-319")]


@pytest.mark.parametrize("delimiter", [";", "\t", ",", "|"])
def test_case_15_delimiters(case, as_csv, delimiter):
    case.put(as_csv([{"OQ1": "hea"}]).replace('","', f'"{delimiter}"'))
    assert case.values("OQ1") == ["hea"]


def test_case_15_ambiguous_delimiter(case):
    case.put("CE1,a;CE2\n4,1;2\n5,2;3\n")
    assert case.refused() == [(1, "", "VE-317")]


def test_case_16_decimal_comma(case, as_csv):
    case.put(as_csv([{"NW1": "3,0"}]).replace('","', '";"'))
    assert case.values("NW1") == [3]
    case.put(as_csv([{"NW1": "3,0"}]).replace('"', ""))
    assert case.refused() == [(2, "", "VE-316")]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_case_17_line_ends(case, as_csv, end):
    case.put(as_csv([{}, {"CE1": "9"}], end))
    assert case.refused() == [(3, "CE1", "VE-341")]


def test_case_17_mixed_line_ends(case, as_csv):
    lines = as_csv([{}, {}, {"CE1": "9"}]).splitlines()
    case.put("".join(line + end for line, end in zip(lines, ("\r\n", "\n", "\r", ""), strict=True)))
    assert case.refused() == [(4, "CE1", "VE-341")]


def test_case_18_line_breaks_in_quotes(case):
    case.put([{"OQ1": "üks\nkaks\r\nkolm"}, {"CE1": "9", "OQ1": ""}])
    assert case.refused() == [(5, "CE1", "VE-341")]
    case.put([{"OQ1": "üks\nkaks"}, {"OQ1": ""}])
    assert list(case.study().responses["row"]) == [2, 4]


def test_case_19_a_huge_field(case):
    case.put([{"OQ1": "x" * 20_000_000}])
    assert case.refused() == [(2, "", "VE-318")]


def test_case_20_too_many_rows(case, as_csv):
    head, row = as_csv([{}]).splitlines()
    case.put(head + "\n" + (row + "\n") * 200_001)
    assert [code for _, _, code in case.refused()] == ["VE-318"]


def test_case_20_too_many_columns(case):
    case.put([{f"x{k}": "1" for k in range(1001)}])
    assert [code for _, _, code in case.refused()] == ["VE-318"]


@pytest.mark.parametrize(
    ("raw", "description"),
    [
        (b"<!DOCTYPE html><html><body>Logi sisse</body></html>", "a web page"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00", "a ZIP archive or a workbook"),
    ],
)
def test_case_21_something_else_renamed(case, raw, description):
    case.put(raw)
    assert case.refused() == [(0, "", "VE-313")]
    assert f"This is {description}" in case.message()


@pytest.mark.parametrize("text", ["007", "1E5", "NA", "null", "nan", "None", "TRUE", "1.10", "9007199254740993"])
def test_case_22_text_stays_text(case, text):
    case.put([{"OQ1": text}])
    assert case.values("OQ1") == [text]


@pytest.mark.parametrize("cell", ["3.apr", "03.apr", "4-mai", "apr.3", "2020-04-03"])
def test_case_23_an_answer_made_a_date(case, cell):
    case.put([{}, {"CE1": cell}])
    assert case.refused() == [(3, "CE1", "VE-343")]
    assert cell not in case.message()


@pytest.mark.parametrize(
    ("item", "cell", "value"),
    [
        ("CE1", "４", 4),
        ("CE1", "4\u00a0", 4),
        ("CE1", "4 - rather agree", 4),
        ("CE1", "4 – pigem nõustun", 4),
        ("NW1", "\u221299", None),
        ("TS1", "0 (ei usalda üldse)", 0),
    ],
)
def test_case_24_what_people_and_tools_add(case, item, cell, value):
    case.put([{item: cell}])
    read = case.values(item)[0]
    assert read == value or (value is None and read != read)


def test_case_24_unknown_label(case):
    case.put([{"CE1": "4 - more or less"}])
    assert case.refused() == [(2, "CE1", "VE-340")]
    assert "more or less" not in case.message()


def test_case_25_out_of_range(case):
    case.put([{"CE1": "6"}])
    assert case.refused() == [(2, "CE1", "VE-341")]


def test_case_26_no_whole_number(case):
    case.put([{"CE1": "3.5"}])
    assert case.refused() == [(2, "CE1", "VE-342")]


@pytest.mark.parametrize("cell", ["99", "-9"])
def test_case_27_missing_codes_only_by_the_codebook(case, cell):
    case.put([{"CE1": cell}])
    assert case.refused() == [(2, "CE1", "VE-341")]
    case.put([{"CE1": "-99"}])
    assert case.study().nonresponse[["item", "code"]].to_numpy().tolist() == [["CE1", -99]]


def test_case_28_blank_rows_at_the_end(case, as_csv):
    case.put(as_csv([{}]) + "\n\n" + "," * 12 + "\n")
    assert case.study().flow["n"].tolist() == [1, 1]


@pytest.mark.parametrize("word", ["Kokku", "KOKKU:", "Total", "Summa"])
def test_case_28_row_of_totals(case, word):
    case.put([{}, {"submitted": word}])
    assert case.refused() == [(3, "", "VE-345")]


def test_dates_of_the_cases_lie_before_the_event(case):
    case.put([{}])
    assert case.study().responses["submitted"][0].date() < dt.date(2020, 8, 13)
