"""Reading, cleaning and scoring a million responses of forty items: plain pandas against vunki_eval, interleaved.

python benchmarks/reading.py [--files 5] [--rows 200000] [--repeats 3]

Both read the same CSV files (a file holds at most 200 000 responses), turn labels into codes, refuse what fits nothing,
turn reversed items around and give the mean of every scale; the scores are compared. Each run is a process of its own:
processor time, and the highest memory above that of the imports.
"""

import argparse
import csv
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ITEMS, SCALES = 40, 8
LABELS = ("ei nõustu üldse", "pigem ei nõustu", "nii ja naa", "pigem nõustun", "nõustun täielikult")


def write(folder: Path, files: int, rows: int) -> None:
    """Write answers: labels, three in a hundred blank."""
    rng = np.random.default_rng(1)
    words = np.array([*LABELS, ""], dtype=object)
    for number in range(files):
        drawn = rng.integers(0, 5, (rows, ITEMS))
        drawn[rng.random((rows, ITEMS)) < 0.03] = 5
        with (folder / f"{number}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([f"Väide number {k + 1}" for k in range(ITEMS)])
            writer.writerows(words[drawn].tolist())


def scales() -> dict[str, list[int]]:
    each = ITEMS // SCALES
    return {f"S{s + 1}": list(range(s * each, (s + 1) * each)) for s in range(SCALES)}


def turned(item: int) -> bool:
    return item % 5 == 4


def with_pandas(paths: list[Path]) -> "np.ndarray":
    """Do it as one would by hand."""
    import pandas as pd

    codes = {label: k + 1 for k, label in enumerate(LABELS)} | {"": np.nan}
    parts = []
    for path in paths:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, index_col=False)
        coded = pd.DataFrame({c: frame[c].str.strip().str.lower().map(codes) for c in frame})
        wrong = coded.isna() & (frame != "")
        if wrong.to_numpy().any():
            raise ValueError("an answer fits no label")
        for k in filter(turned, range(ITEMS)):
            coded.iloc[:, k] = 6 - coded.iloc[:, k]
        scores = {}
        for key, items in scales().items():
            block = coded.iloc[:, items]
            scores[key] = block.mean(axis=1).where(block.notna().sum(axis=1) >= 3)
        parts.append(pd.DataFrame(scores))
    return pd.concat(parts, ignore_index=True).to_numpy()


def with_vunki(paths: list[Path]) -> "np.ndarray":
    import pandas as pd

    from vunki_eval.project.instrument import Instrument
    from vunki_eval.project.project import Event
    from vunki_eval.readers import read_export
    from vunki_eval.readers.column_mapping import map_columns
    from vunki_eval.survey.clean import clean_table
    from vunki_eval.survey.score import score_responses

    options = [{"value": k + 1, "label": {"et": label}} for k, label in enumerate(LABELS)]
    items = [
        {"code": f"I{k + 1}", "role": "scale", "text": {"et": f"Väide number {k + 1}"}, "waves": ["pre"],
         "response_set": "agree", "reverse": turned(k)}
        for k in range(ITEMS)
    ]  # fmt: skip
    made = [
        {"key": key, "title": {"et": key}, "items": [f"I{k + 1}" for k in places], "range": [1, 5], "minimum": 3}
        for key, places in scales().items()
    ]
    instrument = Instrument.model_validate({
        "id": "b", "title": {"et": "B"}, "languages": ["et"], "item": items, "scale": made,
        "wave": [{"key": "pre", "order": 1, "title": {"et": "enne"}}],
        "response_set": [{"key": "agree", "options": options}],
    })  # fmt: skip
    event, parts = Event(id="e", title={"et": "E"}), []
    for path in paths:
        table = read_export(path, path.name)
        mapping = map_columns(table, instrument, "pre")
        done = clean_table(table, mapping, instrument, wave="pre", event=event, key=b"k" * 32)
        rows = done.responses.assign(respondent=range(len(table)), link_method="none")
        scores = score_responses(rows, instrument)
        size = len(rows)
        parts.append(np.column_stack([scores["score"].to_numpy()[k * size : (k + 1) * size] for k in range(SCALES)]))
        del table, mapping, done, rows, scores
    assert pd is not None
    return np.concatenate(parts)


def measured(way: str, folder: Path) -> None:
    """Run one way and print what it cost."""
    import pandas as pd

    import vunki_eval.survey.clean  # imports are not part of the work on either side
    import vunki_eval.survey.score  # noqa: F401

    assert pd is not None
    before, start = peak(), time.process_time()
    paths = sorted(folder.glob("*.csv"))
    scores = {"pandas": with_pandas, "vunki_eval": with_vunki}[way](paths)
    cost = time.process_time() - start
    digest = hashlib.sha256(np.nan_to_num(scores.round(9), nan=-1).tobytes()).hexdigest()
    print(json.dumps({"cpu": cost, "bytes": (peak() - before) * 1024 / len(scores), "scores": digest}))


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--files", type=int, default=5)
    words.add_argument("--rows", type=int, default=200_000)
    words.add_argument("--repeats", type=int, default=3)
    words.add_argument("--way", choices=("pandas", "vunki_eval"))
    words.add_argument("--folder", type=Path)
    given = words.parse_args()
    if given.way:
        measured(given.way, given.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), given.files, given.rows)
        found: dict[str, list[dict[str, float]]] = {"pandas": [], "vunki_eval": []}
        for _ in range(given.repeats):
            for way, costs in found.items():
                command = [sys.executable, __file__, "--way", way, "--folder", name]
                costs.append(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))
    same = len({c["scores"] for costs in found.values() for c in costs}) == 1
    ratios = [p["cpu"] / v["cpu"] for p, v in zip(found["pandas"], found["vunki_eval"], strict=True)]
    print(f"{given.files} x {given.rows:,} responses, {ITEMS} items; scores {'equal' if same else 'DIFFER'}\n")
    print("| Way | CPU, s (median) | Least-most | Peak, bytes a response |\n|---|---|---|---|")
    for way, costs in found.items():
        cpu = [c["cpu"] for c in costs]
        most = max(c["bytes"] for c in costs)
        print(f"| {way} | {statistics.median(cpu):.1f} | {min(cpu):.1f}-{max(cpu):.1f} | {most:.0f} |")
    print(f"\npandas / vunki_eval: {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f}); goal >= 4")


if __name__ == "__main__":
    main()
