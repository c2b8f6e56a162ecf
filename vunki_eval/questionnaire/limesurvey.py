"""Write a wave as LimeSurvey's tab-separated survey structure (Create survey > Import), all languages in one file.

The shape follows structures that LimeSurvey itself wrote: survey settings (S), settings per language (SL), then per
language groups (G), questions (Q), sub-questions (SQ) and answers (A).
"""

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from vunki_eval.project.instrument import Instrument, Item, Value
from vunki_eval.project.tokens import PATTERN
from vunki_eval.questionnaire.form import (
    Group,
    array_codes,
    consent_item,
    consenting_value,
    form_text,
    grouped,
    linking_texts,
)

COLUMNS = ("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation",
           "mandatory", "other", "default", "same_default", "em_validation_q", "em_validation_q_tip",
           "exclude_all_others", "maximum_chars", "num_value_int_only")  # fmt: skip
SETTINGS = {"anonymized": "N", "format": "G", "savetimings": "N", "datestamp": "Y", "ipaddr": "N", "refurl": "N",
            "usecookie": "N", "allowprev": "Y", "allowsave": "N", "printanswers": "N", "publicstatistics": "N",
            "listpublic": "N", "assessments": "N", "usetokens": "N", "shownoanswer": "N", "showgroupinfo": "B",
            "showqnumcode": "X", "showwelcome": "Y", "showprogress": "Y"}  # fmt: skip
MOST_ANSWER_CODE = 5  # characters; LimeSurvey accepts no longer code of an answer
Row = dict[str, str]


def limesurvey_structure(
    instrument: Instrument, wave: str, languages: Sequence[str], consent: Mapping[str, Sequence[str]]
) -> str:
    """Return the text of the file; write it as UTF-8 with a byte order mark, which LimeSurvey expects.

    Parameters
    ----------
    instrument : Instrument
    wave : str
    languages : sequence of str
        The first one is the survey's base language.
    consent : mapping of str to sequence of str
        Paragraphs of the welcome page, by language.
    """
    rows = [*_settings(languages)]
    for language in languages:
        rows += _texts(instrument, wave, language, consent.get(language, ()))
    for language in languages:
        rows += _body(instrument, wave, language)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _settings(languages: Sequence[str]) -> Iterator[Row]:
    survey = {"sid": "1", "gsid": "1", "language": languages[0], "additional_languages": " ".join(languages[1:])}
    for name, value in {**survey, **SETTINGS}.items():
        yield {"class": "S", "name": name, "text": value}


def _texts(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> Iterator[Row]:
    title = instrument.title.get(language) or next(iter(instrument.title.values()))
    texts = {
        "surveyls_survey_id": "1",
        "surveyls_language": language,
        "surveyls_title": f"{title}: {instrument.wave_title(wave, language)}",
        "surveyls_welcometext": "".join(f"<p>{html.escape(p, quote=False)}</p>" for p in consent),
        "surveyls_endtext": f"<p>{html.escape(form_text(language, 'thanks'), quote=False)}</p>",
        "surveyls_dateformat": "5" if language == "en" else "1",
        "surveyls_numberformat": "0" if language == "en" else "1",
    }
    for name, text in texts.items():
        yield {"class": "SL", "name": name, "text": text, "language": language}


def _body(instrument: Instrument, wave: str, language: str) -> Iterator[Row]:
    """Yield the groups in the order consent, code, everything else; all but the first are shown only after consent."""
    items = instrument.in_wave(wave)
    consent = consent_item(items)
    pages = [
        (form_text(language, "before_you_answer"), "", [i for i in items if i.role == "consent"]),
        (*linking_texts(items, language), [i for i in items if i.role == "link"]),
        (form_text(language, "questions"), "", [i for i in items if i.role not in ("consent", "link")]),
    ]
    number = 0
    for position, (name, intro, members) in enumerate((n, i, m) for n, i, m in pages if m):
        condition = "1"
        if position > 0 and consent is not None:
            condition = f'{question_code(consent.code)}.NAOK == "{consenting_value(instrument, consent)}"'
        yield {"id": str(position + 1), "class": "G", "type/scale": str(position), "name": name, "relevance": condition,
               "text": intro, "language": language}  # fmt: skip
        for group in grouped(members):
            for rows in _questions(instrument, group, language):
                number += 1
                yield from ({**row, "id": str(number), "language": language} for row in rows)


def _questions(instrument: Instrument, group: Group, language: str) -> Iterator[list[Row]]:
    """Yield each question with its sub-questions and answers; a grid of single choices becomes one array question."""
    if group.is_grid and group.first.kind == "single" and len(group.items) > 1:
        code, rows = array_codes(instrument, group)
        question = _question("F", code, group.first.stem.get(language, ""))
        subquestions = [
            _part("SQ", question_code(r), _in_language(i.text, language))
            for r, i in zip(rows, group.items, strict=True)
        ]
        yield [question, *subquestions, *_answers(instrument, group.first, language)]
        return
    for item in group.items:
        yield _single(instrument, item, language)


def _single(instrument: Instrument, item: Item, language: str) -> list[Row]:
    text = item.wording(language)
    if item.kind == "single":
        question = _question("L", item.code, text, mandatory=item.role == "consent")
        return [question, *_answers(instrument, item, language)]
    if item.kind == "multiple":
        options = _answers(instrument, item, language, as_parts=True)
        exclusive = ";".join(f"M{-m.value}" for m in instrument.missing(item))
        return [_question("M", item.code, text) | {"exclude_all_others": exclusive}, *options]
    if item.kind == "number":
        return [_question("N", item.code, text) | _number(item, language)]
    if item.kind == "timestamp":
        return [_question("D", item.code, text)]
    if item.kind == "token":
        rule = f'is_empty(self.NAOK) or regexMatch("/{PATTERN}/", self.NAOK)'
        tip = form_text(language, "bad_token")
        return [_question("S", item.code, text) | {"em_validation_q": rule, "em_validation_q_tip": tip}]
    limits = {"maximum_chars": str(len(str(item.range[1])) if item.range else 1)} if item.kind == "link" else {}
    return [_question("T" if item.role == "text" else "S", item.code, text) | limits]


def _number(item: Item, language: str) -> Row:
    low, high = item.range or (0, 1_000_000)
    inside = f"(self.NAOK >= {low} and self.NAOK <= {high}"
    inside += f" and self.NAOK <= {question_code(item.at_most)}.NAOK)" if item.at_most else ")"
    codes = "".join(f" or self.NAOK == {m.value}" for m in item.missing)
    labelled_codes = ", ".join(f"{m.value} = {_in_language(m.label, language)}" for m in item.missing)
    return {
        "em_validation_q": f"is_empty(self.NAOK) or {inside}{codes}",
        "em_validation_q_tip": form_text(language, "hint_number", low=low, high=high),
        "help": form_text(language, "hint_missing", codes=labelled_codes) if labelled_codes else "",
        "num_value_int_only": "1" if item.integer else "0",
    }


def _question(kind: str, code: str, text: str, *, mandatory: bool = False) -> Row:
    return {"class": "Q", "type/scale": kind, "name": question_code(code), "relevance": "1",
            "text": html.escape(text, quote=False), "mandatory": "Y" if mandatory else "N", "other": "N"}  # fmt: skip


def _part(kind: str, code: str, text: str) -> Row:
    relevance = {"relevance": "1"} if kind == "SQ" else {}
    return {"class": kind, "type/scale": "0", "name": code, "text": html.escape(text, quote=False), **relevance}


def _answers(instrument: Instrument, item: Item, language: str, *, as_parts: bool = False) -> list[Row]:
    response_set = instrument.response_set(item)
    options = response_set.options if response_set else ()
    codes = [question_code(str(o.value)) for o in options] if as_parts else answer_codes([o.value for o in options])
    kind = "SQ" if as_parts else "A"
    rows = [_part(kind, code, _in_language(o.label, language)) for code, o in zip(codes, options, strict=True)]
    return [*rows, *(_part(kind, f"M{-m.value}", _in_language(m.label, language)) for m in instrument.missing(item))]


def question_code(code: str) -> str:
    """Return a code as LimeSurvey accepts it: letters and digits only."""
    return re.sub(r"[^A-Za-z0-9]", "", code)


def answer_codes(values: Sequence[Value]) -> list[str]:
    """Return distinct answer codes of at most five letters or digits; short keys and numbers stay as they are."""
    codes: list[str] = []
    for number, value in enumerate(values, 1):
        code = question_code(str(value))[:MOST_ANSWER_CODE]
        codes.append(code if code and code not in codes else f"A{number}")
    return codes


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))
