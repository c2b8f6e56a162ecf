"""Write the data-quality report as an HTML page: a single file that loads nothing over the network."""

from html import escape
from typing import Any

from vunki_eval.errors import Problem, as_called
from vunki_eval.language import Localizer
from vunki_eval.language.sentences import in_language
from vunki_eval.publish.quality import wording
from vunki_eval.publish.quality.event import CheckedEvent
from vunki_eval.publish.quality.markup import STYLE, section, table
from vunki_eval.publish.quality.page_responses import days, missing_table, spread

Row = dict[str, Any]
MOST_SHOWN = 200


def page(checked: CheckedEvent, data: dict[str, Any], say: Localizer) -> str:
    """Write the page for a checked event.

    Parameters
    ----------
    checked : CheckedEvent
    data : dict
        The event's `vunki_eval.publish.quality.summary.summary`.
    say : Localizer
    """
    title = say._("Data quality: {event}", event=say.pick(checked.event.title, checked.event.id))
    parts = [_tiles(checked, data, say), _to_settle(checked, data, say), _exports(checked, data, say)]
    if checked.study is not None:
        parts += [_flow(data, say, checked), days(checked, data["timing"], say), missing_table(checked, data, say),
                  spread(checked, data["distributions"], say), _changes(data, say)]  # fmt: skip
    parts.append(_notes(data, say))
    private = say._("For the evaluator only: it shows counts of a few people. Do not publish it or send it on.")
    synthetic = checked.project.synthetic(checked.event.id)
    banner = (
        f'<header><p class="synthetic">{escape(say._("SYNTHETIC DATA - not real answers"))}</p></header>'
        if synthetic
        else ""
    )
    return (
        f'<!doctype html>\n<html lang="{say.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>{banner}<main>"
        f'<h1>{escape(title)}</h1><p class="private">{escape(private)}</p>{"".join(parts)}</main></body></html>\n'
    )


def _tiles(checked: CheckedEvent, data: dict[str, Any], say: Localizer) -> str:
    """Write the numbers that a person looks for first."""
    instrument, study = checked.project.instrument, checked.study
    tiles = [(str(len(data["problems"]) + len(data["look"])), say._("to be settled by a person"), True)]
    if study is not None:
        for step in data["flow"]:
            if step["step"] == f"usable_{step['wave']}":
                name = instrument.wave_title(step["wave"], say.language)
                tiles.append((say.count(step["n"]), say._("usable responses: {wave}", wave=name), False))
        linked = [s for s in data["flow"] if s["step"] == f"linked_{s['wave']}"]
        tiles += [
            (say.count(s["n"]), say._("linked: {wave}", wave=instrument.wave_title(s["wave"], say.language)), False)
            for s in linked
        ]
        if (share := data["linking"]["expected_wrong_share"]) is not None:
            tiles.append((wording.wrong_share(share, say), say._("of links expected to be wrong"), False))
        tiles.append((say.count(sum(c["n"] for c in data["changes"])), say._("cells changed or rows left out"), False))
    return '<div class="tiles">' + "".join(
        f'<div class="tile{" warm" if warm and number != "0" else ""}"><b>{escape(number)}</b>{escape(label)}</div>'
        for number, label, warm in tiles
    ) + "</div>"  # fmt: skip


def _to_settle(checked: CheckedEvent, data: dict[str, Any], say: Localizer) -> str:
    problems = [*data["problems"], *data["look"]]
    title = say._("To be settled by a person")
    if not problems:
        return section(title, lead=say._("Nothing: every finding is settled."))
    lead = ""
    if data["questions"]:
        lead = say._(
            "Run vunki-eval decide: it writes the open questions into checks/{event}/decisions.csv, ready to be "
            "filled in.",
            event=checked.event.id,
        )
    cards = "".join(_card(p, say) for p in problems[:MOST_SHOWN])
    left = len(problems) - MOST_SHOWN
    rest = f"<p>{escape(say._('{n} more of this kind are not listed.', n=say.count(left)))}</p>" if left > 0 else ""
    return section(title, f'<ol class="cards">{cards}</ol>{rest}', lead=as_called(lead))


def _card(row: Row, say: Localizer) -> str:
    problem = in_language(Problem(**row), say.language)
    place = ":".join(str(part) for part in (problem.file, problem.row or "", problem.column) if part)
    return (
        f"<li><code>{escape(place)}</code><p>{escape(problem.problem)}</p>"
        f'<p class="hint">{escape(problem.hint)} <span class="code">{escape(problem.code)}</span></p></li>'
    )


def _exports(checked: CheckedEvent, data: dict[str, Any], say: Localizer) -> str:
    """Show how every file was understood."""
    headers = (say._("File"), say._("Wave"), say._("Read as"), say._("Responses"), say._("By code"),
             say._("By wording"), say._("By mapping"), say._("Tool's own"), say._("Unknown"))  # fmt: skip
    rows, details = [], []
    for export in data["exports"]:
        columns = export["columns"]
        counts = [columns[k] for k in ("code", "wording", "mapping", "own", "unknown")]
        reader = wording.reader(export["reader"], say) if export["reader"] else say._("not read")
        wave = checked.project.instrument.wave_title(export["wave"], say.language)
        numbers = map(say.count, (export["rows"], *counts)) if export["reader"] else [""] * 6
        rows.append((export["file"], wave, reader, *numbers))
        details.append(_columns(export, say))
    label = say._("Files and their columns")
    lead = say._("Which tool each file comes from, and how its columns were matched with the questionnaire.")
    return section(label, table(headers, rows, label=label, numbers=6), *details, lead=lead)


def _columns(export: Row, say: Localizer) -> str:
    """List a file's columns, folded away until the reader opens them."""
    rows = [
        (m["header"], m["item"] + (f".{m['option']}" if m["option"] else ""), say._(wording.HOW[m["how"]]))
        for m in export["matched"]
    ]
    near = {n["header"]: n["item"] for n in export["near"]}
    rows += [(h, near.get(h, "") and f"{near[h]}?", say._("unknown")) for h in export["unknown"]]
    rows += [("", code, say._("no column")) for code in export["missing"]]
    if not rows:
        return ""
    label = say._("Columns of {file}", file=export["file"])
    headers = (say._("Header"), say._("Item"), say._("Matched"))
    hint = say._("Proposed mapping: {file}.", file=export["proposal"]) if export["proposal"] else ""
    return (
        f"<details><summary>{escape(label)}</summary>{f'<p>{escape(hint)}</p>' if hint else ''}"
        f"{table(headers, rows, label=label)}</details>"
    )


def _flow(data: dict[str, Any], say: Localizer, checked: CheckedEvent) -> str:
    instrument = checked.project.instrument
    rows = [
        (
            instrument.wave_title(s["wave"], say.language), wording.step(s["step"], s["wave"], say),
            say._(wording.REASONS[s["reason"]]) if s["reason"] in wording.REASONS else s["reason"], say.count(s["n"]),
        )
        for s in data["flow"]
    ]  # fmt: skip
    headers = (say._("Wave"), say._("Step"), say._("Main loss"), "n")
    label = say._("From file to analysis")
    share = data["linking"]["expected_wrong_share"]
    lead = say._("How many responses came back, are usable, and were linked between the waves.")
    if share is not None:
        lead += " " + say._(
            "Of all links {share} are expected to join two different people, judged by how often different people "
            "share elements of the code.",
            share=wording.wrong_share(share, say),
        )
    unlinked = "".join(
        f"<p>{escape(sentence)}</p>"
        for u in data["unlinked"]
        for sentence in [say._(
            "Linked to nobody in {file}: {n} responses (rows {rows}).", file=u["file"], n=say.count(u["n"]),
            rows=", ".join(map(str, u["rows"])),
        )]
    )  # fmt: skip
    details = f"<details><summary>{escape(say._('Responses that were not linked'))}</summary>{unlinked}</details>"
    return section(label, table(headers, rows, label=label, numbers=1), details if unlinked else "", lead=lead)


def _changes(data: dict[str, Any], say: Localizer) -> str:
    label = say._("Changes beyond plain coding")
    lead = say._("Every change is a row in changes.csv beside this page: file, row, column and rule.")
    rows = [(wording.rule(c["rule"], say), c["column"], say.count(c["n"])) for c in data["changes"]]
    if not rows:
        return section(label, lead=say._("None."))
    headers = (say._("Rule"), say._("Item"), say._("Rows"))
    return section(label, table(headers, rows, label=label, numbers=1), lead=lead)


def _notes(data: dict[str, Any], say: Localizer) -> str:
    if not data["notes"]:
        return ""
    cards = "".join(_card(p, say) for p in data["notes"])
    return section(say._("For information"), f'<ol class="cards calm">{cards}</ol>')
