"""What is printed of a wave, as plain data: shared by the PDF and the Word document."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.project.tokens import SIZE
from vunki_eval.questionnaire.form import Group, code_words, ends, grouped, is_numbered, word

Block = dict[str, Any]
LONG_SCALE = 7
MOST_BOXES = 24  # a longer list is written in, not ticked
CODE_WORDS = ("code_title", "code_intro")
WORDS = ("before_you_answer", "code_card", "code_card_intro", "choose_one", "choose_many",
         "one_per_row", "or_leave", "questions", "thanks", "draft")  # fmt: skip


def paper_form(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> dict[str, Any]:
    """Give title, consent text, code card and numbered questions of a wave in a language.

    Parameters
    ----------
    instrument : Instrument
    wave, language : str
    consent : sequence of str
        Paragraphs that come before the first question.

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
        "words": {key: word(language, key) for key in WORDS}
        | dict(zip(CODE_WORDS, code_words(items, language), strict=True)),
        "consent": list(consent),
        "agree": agree,
        "code": [_single(instrument, i, language) for i in link],
        "own_code": bool(link) and not any(i.kind == "token" for i in link),
        "draft": any(i.translation == "draft" for i in items),
        "blocks": list(_numbered(_blocks(instrument, rest, language))),
    }


def card_sheet(instrument: Instrument, codes: Sequence[str], language: str) -> dict[str, Any]:
    """Give what stands on the cards that people keep.

    Returns
    -------
    dict
        ``title, head, intro, fields`` (elements of a self-made code) and ``cards`` (``number``, ``code``).
    """
    own = not codes
    link = [i for i in instrument.items if i.role == "link" and i.kind != "token"]
    numbered = enumerate(codes, 1)
    return {
        "title": instrument.title.get(language) or next(iter(instrument.title.values())),
        "head": word(language, "code_card" if own else "token_card"),
        "intro": word(language, "own_card_intro" if own else "token_card_intro"),
        "fields": [_single(instrument, i, language) for i in link] if own else [],
        "cards": [{"number": word(language, "card_number", number=n), "code": code} for n, code in numbered],
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
    chosen = instrument.response_set(group.first)
    short = chosen is not None and is_numbered(chosen) and len(chosen.options) > LONG_SCALE
    options = chosen.options if chosen else ()
    heads = [str(o.value) if short else _in(o.label, language) for o in options]
    return {
        "kind": "grid", "stem": group.first.stem.get(language, ""), "heads": heads, "narrow": short,
        "ends": ends(chosen, language) if chosen and short else "",
        "missing": [_in(m.label, language) for m in instrument.missing(group.first)],
        "rows": [{"code": i.code, "text": _in(i.text, language)} for i in group.items],
    }  # fmt: skip


def _single(instrument: Instrument, item: Item, language: str) -> Block:
    missing = [_in(m.label, language) for m in instrument.missing(item)]
    block: Block = {"code": item.code, "text": item.wording(language), "missing": missing}
    chosen = instrument.response_set(item)
    if item.kind in ("single", "multiple") and chosen is not None and len(chosen.options) <= MOST_BOXES:
        short = is_numbered(chosen) and len(chosen.options) > LONG_SCALE
        labels = [str(o.value) if short else _in(o.label, language) for o in chosen.options]
        return {**block, "kind": "choice", "many": item.kind == "multiple", "options": labels,
                "ends": ends(chosen, language) if short else ""}  # fmt: skip
    if item.kind == "number":
        low, high = item.range or (0, 1_000_000)
        return {**block, "kind": "number", "hint": word(language, "between", low=low, high=high)}
    if item.kind == "token":
        return {**block, "kind": "letter", "boxes": SIZE}
    if item.kind == "link":
        return {**block, "kind": "letter", "boxes": len(str(item.range[1])) if item.range else 1}
    return {**block, "kind": "text", "lines": 3 if item.role == "text" else 1}


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))
