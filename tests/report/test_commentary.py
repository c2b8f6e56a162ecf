"""What people wrote: read from its place, refused with a located message, never changed."""

from pathlib import Path

import pytest

from vunki_eval.errors import ConfigError, UsageError
from vunki_eval.report.commentary import ANCHORS, load_commentary
from vunki_eval.results.blocks import Paragraph

EVENT = "2020-antsla"
QUOTES = "text,consent,approved_by,language,section\n"


@pytest.fixture
def folder(own_project: Path) -> Path:
    folder = own_project / "surveys" / EVENT
    for file in ("commentary.et.md", "commentary.en.md", "recommendations.toml", "quotes.csv"):
        (folder / file).unlink()
    return folder


def problems(folder: Path, language: str = "en") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_commentary(folder, EVENT, language)
    return [str(p) for p in caught.value.problems]


def test_shipped_commentary_is_read_in_both_languages(shipped_project: Path) -> None:
    estonian, english = (load_commentary(shipped_project, EVENT, code) for code in ("et", "en"))
    assert set(estonian.comments) == set(english.comments) <= set(ANCHORS)
    assert len(estonian.advice) == len(english.advice) == 3
    assert estonian.advice[0].date == "aprill 2021"
    assert english.advice[0].date == "April 2021"
    assert load_commentary(shipped_project, "project", "en").advice


def test_without_files_the_commentary_is_empty(folder: Path) -> None:
    commentary = load_commentary(folder, EVENT, "en")
    assert (commentary.comments, commentary.advice, commentary.quotes) == ({}, (), ())


def test_unknown_event_lists_the_events(shipped_project: Path) -> None:
    with pytest.raises(UsageError, match=EVENT):
        load_commentary(shipped_project, "2019-nowhere", "en")


def test_commentary_is_safe_markdown_by_section(folder: Path) -> None:
    text = "## Trust\n\nPlain **strong** <script>x</script>.\n\n## experience\n\n- one\n\n## trust\n\nMore.\n"
    (folder / "commentary.en.md").write_text(text, "utf-8")
    comments = load_commentary(folder, EVENT, "en").comments
    assert set(comments) == {"trust", "event"}
    first, last = comments["trust"]
    assert isinstance(first, Paragraph)
    assert [s.style for s in first.content if s.text == "strong"] == ["strong"]
    assert "<script>" not in "".join(s.text for s in first.content)
    assert isinstance(last, Paragraph)
    assert load_commentary(folder, EVENT, "et").comments == {}


def test_voro_takes_estonian_commentary(folder: Path) -> None:
    (folder / "commentary.et.md").write_text("## trust\n\nTekst.\n", "utf-8")
    assert set(load_commentary(folder, EVENT, "vro").comments) == {"trust"}


def test_unknown_section_is_named_by_line(folder: Path) -> None:
    (folder / "commentary.en.md").write_text("## trust\n\nText.\n\n## netwroking\n\nText.\n", "utf-8")
    (message,) = problems(folder)
    assert message == (
        f"surveys/{EVENT}/commentary.en.md:5: There is no section of that name. Did you mean 'networking'? [VE-612]"
    )


def test_text_before_the_first_section_is_refused(folder: Path) -> None:
    (folder / "commentary.en.md").write_text("Hello.\n## trust\nText.\n", "utf-8")
    assert "VE-611" in problems(folder)[0]


def test_recommendations_need_their_shape(folder: Path) -> None:
    text = 'schema = 1\n[[recommendation]]\ntext.en = "Do it."\nowner = "Somebody"\ndate = "spring 2021"\n'
    (folder / "recommendations.toml").write_text(text, "utf-8")
    (advice,) = load_commentary(folder, EVENT, "et").advice
    assert (advice.text, advice.owner, advice.date) == ("Do it.", "Somebody", "spring 2021")
    (folder / "recommendations.toml").write_text('[[recommendation]]\nowners = "x"\n', "utf-8")
    messages = problems(folder)
    assert any("text" in m and "missing" in m for m in messages)
    assert any("owners" in m and "Did you mean 'owner'?" in m for m in messages)


def test_only_approved_quotes_of_the_language_are_taken(folder: Path) -> None:
    rows = [
        '"We met, and talked.",yes,hindaja,,trust', "No consent,no,hindaja,,", "Not approved,yes,,,",
        "Eesti keeles,jah,hindaja,et,", "Anywhere,YES,hindaja,en,",
    ]  # fmt: skip
    (folder / "quotes.csv").write_text(QUOTES + "\n".join(rows) + "\n", "utf-8")
    quotes = load_commentary(folder, EVENT, "en").quotes
    assert [(q.text, q.section) for q in quotes] == [("We met, and talked.", "trust"), ("Anywhere", "event")]


def test_semicolons_and_a_mark_at_the_start_are_ordinary(folder: Path) -> None:
    text = "\ufefftext;consent;approved_by\r\nHea päev;jah;hindaja\r\n"
    (folder / "quotes.csv").write_bytes(text.encode("utf-8"))
    assert load_commentary(folder, EVENT, "et").quotes[0].text == "Hea päev"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"text,consent\nSecret words,yes\n", ":1:approved_by: The column is missing. Add it. [VE-614]"),
        (b"text,consent,approved_by,mood\n", ":1:mood: The column is unknown."),
        (b"text,consent,approved_by\nSecret, words,yes,x\n", ":2: Fields: 4 in the line, 3 in the header."),
        (b'text,consent,approved_by\n"Secret words,yes,x\n', "a quotation mark is not closed"),
        (b"text,consent,approved_by\nSecret \xff words,yes,x\n", ":2: The file is not UTF-8."),
        (b"text,consent,approved_by,section\nSecret words,yes,x,trsut\n", ":2:section: There is no section"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_faulty_quotes_are_located_and_never_repeated(folder: Path, content: bytes, wanted: str) -> None:
    (folder / "quotes.csv").write_bytes(content)
    messages = "\n".join(problems(folder))
    assert wanted in messages
    assert "Secret" not in messages


def test_all_faults_are_reported_at_once(folder: Path) -> None:
    (folder / "commentary.en.md").write_text("## nowhere\n\nText.\n", "utf-8")
    (folder / "recommendations.toml").write_text("recommendation = 3\n", "utf-8")
    (folder / "quotes.csv").write_text("text\n", "utf-8")
    files = {p.split(":")[0].rsplit("/", 1)[1] for p in problems(folder)}
    assert files == {"commentary.en.md", "recommendations.toml", "quotes.csv"}


def write_quotes(folder: Path, *rows: str, header: str = "text,consent,approved_by") -> None:
    (folder / "quotes.csv").write_text("\n".join((header, *rows)) + "\n", "utf-8")


def test_a_quote_that_points_to_a_person_is_refused(folder: Path) -> None:
    write_quotes(folder, "Call 5123 4567,yes,MK", '"Write to mari@example.ee",yes,MK', "It went well,yes,MK")
    first, second = problems(folder)
    assert first.startswith(f"surveys/{EVENT}/quotes.csv:2:text: The quote seems to point to a person: phone.")
    assert ":3:text: The quote seems to point to a person: email." in second
    assert "4567" not in first
    assert "mari" not in second


def test_a_quote_without_approval_is_not_checked(folder: Path) -> None:
    write_quotes(folder, "Call 5123 4567,no,MK", "Call 5123 4567,yes,")
    assert load_commentary(folder, EVENT, "en").quotes == ()


@pytest.mark.parametrize("name", ["participants.csv", "attendance.csv"])
def test_names_on_the_list_are_known_in_their_cases(folder: Path, name: str) -> None:
    (folder / name).write_text("Nr;Eesnimi;Perekonnanimi;Allkiri\n1;Peeter;Mägi;\n2;Ly;Kask;\n", "utf-8")
    write_quotes(folder, "Thanks to Peetrile,yes,MK")
    assert "a person: name." in problems(folder)[0]
    write_quotes(folder, "Kase all oli hea,yes,MK,yes", header="text,consent,approved_by,checked")
    assert len(load_commentary(folder, EVENT, "en").quotes) == 1


def test_a_check_does_not_let_a_phone_number_through(folder: Path) -> None:
    write_quotes(folder, "Call 5123 4567,yes,MK,yes", header="text,consent,approved_by,checked")
    assert "phone" in problems(folder)[0]


def test_lists_of_names_in_a_workbook_and_broken_ones(folder: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Osalejate nimekiri"])
    sheet.append(["Nr", "Nimi"])
    sheet.append([1, "Juhan Sepp"])
    book.save(folder / "participants.xlsx")
    (folder / "attendance.csv").write_bytes(b"\x00\xff")
    write_quotes(folder, "Thanks to Sepale,yes,MK")
    assert "a person: name." in problems(folder)[0]
