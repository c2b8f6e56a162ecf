"""Write the data-quality report as an HTML page: a single file that loads nothing over the network."""

from typing import Any

from vunki_eval.errors import as_called, in_language
from vunki_eval.language import Localizer
from vunki_eval.project.theme import THEME
from vunki_eval.publish.quality import wording
from vunki_eval.publish.quality.checked_event import CheckedEvent
from vunki_eval.publish.quality.page_responses import days, missing_table, spread
from vunki_eval.report.render.html.pages import style_sheet, template

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
    study = checked.study
    parts: dict[str, Row | None] = {"flow": None}
    if study is not None:
        parts = {
            "flow": _flow(data, say, checked), "times": days(checked, data["timing"], say),
            "missing": missing_table(checked, data, say), "distributions": spread(checked, data["distributions"], say),
            "changes": _changes(data, say),
        }  # fmt: skip
    synthetic = checked.project.synthetic(checked.event.id)
    return template("publish/quality/page.html").render(
        parts, language=say.language, style=style_sheet("publish/quality/page.css", theme=THEME),
        title=say._("Data quality: {event}", event=say.pick(checked.event.title, checked.event.id)),
        private=say._("For the evaluator only: it shows counts of a few people. Do not publish it or send it on."),
        synthetic=say._("SYNTHETIC DATA - not real answers") if synthetic else "", tiles=_tiles(checked, data, say),
        to_settle=_to_settle(checked, data, say), exports=_exports(checked, data, say), notes=_notes(data, say),
    ) + "\n"  # fmt: skip


def _tiles(checked: CheckedEvent, data: dict[str, Any], say: Localizer) -> list[tuple[str, str, bool]]:
    """List the numbers that a person looks for first."""
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
    return tiles


def _to_settle(checked: CheckedEvent, data: dict[str, Any], say: Localizer) -> Row:
    problems = [*data["problems"], *data["look"]]
    title = say._("To be settled by a person")
    if not problems:
        return {"title": title, "lead": say._("Nothing: every finding is settled."), "cards": [], "rest": ""}
    lead = ""
    if data["questions"]:
        lead = say._(
            "Run vunki-eval decide: it writes the open questions into checks/{event}/decisions.csv, ready to be "
            "filled in.",
            event=checked.event.id,
        )
    left = len(problems) - MOST_SHOWN
    return {
        "title": title, "lead": as_called(lead), "cards": [_card(p, say) for p in problems[:MOST_SHOWN]],
        "rest": say._("{n} more of this kind are not listed.", n=say.count(left)) if left > 0 else "",
    }  # fmt: skip


def _card(row: Row, say: Localizer) -> Row:
    column, problem, hint = (in_language(row[key], say.language) for key in ("column", "problem", "hint"))
    place = ":".join(str(part) for part in (row["file"], row["row"] or "", column) if part)
    return {"place": place, "problem": problem, "hint": hint, "code": row["code"]}


def _exports(checked: CheckedEvent, data: dict[str, Any], say: Localizer) -> Row:
    """Show how every file was understood."""
    headers = (say._("File"), say._("Wave"), say._("Read as"), say._("Responses"), say._("By code"),
             say._("By wording"), say._("By mapping"), say._("Tool's own"), say._("Unknown"))  # fmt: skip
    rows = []
    for export in data["exports"]:
        columns = export["columns"]
        counts = [columns[k] for k in ("code", "wording", "mapping", "own", "unknown")]
        reader = wording.reader(export["reader"], say) if export["reader"] else say._("not read")
        wave = checked.project.instrument.wave_title(export["wave"], say.language)
        numbers = map(say.count, (export["rows"], *counts)) if export["reader"] else [""] * 6
        rows.append((export["file"], wave, reader, *numbers))
    files = [columns for export in data["exports"] if (columns := _columns(export, say))["rows"]]
    lead = say._("Which tool each file comes from, and how its columns were matched with the questionnaire.")
    return {"title": say._("Files and their columns"), "lead": lead, "headers": headers, "rows": rows, "files": files}


def _columns(export: Row, say: Localizer) -> Row:
    """List a file's columns."""
    rows = [
        (m["header"], m["item"] + (f".{m['option']}" if m["option"] else ""), say._(wording.HOW[m["how"]]))
        for m in export["matched"]
    ]
    near = {n["header"]: n["item"] for n in export["near"]}
    rows += [(h, near.get(h, "") and f"{near[h]}?", say._("unknown")) for h in export["unknown"]]
    rows += [("", code, say._("no column")) for code in export["missing"]]
    return {
        "label": say._("Columns of {file}", file=export["file"]), "rows": rows,
        "headers": (say._("Header"), say._("Item"), say._("Matched")),
        "hint": say._("Proposed mapping: {file}.", file=export["proposal"]) if export["proposal"] else "",
    }  # fmt: skip


def _flow(data: dict[str, Any], say: Localizer, checked: CheckedEvent) -> Row:
    instrument = checked.project.instrument
    rows = [
        (
            instrument.wave_title(s["wave"], say.language), wording.step(s["step"], s["wave"], say),
            say._(wording.REASONS[s["reason"]]) if s["reason"] in wording.REASONS else s["reason"], say.count(s["n"]),
        )
        for s in data["flow"]
    ]  # fmt: skip
    share = data["linking"]["expected_wrong_share"]
    lead = say._("How many responses came back, are usable, and were linked between the waves.")
    if share is not None:
        lead += " " + say._(
            "Of all links {share} are expected to join two different people, judged by how often different people "
            "share elements of the code.",
            share=wording.wrong_share(share, say),
        )
    unlinked = [
        say._(
            "Linked to nobody in {file}: {n} responses (rows {rows}).", file=u["file"], n=say.count(u["n"]),
            rows=", ".join(map(str, u["rows"])),
        )
        for u in data["unlinked"]
    ]  # fmt: skip
    return {
        "title": say._("From file to analysis"), "lead": lead, "rows": rows,
        "headers": (say._("Wave"), say._("Step"), say._("Main loss"), "n"),
        "unlinked": unlinked, "not_linked": say._("Responses that were not linked"),
    }  # fmt: skip


def _changes(data: dict[str, Any], say: Localizer) -> Row:
    lead = say._("Every change is a row in changes.csv beside this page: file, row, column and rule.")
    rows = [(wording.rule(c["rule"], say), c["column"], say.count(c["n"])) for c in data["changes"]]
    return {
        "title": say._("Changes beyond plain coding"), "lead": lead if rows else say._("None."), "rows": rows,
        "headers": (say._("Rule"), say._("Item"), say._("Rows")),
    }  # fmt: skip


def _notes(data: dict[str, Any], say: Localizer) -> Row | None:
    if not data["notes"]:
        return None
    return {"title": say._("For information"), "lead": "", "cards": [_card(p, say) for p in data["notes"]]}
