"""What points to a person is seen, in the forms in which people write it; ordinary sentences pass."""

import doctest

import pytest

from vunki_eval.survey import scan as room
from vunki_eval.survey.scan import KINDS, known_names, names, patterns, scan, scan_all

PEOPLE = known_names([
    "Maarja-Liis Kask", "Peeter Mägi", "Juhan Sepp", "Ly Rebane", "Ain Rästas", "Jaak Lind", "Ülle Põder", "Mart Raud",
])  # fmt: skip
SEEN = [
    ("Kirjutage mari.maasikas+1@naide.ee palun", "email"),
    ("mari (at) naide (dot) ee", "email"),
    ("mari at naide dot ee", "email"),
    ("vt https://naide.ee/mari", "url"),
    ("www.naide.ee", "url"),
    ("leht on minuettevote.ee", "url"),
    ("leiad mind @marimaasikas", "url"),
    ("kood 38001085718", "personal_code"),
    ("kood 380 0108 5718", "personal_code"),
    ("konto EE38 2200 2210 2014 5685", "bank_account"),
    ("helista +372 5123 4567", "phone"),
    ("helista 5123 4567", "phone"),
    ("helista 51234567", "phone"),
    ("helista 56 123 456", "phone"),
    ("helista 785 1234", "phone"),
    ("tel 7851234.", "phone"),
    ("registrikood 10137319", "registry_code"),
    ("number 123456789", "long_number"),
    ("sündinud 08.01.1980", "birth_date"),
    ("elan Jüri 12-3", "address"),
    ("elan Vabaduse tänav 5", "address"),
    ("elan Tartu mnt 25a", "address"),
    ("tulge Kase tallu või Mäe talu õuele", "address"),
    ("65620 Antsla vald", "address"),
    ("12 Oak Street", "address"),
]
FORMS = [
    "Maarja", "maarjale", "Maarja-Liisile", "Kask", "Kase", "Kasele", "Kaskedele",
    "Peetri", "Peetrile", "Mäe", "Mäele", "Mägist",
    "Sepa", "Sepaga", "Rebase", "rebasele", "Ly", "Lyle", "Aini", "Rästase", "Rästa", "Jaagu", "Jaagule", "Linnu",
    "Ülle", "ULLELE",
    "Põdra", "Põderiga", "Mardi", "Mardilt", "Raua", "Rauale", "Juhanigi", "juhanile", "JUHAN",
]  # fmt: skip
PLAIN = [
    "Meeldis, et sai rahulikult ühe asjaga tegeleda 48 tunni jooksul.",
    "Ainult aega oli vähe; lind laulis linnas ja raud oli kuum, mardikas samuti. Kas maal ka?",
    "Eelarve 15 000 eurot, 2019-2021, 60% osalejatest, 3,5 punkti.",
    "Kohtume 15. augustil 2020 kell 10.30 Antslas.",
    "Maksis 512 345 € ja 5000000 EUR.",
    "Õhtul 22.08.2020 oli 7 tiimi ja 12 mentorit.",
    "Üks kahest, 10/10, A4, COVID-19, LEADER 2014-2020.",
]


@pytest.mark.parametrize(("text", "kind"), SEEN)
def test_seen(text: str, kind: str) -> None:
    assert kind in scan(text), scan(text)


@pytest.mark.parametrize("form", FORMS)
def test_names_in_their_cases(form: str) -> None:
    assert scan(f"Suur aitäh, {form}, kõige eest.", PEOPLE) == {"name": 1 + ("-" in form)}


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_sentences_pass(text: str) -> None:
    assert scan(text, PEOPLE) == {}


def test_a_short_name_in_lower_case_counts_beside_another() -> None:
    assert scan("ain ja kask", PEOPLE) == {}
    assert scan("ain rästas aitas", PEOPLE) == {"name": 2}


def test_checksums_decide() -> None:
    assert "personal_code" not in scan("38001085719")
    assert "personal_code" not in scan("38002315710")
    assert "registry_code" not in scan("10137310")
    assert scan("38001085719") == {"long_number": 1}


def test_nothing_counts_twice() -> None:
    assert scan("mari@naide.ee") == {"email": 1}
    assert scan("38001085718, 49403136515 ja 5123 4567") == {"personal_code": 2, "phone": 1}


def test_blank_and_long_texts() -> None:
    assert scan(None) == scan("") == {}
    assert scan("a@" * 50_000 + " mari@naide.ee") == {}


def test_texts_are_counted_by_kind() -> None:
    texts = ["a@b.ee c@d.ee", "a@b.ee", None, "Peetrile 5123 4567"]
    assert scan_all(texts, PEOPLE) == {"email": 2, "phone": 1, "name": 1}
    assert tuple(scan_all(texts, PEOPLE)) == tuple(k for k in KINDS if k in ("email", "phone", "name"))


def test_names_are_never_shown() -> None:
    assert "kask" not in repr(PEOPLE).lower()


@pytest.mark.parametrize("module", [room, names, patterns])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
