"""Tolerant linking: how time grows with the number of codes, and that links are right.

python benchmarks/linking.py [--sizes 10000 100000 1000000] [--repeats 3]

Two waves of as many people; half of the second wave come back, and five in a hundred of their elements are mistyped.
Prints processor time, the exponent of growth, the share of returning people linked rightly, of links that are wrong,
and what was expected of it without knowing the truth.
"""

import argparse
import math
import statistics
import time

import numpy as np

from vunki_eval.survey.link import expected_wrong, pair_codes

LETTERS = (26, 31, 26, 8, 26, 26)  # first letter, day of birth, first letter, siblings, two letters
ERROR = 0.05


def waves(size: int, seed: int, letters: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Codes of both waves; the first half of the second are the people of the first half of the first."""
    draw = np.random.default_rng(seed)
    first, second = (np.column_stack([draw.integers(0, k, size) for k in letters]) for _ in range(2))
    second[: size // 2] = first[: size // 2]
    mistyped = draw.random((size // 2, len(letters))) < ERROR
    other = np.column_stack([draw.integers(0, k, size // 2) for k in letters])
    second[: size // 2][mistyped] = other[mistyped]
    return first, second


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    words.add_argument("--repeats", type=int, default=3)
    given = words.parse_args()
    costs: dict[int, list[float]] = {size: [] for size in given.sizes}
    said = []
    for repeat in range(given.repeats):
        for size in given.sizes:
            letters = (*LETTERS, 400, 400)  # eight elements: enough to tell a million people apart
            first, second = waves(size, repeat, letters)
            stable = (np.empty((size, 0), dtype=np.int64),) * 2
            start = time.process_time()
            pairs = pair_codes(first, second, stable=stable)
            costs[size].append(time.process_time() - start)
            if repeat == 0:
                right = int((pairs.left == pairs.right)[pairs.left < size // 2].sum())
                wrong = len(pairs.left) - right
                wanted = expected_wrong(first, second, pairs, stable=stable)
                said.append((size, right / (size // 2), wrong / len(pairs.left), wanted / len(pairs.left)))
    print("| Codes a wave | CPU, s (median) | Least-most | Returning linked | Links wrong | Expected |")
    print("|---|---|---|---|---|---|")
    for size, found, wrong, wanted in said:
        cpu = costs[size]
        print(
            f"| {size:,} | {statistics.median(cpu):.3f} | {min(cpu):.3f}-{max(cpu):.3f} | {found:.1%} | {wrong:.3%} |"
            f" {wanted:.3%} |"
        )
    least, most = min(given.sizes), max(given.sizes)
    times = statistics.median(costs[most]) / statistics.median(costs[least])
    print(f"\nGrowth: exponent {math.log(times) / math.log(most / least):.2f}; goal <= 1.3")


if __name__ == "__main__":
    main()
