"""Write a wave as an Apps Script file that creates the questionnaire in Google Forms, one file per language.

The form's export has the full wording as headers, grids as ``stem [row]`` and labels as answers, as our Google Forms
reader expects. The script was checked for syntax and run against a stand-in for Google's service, not at Google.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vunki_eval.project.instrument import Instrument, Item
from vunki_eval.project.tokens import PATTERN
from vunki_eval.questionnaire.form import Group, consenting_value, form_text, grouped, linking_texts

_SCRIPT = Path(__file__).parent / "form_script.gs"
Part = dict[str, Any]


def google_forms_script(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> str:
    """Return the text of the ``.gs`` file.

    Parameters
    ----------
    instrument : Instrument
    wave, language : str
    consent : sequence of str
        Paragraphs for the description of the form.
    """
    title = instrument.title.get(language) or next(iter(instrument.title.values()))
    form = {
        "title": f"{title}: {instrument.wave_title(wave, language)}",
        "description": "\n\n".join(consent),
        "thanks": form_text(language, "thanks"),
        "parts": list(_parts(instrument, wave, language)),
    }
    # U+2028 and U+2029 end a line in older JavaScript, and "</" could end a script element.
    data = json.dumps(form, ensure_ascii=False, indent=2).replace("\u2028", " ").replace("\u2029", " ")
    return _SCRIPT.read_text(encoding="utf-8").replace("/*FORM*/", data.replace("</", "<\\/"))


def _parts(instrument: Instrument, wave: str, language: str) -> Iterator[Part]:
    items = instrument.in_wave(wave)
    yield from (_consent(instrument, i, language) for i in items if i.role == "consent")
    link = [i for i in items if i.role == "link"]
    if link:
        title, intro = linking_texts(items, language)
        yield {"kind": "page", "title": title, "help": intro}
        yield from (_part(instrument, i, language) for i in link)
    rest = [i for i in items if i.role not in ("consent", "link")]
    if rest:
        yield {"kind": "page", "title": form_text(language, "questions"), "help": ""}
    for group in grouped(rest):
        if group.is_grid and group.first.kind == "single":
            yield _grid(instrument, group, language)
        else:
            yield from (_part(instrument, i, language) for i in group.items)


def _consent(instrument: Instrument, item: Item, language: str) -> Part:
    response_set = instrument.response_set(item)
    values = [str(v) for v in response_set.values] if response_set else []
    part = _part(instrument, item, language)
    return {**part, "kind": "consent", "agreed": values.index(consenting_value(instrument, item))}


def _grid(instrument: Instrument, group: Group, language: str) -> Part:
    rows = [_in_language(i.text, language) for i in group.items]
    return {"kind": "grid", "title": group.first.stem.get(language, ""), "rows": rows,
            "choices": _choices(instrument, group.first, language)}  # fmt: skip


def _part(instrument: Instrument, item: Item, language: str) -> Part:
    title = item.wording(language)
    if item.kind in ("single", "multiple"):
        kind = "one" if item.kind == "single" else "many"
        return {"kind": kind, "title": title, "choices": _choices(instrument, item, language)}
    if item.kind == "number" and item.range is not None:
        low, high = item.range
        codes = ", ".join(f"{m.value} = {_in_language(m.label, language)}" for m in item.missing)
        hints = [form_text(language, "hint_number", low=low, high=high)]
        hints += [form_text(language, "hint_missing", codes=codes)] if codes else []
        return {"kind": "number", "title": title, "help": " ".join(hints), "pattern": number_pattern(item)}
    if item.kind == "token":
        return {"kind": "number", "title": title, "help": form_text(language, "bad_token"), "pattern": PATTERN}
    kinds = {"timestamp": "date", "text": "long" if item.role == "text" else "short"}
    return {"kind": kinds.get(item.kind, "short"), "title": title, "help": ""}


def number_pattern(item: Item) -> str:
    """Return a pattern for the numbers that may be typed; the range itself is checked when the answers are read.

    Google checks a text either by a range or by a pattern, and only a pattern lets the missing codes through.
    """
    low, high = item.range or (0, 1_000_000)
    digits = f"[0-9]{{1,{len(str(max(abs(low), abs(high))))}}}"
    number = ("-?" if low < 0 else "") + digits + ("" if item.integer else "([.,][0-9]+)?")
    return "^(" + "|".join([number, *(re.escape(str(m.value)) for m in item.missing)]) + ")$"


def _choices(instrument: Instrument, item: Item, language: str) -> list[str]:
    response_set = instrument.response_set(item)
    labels = [_in_language(o.label, language) for o in (response_set.options if response_set else ())]
    labels += [_in_language(m.label, language) for m in instrument.missing(item)]
    return list(dict.fromkeys(labels))


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))
