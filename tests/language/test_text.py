import pytest

from vunki_eval.language.text import bracketed, decimal_tails, escaped, letters, plain, safe_link, slug


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("\u202etagurpidi\u2066 \u200eja", "tagurpidi ja"),
        ("üks\n\tkaks  kolm", "üks kaks kolm"),
        ("o\u0303", "õ"),
        ("\ud800x", "x"),
        ("👩‍👧 5\u00a0%", "👩‍👧 5\u00a0%"),
        ("", ""),
    ],
)
def test_plain_text_steers_nothing(raw, shown):
    assert plain(raw) == shown
    assert plain(shown) == shown


@pytest.mark.parametrize("link", ["https://vunkimano.ee/a?b=1", "mailto:info@example.org", "#trust-change", "#õ"])
def test_safe_links_stay(link):
    assert safe_link(link) == (link if link != "#õ" else "")


@pytest.mark.parametrize(
    "link",
    [
        "http://x.ee",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//x.ee",
        "https:x",
        "https://a b",
        "",
    ],
)
def test_other_links_go(link):
    assert safe_link(link) == ""


def test_escaping_and_slugs():
    assert escaped('<a href="x">\'&') == "&lt;a href=&quot;x&quot;&gt;&#x27;&amp;"
    assert slug("Usaldus & ühtsus / 2") == "Usaldus-ühtsus-2"
    assert slug("<>") == "part"


def test_numbers_stand_on_the_decimal_mark():
    cells = ["5,8", "6", "−0,25", "×1,60", "andmed puuduvad", "1 040", "12 %", "0,30 kuni 1,12"]
    assert decimal_tails(cells) == [
        (1, False), (2, True), (0, False), (0, False), (0, False), (2, True), (2, True), (0, False),
    ]  # fmt: skip
    assert decimal_tails(["1", "20"]) == [(0, False), (0, False)]
    assert decimal_tails([]) == []


def test_numbers_are_parted_from_their_brackets():
    cells = [
        "+0,68 (0,33 kuni 1,02)",
        "×1,50 (1,00–2,50)",
        "+1,2",
        "< 0,001 (0,002)",
        "1 040 (7)",
        "andmed (puuduvad)",
        "–",
    ]
    assert bracketed(cells) == [
        ("+0,68", "(0,33 kuni 1,02)"), ("×1,50", "(1,00–2,50)"), ("+1,2", ""), ("< 0,001", "(0,002)"), ("1 040", "(7)"),
        ("andmed (puuduvad)", ""), ("–", ""),
    ]  # fmt: skip
    assert bracketed(["1", "sõna (1)"]) == []


def test_counting_in_letters() -> None:
    assert [letters(i) for i in (1, 26, 27, 52, 53, 702, 703)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
