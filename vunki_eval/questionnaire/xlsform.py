"""Write the instrument as an XLSForm workbook for ODK and Kobo, with columns of our own for everything else.

The sheets ``survey``, ``choices`` and ``settings`` are the standard's; ``scales``, ``waves``, ``sections``,
``instrument`` and ``elsewhere`` (items that the wave does not ask) are ours.
`vunki_eval.questionnaire.xlsform_read.load_xlsform` reads an equal instrument back, whichever wave the workbook was
written for.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vunki_eval.project.instrument import Instrument, Item, MissingOption, ResponseSet
from vunki_eval.project.tokens import PATTERN
from vunki_eval.questionnaire.form import Group, consent_item, consenting_value, form_text, grouped
from vunki_eval.survey.roster import with_roster

NAMES = {"et": "Eesti", "en": "English", "vro": "Võro", "ru": "Русский", "lv": "Latviešu", "fi": "Suomi"}
WAVE_LIST = "waves"
Row = dict[str, Any]
Consent = Mapping[str, Sequence[str]]


def xlsform_bytes(
    instrument: Instrument,
    *,
    wave: str | None = None,
    consent: Consent | None = None,
    roster: Mapping[str, str] | None = None,
) -> bytes:
    """Return the workbook (``.xlsx``).

    Parameters
    ----------
    instrument : Instrument
    wave : str, optional
        Ask this wave's items; without it the form begins by asking which wave it is and holds all items.
    consent : mapping of str to sequence of str, optional
        Paragraphs shown before the first question, by language.
    roster : mapping, optional
        Codes of an event's participants, to be asked about one by one if the instrument has a roster. They are not part
        of the instrument that the workbook loads to.
    """
    from openpyxl import Workbook

    lists = _missing_lists(instrument)
    items = list(instrument.items if wave is None else instrument.in_wave(wave))
    other_items = [i for i in instrument.items if i not in items]
    sheets = {
        "survey": [
            *_opening(instrument, wave, consent or {}),
            *_questions(instrument, items, wave, lists),
            *_roster(instrument, roster or {}, wave),
        ],
        "choices": [*_choices(instrument, lists, wave), *_roster_choices(instrument, roster or {})],
        "settings": [_settings(instrument, wave)],
        "scales": [_scale(instrument, s) for s in instrument.scales],
        "waves": [{"key": w.key, "order": w.order, "moment": w.moment, **_labels(w.title)} for w in instrument.waves],
        "sections": [
            {"key": s.key, "order": s.order, "dimensions": "\n".join(s.dimensions), **_labels(s.title)}
            for s in instrument.sections
        ],
        "instrument": _about(instrument),
        "elsewhere": _questions(instrument, other_items, None, lists),
    }
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def language_name(language: str) -> str:
    """Return the name of a language as in column names: ``Eesti (et)``."""
    return f"{NAMES.get(language, language)} ({language})"


def _fill(sheet: Any, rows: Iterable[Row]) -> None:
    """Write a table; a text that looks like a formula stays a text."""
    rows = list(rows)
    columns = list(dict.fromkeys(k for row in rows for k in row))
    sheet.append(columns or ["type", "name"])
    for row in rows:
        sheet.append([_cell(row.get(h)) for h in columns])
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"
    sheet.freeze_panes = "A2"


def _cell(value: Any) -> Any:
    """Return a cell's value: yes or no for a boolean, nothing for an empty text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value != "" else None


def _labels(texts: Mapping[str, str], prefix: str = "label::") -> Row:
    return {f"{prefix}{language_name(k)}": v for k, v in texts.items()}


def _own_columns(texts: Mapping[str, str], name: str) -> Row:
    return _labels(texts, name + " ")


def _form_texts(instrument: Instrument, key: str, prefix: str = "label::", **gaps: object) -> Row:
    return _labels({lang: form_text(lang, key, **gaps) for lang in instrument.languages}, prefix)


def _opening(instrument: Instrument, wave: str | None, consent: Consent) -> list[Row]:
    """Return the rows before the first item: times, the question which wave it is, and the consent text."""
    rows: list[Row] = [{"type": name, "name": name} for name in ("start", "end")]
    if wave is None and len(instrument.waves) > 1:
        rows.append({"type": f"select_one {WAVE_LIST}", "name": "wave", "required": "yes",
                     **_form_texts(instrument, "which_wave")})  # fmt: skip
    texts = {lang: "\n\n".join(consent[lang]) for lang in instrument.languages if consent.get(lang)}
    if texts:
        rows.append({"type": "note", "name": "consent_text", **_labels(texts)})
    return rows


def _questions(
    instrument: Instrument, items: Sequence[Item], wave: str | None, lists: Mapping[str, tuple[MissingOption, ...]]
) -> list[Row]:
    consent, by_wave = consent_item(items), wave is None and len(instrument.waves) > 1
    rows: list[Row] = []
    for group in grouped(items):
        condition = _relevant(instrument, group, consent, by_wave)
        group_row = {"type": "begin_group", "name": group.code, **_labels(group.first.stem), "appearance": "field-list"}
        if group.is_grid:
            rows.append({**group_row, "relevant": condition} if _same_waves(group) else group_row)
        for item in group.items:
            separate = not (group.is_grid and _same_waves(group))
            item_condition = _relevant(instrument, Group((item,)), consent, by_wave) if separate else ""
            rows.append(_question(instrument, item, item_condition, lists))
        if group.is_grid:
            rows.append({"type": "end_group", "name": group.code})
    return rows


def _roster(instrument: Instrument, codes: Mapping[str, str], wave: str | None) -> list[Row]:
    """Ask for the person's own code, then about everybody on the list.

    The rows lack our own columns, so that loading the workbook skips them.
    """
    question = instrument.roster
    if question is None or not codes or not (wave is None or wave in question.waves):
        return []
    extended, consent = with_roster(instrument, codes), consent_item(instrument.items)
    own, *people = extended.items[len(instrument.items) :]
    condition = _relevant(instrument, Group((own,)), consent, wave is None and len(instrument.waves) > 1)
    group = f"G{question.code}"
    return [
        {"type": _type(own), "name": own.code, **_labels(own.text), "relevant": condition},
        {"type": "begin_group", "name": group, **_labels(question.text), "appearance": "field-list",
         "relevant": condition},
        *({"type": _type(i), "name": i.code, **_labels(i.text)} for i in people),
        {"type": "end_group", "name": group},
    ]  # fmt: skip


def _roster_choices(instrument: Instrument, codes: Mapping[str, str]) -> list[Row]:
    if instrument.roster is None or not codes:
        return []
    own = with_roster(instrument, codes).items[len(instrument.items)]
    return [
        {"list_name": own.response_set, "name": code, **_labels(dict.fromkeys(instrument.languages, code))}
        for code in codes
    ]


def _same_waves(group: Group) -> bool:
    return len({i.waves for i in group.items}) == 1


def _relevant(instrument: Instrument, group: Group, consent: Item | None, by_wave: bool) -> str:
    item, parts = group.first, []
    if by_wave and set(item.waves) != set(instrument.wave_keys):
        parts.append("(" + " or ".join(f"${{wave}} = '{w}'" for w in item.waves) + ")")
    if consent is not None and item.code != consent.code:
        parts.append(f"${{{consent.code}}} = '{consenting_value(instrument, consent)}'")
    return " and ".join(parts)


def _question(instrument: Instrument, item: Item, relevant: str, lists: Mapping[str, tuple[MissingOption, ...]]) -> Row:
    constraint, message = _constraint(instrument, item)
    return {
        "type": _type(item), "name": item.code, **_labels(item.text), **_hint(instrument, item),
        "required": "yes" if item.role == "consent" else "", "relevant": relevant, "constraint": constraint, **message,
        "role": item.role, "use": item.use, "kind": item.kind, "wave": " ".join(item.waves),
        "scale": " ".join(s.key for s in instrument.scales if item.code in s.items), "reverse": item.reverse,
        "order": instrument.items.index(item) + 1, **_own_columns(item.short, "short"), "also": "\n".join(item.also),
        "translation": item.translation, "range": " ".join(map(str, item.range or ())),
        "set": item.response_set if item.kind not in ("single", "multiple") else "",
        "integer": item.integer, "missing": next((k for k, v in lists.items() if v == item.missing), ""),
        "optional": item.optional, "optional_waves": " ".join(item.optional_waves),
        "retrospective_of": item.retrospective_of, "at_most": item.at_most, "excluded_by": _excluded(item),
        "dimension": item.dimension, "source": item.source, **_own_columns(item.source_text, "source_text"),
    }  # fmt: skip


def _type(item: Item) -> str:
    if item.kind in ("single", "multiple"):
        return f"select_{'one' if item.kind == 'single' else 'multiple'} {item.response_set}"
    if item.kind == "number":
        return "integer" if item.integer else "decimal"
    return "dateTime" if item.kind == "timestamp" else "text"


def _excluded(item: Item) -> str:
    return f"{item.excluded_by.item}: {', '.join(map(str, item.excluded_by.values))}" if item.excluded_by else ""


def _hint(instrument: Instrument, item: Item) -> Row:
    if item.kind != "number" or item.range is None:
        return {}
    texts = {}
    for language in instrument.languages:
        codes = ", ".join(f"{m.value} = {m.label.get(language, '')}" for m in item.missing)
        parts = [form_text(language, "hint_number", low=item.range[0], high=item.range[1])]
        texts[language] = " ".join([*parts, *([form_text(language, "hint_missing", codes=codes)] if codes else [])])
    return _labels(texts, "hint::")


def _constraint(instrument: Instrument, item: Item) -> tuple[str, Row]:
    prefix = "constraint_message::"
    if item.kind == "token":
        return f"regex(., '{PATTERN}')", _form_texts(instrument, "bad_token", prefix)
    if item.range is None or item.kind not in ("number", "link"):
        return "", {}
    low, high = item.range
    if item.kind == "link":
        return f"regex(., '^([0-9]{{1,{len(str(high))}}}|[Xx])$')", _form_texts(instrument, "bad_code", prefix)
    inside = f". >= {low} and . <= {high}"
    if item.at_most:
        inside += f" and (${{{item.at_most}}} < 0 or . <= ${{{item.at_most}}})"
    codes = "".join(f" or . = {m.value}" for m in item.missing)
    message = _form_texts(instrument, "bad_most" if item.at_most else "bad_number", prefix, low=low, high=high)
    return f"({inside}){codes}", message


def _missing_lists(instrument: Instrument) -> dict[str, tuple[MissingOption, ...]]:
    """Name each distinct set of missing answers that belongs to an item itself (numbers)."""
    distinct: list[tuple[MissingOption, ...]] = []
    for item in instrument.items:
        if item.missing and item.missing not in distinct:
            distinct.append(item.missing)
    taken = {r.key for r in instrument.response_sets}
    names = (n for k in range(1, 1000) if (n := f"missing_{k}") not in taken)
    return {next(names): options for options in distinct}


def _choices(
    instrument: Instrument, lists: Mapping[str, tuple[MissingOption, ...]], wave: str | None
) -> list[Row]:  # fmt: skip
    rows = [row for r in instrument.response_sets for row in _response_set_rows(r)]
    for name, options in lists.items():
        rows += [_missing(name, m) for m in options]
    if wave is None and len(instrument.waves) > 1:
        rows += [{"list_name": WAVE_LIST, "name": w.key, **_labels(w.title)} for w in instrument.waves]
    return rows


def _response_set_rows(response_set: ResponseSet) -> list[Row]:
    bands = {v: (n, position) for n, band in enumerate(response_set.bands, 1) for position, v in enumerate(band)}
    order = [v for band in response_set.bands for v in band]
    listed = {k: {v: n for n, v in enumerate(getattr(response_set, k), 1)} for k in ("favourable", "agrees")}
    in_order = order == [v for v in response_set.values if v in bands]
    rows = [
        {"list_name": response_set.key, "name": o.value, **_labels(o.label), "also": "\n".join(o.also), "missing": "",
         "ordered": response_set.ordered, "open": "yes" if o.value == response_set.open else "",
         **{k: listed[k].get(o.value, "") for k in listed},
         "band": "" if o.value not in bands else bands[o.value][0] if in_order else ".".join(map(str, bands[o.value]))}
        for o in response_set.options
    ]  # fmt: skip
    return [*rows, *(_missing(response_set.key, m) for m in response_set.missing)]


def _missing(name: str, option: MissingOption) -> Row:
    return {"list_name": name, "name": option.value, **_labels(option.label), "also": "\n".join(option.also),
            "missing": "yes"}  # fmt: skip


def _settings(instrument: Instrument, wave: str | None) -> Row:
    language = instrument.languages[0]
    title = instrument.title.get(language) or next(iter(instrument.title.values()))
    digest = hashlib.sha256(instrument.model_dump_json().encode()).hexdigest()
    form = instrument.id.replace("-", "_")
    return {
        "form_title": f"{title}: {instrument.wave_title(wave, language)}" if wave else title,
        "form_id": f"{form}_{wave}" if wave else form,
        "version": str(int(digest[:12], 16)),
        "default_language": language_name(language),
    }


def _scale(instrument: Instrument, scale: Any) -> Row:
    return {
        "key": scale.key, **_labels(scale.title), "use": scale.use, "items": " ".join(scale.items),
        "score": scale.score, "minimum": scale.minimum, "low": scale.range[0], "high": scale.range[1],
        "transform": scale.transform, "direction": scale.direction, "primary": scale.primary, "model": scale.model,
        "smallest_change": scale.smallest_change, **_own_columns(scale.unit, "unit"), "dimension": scale.dimension,
        "source": scale.source,
    }  # fmt: skip


def _about(instrument: Instrument) -> list[Row]:
    rows: list[Row] = [{"key": "schema", "value": instrument.schema_}, {"key": "id", "value": instrument.id}]
    rows += [{"key": f"title {language_name(k)}", "value": v} for k, v in instrument.title.items()]
    rows += [{"key": k, "value": " ".join(getattr(instrument, k))} for k in ("languages", "link", "stable")]
    rows += [{"key": f"licence_text {language_name(k)}", "value": v} for k, v in instrument.licence_text.items()]
    rows += [{"key": k, "value": getattr(instrument, k)} for k in ("licence", "source")]
    roster = instrument.roster
    if roster is not None:
        rows += [{"key": f"roster.{k}", "value": getattr(roster, k)} for k in ("code", "own", "response_set", "tie")]
        rows += [
            {"key": "roster.waves", "value": " ".join(roster.waves)},
            {"key": "roster.source", "value": roster.source},
        ]
        for name in ("text", "own_text"):
            texts = getattr(roster, name).items()
            rows += [{"key": f"roster.{name} {language_name(k)}", "value": v} for k, v in texts]
    return rows
