"""Match coders' sheets with the answers: check that the rows still exist and hold the same answer."""

from collections.abc import Sequence

import pandas as pd

from vunki_eval.errors import Problem
from vunki_eval.project.instrument import Instrument
from vunki_eval.readers.wording import label_key, listed
from vunki_eval.survey.coding.codebook import Codebook
from vunki_eval.survey.coding.coder_sheets import CoderSheet, Place
from vunki_eval.survey.coding.compare import Coding
from vunki_eval.survey.coding.prepared_sheets import open_items


def match_coding(
    codebook: Codebook, sheets: Sequence[CoderSheet], responses: pd.DataFrame, instrument: Instrument
) -> tuple[Coding, tuple[Problem, ...]]:
    """Keep the codes of usable and unchanged answers; report the others by row, never by their text."""
    texts = _texts(responses, instrument)
    findings: list[Problem] = []
    moved: set[Place] = set()
    for sheet in sheets:
        gone = [sheet.lines[p] for p in sheet.codes if p not in texts]
        changed = [p for p, text in sheet.texts.items() if p in texts and not _same(text, texts[p][1])]
        moved |= set(changed)
        for places, problem, hint, code in (
            (gone, "The rows refer to no usable answer (any more)", "Remove them from the sheet.", "VE-767"),
            ([sheet.lines[p] for p in changed], "The text is not the answer in that row of the export",
             "Code the answers again with a fresh sheet from `vunki-eval code`.", "VE-768"),
        ):  # fmt: skip
            for file in sorted({f for f, _ in places}):
                rows = listed([line for f, line in places if f == file])
                findings.append(Problem(file, 0, "", f"{problem} (rows {rows}); they are left out.", hint, code))
    waves = {p: wave for p, (wave, _) in texts.items() if p not in moved}
    return Coding(codebook, tuple(sheets), waves), tuple(findings)


def _texts(responses: pd.DataFrame, instrument: Instrument) -> dict[Place, tuple[str, str]]:
    """Find wave and text of every usable answer to an open question."""
    texts: dict[Place, tuple[str, str]] = {}
    for item in open_items(instrument):
        if item.code in responses:
            answers = responses[["wave", "file", "row", item.code]].dropna()
            for wave, file, row, text in answers.itertuples(index=False, name=None):
                if str(text).strip():
                    texts[(item.code, str(file).rpartition("/")[2], int(row))] = (str(wave), str(text))
    return texts


def _same(shown: str, answer: str) -> bool:
    """Compare texts without case, punctuation and white space; a long one may be cut short in the sheet."""
    first, second = label_key(shown), label_key(answer)
    return first == second or (len(first) > 200 and second.startswith(first[:200]))
