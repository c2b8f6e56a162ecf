"""Summarise a check for the terminal, in a few plain lines per file."""

from collections.abc import Iterator
from typing import Any

from vunki_eval.language import Localizer
from vunki_eval.publish.quality import wording
from vunki_eval.publish.quality.checked_event import CheckedEvent


def lines(checked: CheckedEvent, data: dict[str, Any], say: Localizer) -> Iterator[str]:
    """Yield lines on what was recognised in each file, what was changed, and what is left to do."""
    event = checked.event.id
    yield say._("{event}: {title}", event=event, title=say.pick(checked.event.title, event))
    if not data["exports"]:
        yield "  " + say._("No exports are named for this event in surveys/project.toml.")
    for export in data["exports"]:
        yield from _export(export, checked, say)
    if checked.study is not None:
        yield from _linking(data, checked, say)
        changed = sum(c["n"] for c in data["changes"])
        yield "  " + say._(
            "Changed beyond plain coding: {n}, each listed in {file}.",
            n=say.count(changed),
            file=f"checks/{event}/changes.csv",
        )
    to_settle = len(data["problems"]) + len(data["look"])
    yield "  " + say._(
        "To be settled by a person: {n}. All of it: {file}.",
        n=say.count(to_settle),
        file=f"checks/{event}/quality.html",
    )
    if data["questions"]:
        yield "  " + say._(
            "Questions to rule on: {n}; vunki-eval decide --event {event} writes them as a sheet.",
            n=say.count(data["questions"]),
            event=event,
        )


def _export(export: dict[str, Any], checked: CheckedEvent, say: Localizer) -> Iterator[str]:
    wave = checked.project.instrument.wave_title(export["wave"], say.language)
    if not export["reader"]:
        yield "  " + say._("{file} ({wave}): not read, see the message.", file=export["file"], wave=wave)
        return
    yield "  " + say._(
        "{file} ({wave}): {reader}, responses: {n}.",
        file=export["file"],
        wave=wave,
        reader=wording.reader(export["reader"], say),
        n=say.count(export["rows"]),
    )
    columns = export["columns"]
    yield "    " + say._(
        "Columns recognised: by code {code}, by wording {wording}, by the mapping file {mapping}; the tool's own "
        "{own}; unknown {unknown}.",
        **{k: say.count(n) for k, n in columns.items()},
    )
    if export["proposal"]:
        yield "    " + say._(
            "Proposed mapping: {file}. Complete it and put it beside the export.", file=export["proposal"]
        )


def _linking(data: dict[str, Any], checked: CheckedEvent, say: Localizer) -> Iterator[str]:
    """Yield the linking rate of every later wave, and the share of links that are expected to be wrong."""
    usable = {s["wave"]: s["n"] for s in data["flow"] if s["step"] == f"usable_{s['wave']}"}
    for step in data["flow"]:
        if step["step"] == f"linked_{step['wave']}" and usable.get(step["wave"]):
            yield "  " + say._(
                "Linked with the first wave: {wave}, {n} of {usable} ({share}).",
                wave=checked.project.instrument.wave_title(step["wave"], say.language),
                n=say.count(step["n"]),
                usable=say.count(usable[step["wave"]]),
                share=say.percent(step["n"] / usable[step["wave"]]),
            )
    if (share := data["linking"]["expected_wrong_share"]) is not None:
        yield "  " + say._("Share of links expected to be wrong: {share}.", share=wording.wrong_share(share, say))
