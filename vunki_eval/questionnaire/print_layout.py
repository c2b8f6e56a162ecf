"""Lay out a wave for print as plain data, which the PDF and the Word document share."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.project.tokens import SIZE
from vunki_eval.questionnaire.form import Group, end_labels, form_text, grouped, is_numbered, linking_texts

Block = dict[str, Any]
LONG_SCALE = 7  # a numbered scale with more options shows numbers alone and explains its ends
MOST_BOXES = 24  # a longer list of options gets a line to write on instead of boxes
LINKING_KEYS = ("code_title", "code_intro")
TEXT_KEYS = ("before_you_answer", "code_card", "code_card_intro", "choose_one", "choose_many",
         "one_per_row", "or_leave", "questions", "thanks", "draft")  # fmt: skip


def paper_form(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> dict[str, Any]:
    """Return title, consent text, code card and numbered questions of a wave in one language.

    Parameters
    ----------
    instrument : Instrument
    wave, language : str
    consent : sequence of str
        Paragraphs shown before the first question.

    Returns
    -------
    dict
        ``title, wave, language, words, consent, agree, code, card, blocks``; a block's ``kind`` is ``grid``,
        ``choice``, ``number``, ``letter`` or ``text``.
    """
    items = instrument.in_wave(wave)
    link = [i for i in items if i.role == "link"]
    agree = [_single(instrument, i, language) for i in items if i.role == "consent"]
    rest = [i for i in items if i.role not in ("link", "consent")]
    return {
        "title": instrument.title.get(language) or next(iter(instrument.title.values())),
        "wave": instrument.wave_title(wave, language),
        "language": language,
        "words": {key: form_text(language, key) for key in TEXT_KEYS}
        | dict(zip(LINKING_KEYS, linking_texts(items, language), strict=True)),
        "consent": list(consent),
        "agree": agree,
        "code": [_single(instrument, i, language) for i in link],
        "own_code": bool(link) and not any(i.kind == "token" for i in link),
        "draft": any(i.translation == "draft" for i in items),
        "blocks": list(_numbered(_blocks(instrument, rest, language))),
    }


def card_sheet(instrument: Instrument, codes: Sequence[str], language: str) -> dict[str, Any]:
    """Return the content of the code cards that people keep.

    Returns
    -------
    dict
        ``title, head, intro, fields`` (elements of a self-made code) and ``cards`` (``number``, ``code``).
    """
    self_made = not codes
    link = [i for i in instrument.items if i.role == "link" and i.kind != "token"]
    numbered = enumerate(codes, 1)
    return {
        "title": instrument.title.get(language) or next(iter(instrument.title.values())),
        "head": form_text(language, "code_card" if self_made else "token_card"),
        "intro": form_text(language, "own_card_intro" if self_made else "token_card_intro"),
        "fields": [_single(instrument, i, language) for i in link] if self_made else [],
        "cards": [{"number": form_text(language, "card_number", number=n), "code": code} for n, code in numbered],
    }


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    number = 0
    for block in blocks:
        for question in block.get("rows", [block]):
            number += 1
            question["number"] = number
        yield block


def _blocks(instrument: Instrument, items: Sequence[Item], language: str) -> Iterator[Block]:
    for group in grouped(items):
        if group.is_grid and group.first.kind == "single":
            yield _grid(instrument, group, language)
        else:
            yield from (_single(instrument, i, language) for i in group.items)


def _grid(instrument: Instrument, group: Group, language: str) -> Block:
    response_set = instrument.response_set(group.first)
    numbers_only = response_set is not None and is_numbered(response_set) and len(response_set.options) > LONG_SCALE
    options = response_set.options if response_set else ()
    column_labels = [str(o.value) if numbers_only else _in_language(o.label, language) for o in options]
    return {
        "kind": "grid", "stem": group.first.stem.get(language, ""), "heads": column_labels, "narrow": numbers_only,
        "ends": end_labels(response_set, language) if response_set and numbers_only else "",
        "missing": [_in_language(m.label, language) for m in instrument.missing(group.first)],
        "rows": [{"code": i.code, "text": _in_language(i.text, language)} for i in group.items],
    }  # fmt: skip


def _single(instrument: Instrument, item: Item, language: str) -> Block:
    missing = [_in_language(m.label, language) for m in instrument.missing(item)]
    block: Block = {"code": item.code, "text": item.wording(language), "missing": missing}
    response_set = instrument.response_set(item)
    if item.kind in ("single", "multiple") and response_set is not None and len(response_set.options) <= MOST_BOXES:
        numbers_only = is_numbered(response_set) and len(response_set.options) > LONG_SCALE
        labels = [str(o.value) if numbers_only else _in_language(o.label, language) for o in response_set.options]
        return {**block, "kind": "choice", "many": item.kind == "multiple", "options": labels,
                "ends": end_labels(response_set, language) if numbers_only else ""}  # fmt: skip
    if item.kind == "number":
        low, high = item.range or (0, 1_000_000)
        return {**block, "kind": "number", "hint": form_text(language, "between", low=low, high=high)}
    if item.kind == "token":
        return {**block, "kind": "letter", "boxes": SIZE}
    if item.kind == "link":
        return {**block, "kind": "letter", "boxes": len(str(item.range[1])) if item.range else 1}
    return {**block, "kind": "text", "lines": 3 if item.role == "text" else 1}


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))
