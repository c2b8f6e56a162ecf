"""Kinds of event and their forms."""

import pytest
from pydantic import ValidationError

from vunki_eval.project.event_kind import LOCAL, EventKind, event_kind, event_kinds
from vunki_eval.project.settings import Config

OWN = {
    "et": {"nominative": "talgupäev", "genitive": "talgupäeva", "partitive": "talgupäeva",
           "plural_nominative": "talgupäevad", "plural_genitive": "talgupäevade", "plural_partitive": "talgupäevi"},
    "en": {"singular": "hour of work", "plural": "hours of work", "article": "an"},
}  # fmt: skip


def config(**about: object) -> Config:
    project = {"id": "p", "title": {"en": "P"}, "start": "2026-01-01", "end": "2026-02-01",
               "funder": {"en": "F"}, "applicant": {"name": "A"}}  # fmt: skip
    return Config.model_validate({"schema": 2, "project": project | about})


@pytest.mark.parametrize("name", event_kinds())
def test_every_kind_has_all_forms(name: str) -> None:
    kind = event_kind(name)
    assert kind.et.nominative == name
    assert {kind.et.form(c, plural=p) for c in (*LOCAL, "genitive") for p in (False, True)}.isdisjoint({""})
    assert event_kind(kind.en.singular) is kind


@pytest.mark.parametrize(
    ("name", "case", "plural", "form"),
    [
        ("loometalgud", "adessive", False, "loometalgutel"), ("loometalgud", "comitative", False, "loometalgutega"),
        ("üritus", "allative", False, "üritusele"), ("üritus", "partitive", True, "üritusi"),
        ("töötuba", "inessive", False, "töötoas"), ("häkaton", "elative", True, "häkatonidest"),
        ("konverents", "ablative", False, "konverentsilt"), ("koolitus", "nominative", True, "koolitused"),
    ],
)  # fmt: skip
def test_estonian_cases(name, case, plural, form) -> None:
    assert event_kind(name).et.form(case, plural=plural) == form


def test_plural_and_articles() -> None:
    assert event_kind("loometalgud").et.is_plural
    assert not event_kind("koolitus").et.is_plural
    assert event_kind("üritus").en.with_article == "an event"
    assert event_kind("koolitus").en.with_article == "a training"
    assert EventKind.model_validate(OWN).en.with_article == "an hour of work"
    with pytest.raises(KeyError):
        event_kind("üritus").et.form("dative")


def test_a_project_names_its_kind_or_gives_the_forms() -> None:
    assert config().about.kind == event_kind("üritus")
    assert config(event_kind="hackathon").about.kind.et.genitive == "häkatoni"
    assert config(event_kind=OWN).about.kind.gaps("et")["event_adessive"] == "talgupäeval"
    assert config(event_kind=OWN).about.kind.gaps("en")["an_event"] == "an hour of work"
    with pytest.raises(ValidationError, match=r"There is no kind of event 'koolitsus'\. Did you mean 'koolitus'\?"):
        config(event_kind="koolitsus")
