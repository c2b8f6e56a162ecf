"""Write synthetic lists of participants: names such as "Osaleja 17", addresses in .invalid, no real people."""

import csv
import io

import numpy as np

HEADER = ("Jrk", "Nimi", "E-post", "Omavalitsus", "Endine Misso või Orava", "Registreerus", "Osales")
PLACES = {
    "Antsla vald": 0.28, "Rõuge vald": 0.22, "Võru vald": 0.2, "Võru linn": 0.18, "Setomaa vald": 0.07, "mujalt": 0.05,
}  # fmt: skip
PARTLY_INSIDE = ("Rõuge vald", "Võru vald")
EXCEPTED = 0.15  # share of people from the part of those municipalities that is outside the area


def participant_list(numbers: range | list[int], *, attended: int, delimiter: str = ",") -> str:
    """Write a list of people who registered; the first ``attended`` of them came.

    A person's number determines where they come from, so that the same number on two lists is the same person.
    """
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    table.writerow(HEADER)
    for row, number in enumerate(numbers, 1):
        rng = np.random.default_rng([20190901, number])
        place = str(rng.choice(list(PLACES), p=list(PLACES.values())))
        excepted = ("jah" if rng.random() < EXCEPTED else "ei") if place in PARTLY_INSIDE else ""
        attendance = "jah" if row <= attended else "ei"
        address = f"osaleja{number}@naide.invalid"
        table.writerow([row, f"Osaleja {number}", address, place, excepted, "jah", attendance])
    return out.getvalue()
