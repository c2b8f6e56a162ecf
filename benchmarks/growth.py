"""How reading and analysing an event grows with respondents and with items; prints Markdown.

Simulated events (nobody's answers), three waves, each size in a process of its own with one thread. One export may hold
200 000 rows: beyond that the program refuses the file, and only the statistics themselves are timed.

python growth.py [--quick]
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from math import log
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = (100, 1_000, 10_000, 100_000)
SCALES = (0, 10, 40)
BEYOND = 1_000_000
EVENT = "2020-antsla"


def project(folder: Path, people: int, scales: int) -> None:
    """Write a simulated event of so many people, with so many more scales of four items each."""
    from vunki_eval.project.instrument import load_instrument
    from vunki_eval.simulate import simulate_event, to_google_forms

    surveys = folder / "surveys"
    (surveys / EVENT).mkdir(parents=True)
    head, first, *_ = re.split(r"(?m)^(?=\[\[event\]\])", (ROOT / "surveys" / "project.toml").read_text("utf-8"))
    first = re.sub(r"(?m)^(participants|claim) = .*\n", "", first)
    (surveys / "project.toml").write_text(head + first, "utf-8")
    text = (ROOT / "surveys" / "instrument.toml").read_text("utf-8")
    (surveys / "instrument.toml").write_text(text + more_scales(text, scales), "utf-8")
    event = simulate_event(load_instrument(surveys / "instrument.toml"), n=people, seed=1)
    for wave in ("pre", "post", "followup"):
        (surveys / EVENT / f"{wave}.csv").write_text(to_google_forms(event, wave), "utf-8", newline="")


def more_scales(text: str, scales: int) -> str:
    """Copy the scale CE and its items under other names."""
    blocks = text.split("\n[[")
    items = [b for b in blocks if b.startswith("item]]") and 'code = "CE' in b]
    scale = next(b for b in blocks if b.startswith("scale]]") and 'key = "CE"' in b)
    added = ""
    for i in range(scales):
        for block in [*items, scale]:
            renamed = re.sub(r'"CE(\d?)"', rf'"X{i:02}_\1"', block)
            renamed = re.sub(r"(?m)^(primary|smallest_change|retrospective_of) = .*\n", "", renamed)
            added += "\n[[" + re.sub(r'(?<![a-z_])(et|en) = "', rf'\1 = "{i:02} ', renamed)
    return added


def one(folder: Path) -> None:
    """Print seconds of reading and of analysing, and the highest memory, as JSON."""
    from vunki_eval.analysis import analyse
    from vunki_eval.errors import VunkiError
    from vunki_eval.project.project import load_project
    from vunki_eval.survey.study import load_study

    loaded = load_project(folder)
    began = time.process_time()
    try:
        study = load_study(loaded, EVENT)
    except VunkiError as error:
        print(json.dumps({"refused": str(error.problems[0].problem)}))
        return
    read = time.process_time()
    analyse(study)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    items = len(study.responses.columns)
    print(json.dumps({"read": read - began, "analyse": time.process_time() - read, "memory": most,
                      "rows": len(study.responses), "columns": items}))  # fmt: skip


def timed(people: int, scales: int, seconds: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="vunki-growth-") as name:
        env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "VUNKI_KEY_DIR": f"{name}/keys"}
        for verb in ("make", "run"):
            words = [sys.executable, __file__, verb, f"{name}/p", str(people), str(scales)]
            try:
                done = subprocess.run(words, capture_output=True, text=True, env=env, timeout=seconds)
            except subprocess.TimeoutExpired:
                return {"late": seconds}
            if done.returncode:
                return {"failed": done.stderr.strip().splitlines()[-1][:120]}  # type: ignore[dict-item]
        return dict(json.loads(done.stdout))


def row(name: str, found: dict[str, float]) -> str:
    if "read" not in found:
        said = found.get("refused") or found.get("failed") or f"more than {found.get('late'):.0f} s"
        return f"| {name} | | | | | {said} |"
    return (
        f"| {name} | {found['rows']:.0f} | {found['columns']:.0f} | {found['read']:.2f} | {found['analyse']:.2f} | "
        f"{found['memory']:.0f} |"
    )


def statistics_alone() -> str:
    """Time the statistics on a million pairs of answers."""
    import numpy as np

    from vunki_eval import stats

    draw = np.random.default_rng(1)
    before = draw.integers(0, 11, BEYOND).astype(float)
    after = np.clip(before + draw.integers(-2, 4, BEYOND), 0, 10)
    after[draw.random(BEYOND) < 0.3] = np.nan
    said = []
    for name in ("paired_change", "all_data_change", "wilcoxon"):
        began = time.process_time()
        getattr(stats, name)(before, after)
        said.append(f"`{name}` {time.process_time() - began:.2f} s")
    return f"Statistics alone on {BEYOND} people, 30 % of them once: {', '.join(said)}."


def main(quick: bool) -> None:
    head = "| {} | Rows | Columns | Read, clean, link, s CPU | Analyse, s CPU | Memory, MB |\n|---|---|---|---|---|---|"
    print("## Growth\n\nReading and analysing a simulated event (three waves), one process, one thread.\n")
    print(head.format("People"), flush=True)
    found = {}
    for people in PEOPLE[: 2 if quick else None]:
        found[people] = timed(people, 0, 900)
        print(row(str(people), found[people]), flush=True)
    done = [n for n, f in found.items() if "read" in f]
    if len(done) > 1:
        total = [found[n]["read"] + found[n]["analyse"] for n in done[-2:]]
        exponent = log(total[1] / total[0]) / log(done[-1] / done[-2])
        print(f"\nExponent between {done[-2]} and {done[-1]} people: {exponent:.2f}.")
    print(
        f"An export of more than 200 000 rows is refused (a limit of the reading). {statistics_alone()}\n", flush=True
    )
    print(head.format("Further scales of 4 items, 1 000 people"), flush=True)
    for scales in SCALES[: 2 if quick else None]:
        print(row(str(scales), timed(1_000, scales, 600)), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        project(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["run"]:
        one(Path(sys.argv[2]))
    else:
        main("--quick" in sys.argv)
