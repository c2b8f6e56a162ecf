"""Synthetic lists of participants: "Osaleja 17" and addresses that lead nowhere; nobody real, nobody who answered."""

import csv
import io

import numpy as np

HEAD = ("Jrk", "Nimi", "E-post", "Omavalitsus", "Endine Misso või Orava", "Registreerus", "Osales")
PLACES = {
    "Antsla vald": 0.28, "Rõuge vald": 0.22, "Võru vald": 0.2, "Võru linn": 0.18, "Setomaa vald": 0.07, "mujalt": 0.05,
}  # fmt: skip
ASKED = ("Rõuge vald", "Võru vald")
EXCEPTED = 0.15


def participant_list(numbers: range | list[int], *, attended: int, delimiter: str = ",") -> str:
    """Write a list of those who registered; the first ``attended`` of them came.

    A person's number decides where they come from, so that the same number on two lists is the same person.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    table.writerow(HEAD)
    for row, number in enumerate(numbers, 1):
        rng = np.random.default_rng([20190901, number])
        place = str(rng.choice(list(PLACES), p=list(PLACES.values())))
        excepted = ("jah" if rng.random() < EXCEPTED else "ei") if place in ASKED else ""
        came = "jah" if row <= attended else "ei"
        address = f"osaleja{number}@naide.invalid"
        table.writerow([row, f"Osaleja {number}", address, place, excepted, "jah", came])
    return out.getvalue()
