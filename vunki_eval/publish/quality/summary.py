"""Summarise a check as one JSON document for programs; the page and the terminal show parts of it."""

import math
from collections import Counter
from pathlib import PurePath
from typing import Any

from vunki_eval.publish.quality import response_patterns
from vunki_eval.publish.quality.event import CheckedEvent
from vunki_eval.readers.recognised import Recognised, propose_mapping

SCHEMA = 1


def summary(checked: CheckedEvent) -> dict[str, Any]:
    """Summarise what reading, cleaning and linking did.

    Returns
    -------
    dict
        ``schema``, ``event``, ``exports`` (how each file was understood), ``problems`` (errors that stop the event),
        ``look`` and ``notes`` (findings), ``questions`` (number of open questions) and, if the exports could be read,
        ``files`` (path, rows), ``flow``, ``linking``, ``unlinked``, ``missingness``, ``distributions``, ``timing`` and
        ``changes`` (rule, column, n). It holds no linking codes and no free text.
    """
    study = checked.study
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "event": checked.event.id,
        "exports": [_export(e, checked.event.id) for e in checked.exports],
        "problems": [p.as_dict() for p in checked.problems],
        "look": [f.as_dict() for f in checked.to_settle],
        "notes": [f.as_dict() for f in study.findings if f.level != "look"] if study else [],
        "questions": len(checked.questions),
    }
    if study is None:
        return data
    flow = study.flow.astype(object).where(study.flow.notna(), None)
    changes = Counter(zip(study.log["rule"], study.log["column"], strict=True))
    share = study.false_link_share
    return data | {
        "files": [{"path": i.path, "rows": i.rows} for i in study.inputs],
        "flow": flow.to_dict("records"),
        "linking": {"expected_wrong_share": None if math.isnan(share) else float(f"{share:.6g}")},
        "unlinked": response_patterns.unlinked(study),
        "missingness": response_patterns.missingness(study),
        "distributions": response_patterns.distributions(study),
        "timing": response_patterns.timing(study),
        "changes": [{"rule": r, "column": c, "n": n} for (r, c), n in sorted(changes.items())],
    }


def proposals(checked: CheckedEvent) -> dict[str, str]:
    """Return the proposed mapping files, as text by file name."""
    return {PurePath(name).name: text for name, text in propose_mapping(checked.exports).items()}


def _export(export: Recognised, event: str) -> dict[str, Any]:
    # Each column once: a column of several options is matched once per option.
    columns = Counter(how for _, how in {(header, how) for header, _, _, how in export.matched})
    proposed = next(iter(propose_mapping([export])), "")
    return {
        "file": export.file, "wave": export.wave, "reader": export.reader, "sheet": export.sheet, "rows": export.rows,
        "columns": {
            "code": columns["code"], "wording": columns["wording"], "mapping": columns["mapping"],
            "own": len(export.own), "unknown": len(export.unmatched),
        },
        "matched": [dict(zip(("header", "item", "option", "how"), m, strict=True)) for m in export.matched],
        "unknown": list(export.unmatched),
        "missing": list(export.missing),
        "near": [{"header": p.header, "item": p.item, "likeness": p.likeness} for p in export.proposals],
        "proposal": f"checks/{event}/{PurePath(proposed).name}" if proposed else "",
        "problems": [p.as_dict() for p in export.problems],
    }  # fmt: skip
