"""What a funder's paperwork asks for: signatures, the payment claim, the area of the local action group."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from vunki_eval.errors import M_, Message
from vunki_eval.project.instrument import Code, Instrument, Model, Texts


class Signature(Model):
    """Who signed a report, and when; an unsigned report is a draft."""

    name: Annotated[str, Field(min_length=1)]
    role: str | Texts = ""
    date: dt.date


class Preparer(Model):
    """Who prepared the payment claim."""

    name: str = ""
    role: str | Texts = ""
    contact: str = ""


class Claim(Model):
    """The ``[claim]`` table: what all payment claims of the project have in common."""

    reference: str = ""
    number: str = ""
    preparer: Preparer = Preparer()
    place: str = ""
    date: dt.date | None = None


class EventClaim(Model):
    """The ``[event.claim]`` table: what differs for one event, and its files in ``surveys/<event id>/``."""

    agenda: str = ""
    signed_list: str = ""
    agenda_reference: str | Texts = ""
    reference: str = ""
    number: str = ""
    date: dt.date | None = None


class Area(Model):
    """The ``[area]`` table: which municipalities belong to the area of the local action group.

    ``item`` asks for the municipality; ``inside`` lists the answers that belong to the area, and all others do not.
    ``except_item`` asks people from ``except_of`` whether they live in a part that does not belong to it.
    """

    title: Texts
    item: Code
    inside: tuple[str, ...]
    except_item: Code | None = None
    except_of: tuple[str, ...] = ()
    except_answer: str = "yes"
    source: str = ""


def area_faults(area: Area, instrument: Instrument) -> list[tuple[str, Message]]:
    """Find questions and answers of the area that the instrument does not have."""
    items = {i.code: i for i in instrument.items}
    faults: list[tuple[str, Message]] = []
    for key, item, answers in (
        ("item", area.item, area.inside),
        ("item", area.item, area.except_of),
        ("except_item", area.except_item, (area.except_answer,)),
    ):
        if item is None:
            continue
        response_set = instrument.response_set(item) if item in items else None
        values = [str(v) for v in response_set.values] if response_set else []
        if not values:
            faults.append((f"area.{key}", M_("The instrument has no choice question {item}.", item=repr(item))))
        faults += [
            (f"area.{key}", M_("{item} has no answer {answer}.", item=item, answer=repr(v)))
            for v in answers
            if values and v not in values
        ]
    return list(dict.fromkeys(faults))
