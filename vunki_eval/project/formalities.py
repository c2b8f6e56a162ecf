"""What a funder's paperwork wants to know: who signed, the payment claim, the area of the local action group."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from vunki_eval.project.instrument import Code, Instrument, Model, Texts


class Signature(Model):
    """Who signed a report and when: until then it is a draft."""

    name: Annotated[str, Field(min_length=1)]
    role: str | Texts = ""
    date: dt.date


class Preparer(Model):
    """Who put the payment claim together."""

    name: str = ""
    role: str | Texts = ""
    contact: str = ""


class Claim(Model):
    """The ``[claim]`` table: what every payment claim of the project says."""

    reference: str = ""
    number: str = ""
    preparer: Preparer = Preparer()
    place: str = ""
    date: dt.date | None = None


class EventClaim(Model):
    """A claim's files and what differs for one event: ``[event.claim]``; files lie in ``surveys/<event id>/``."""

    agenda: str = ""
    signed_list: str = ""
    agenda_reference: str | Texts = ""
    reference: str = ""
    number: str = ""
    date: dt.date | None = None


class Area(Model):
    """The ``[area]`` table: which municipalities belong to the area of the local action group.

    ``item`` asks for the municipality, ``inside`` are its answers in the area (every other one lies outside);
    ``except_item`` asks people of ``except_of`` whether they come from a part that does not belong to it.
    """

    title: Texts
    item: Code
    inside: tuple[str, ...]
    except_item: Code | None = None
    except_of: tuple[str, ...] = ()
    except_answer: str = "yes"
    source: str = ""


def area_faults(area: Area, instrument: Instrument) -> list[tuple[str, str]]:
    """Questions and answers of the area that the instrument does not have."""
    asked = {i.code: i for i in instrument.items}
    faults = []
    for key, item, named in (
        ("item", area.item, area.inside),
        ("item", area.item, area.except_of),
        ("except_item", area.except_item, (area.except_answer,)),
    ):
        if item is None:
            continue
        chosen = instrument.response_set(item) if item in asked else None
        known = [str(v) for v in chosen.values] if chosen else []
        if not known:
            faults.append((f"area.{key}", f"The instrument has no choice question {item!r}."))
        faults += [(f"area.{key}", f"{item} has no answer {v!r}.") for v in named if known and v not in known]
    return list(dict.fromkeys(faults))
