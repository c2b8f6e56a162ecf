"""Codes of personal invitations: nobody guesses them, a slip of the pen is noticed, no two of their letters look alike.

A code has eleven drawn letters (50 bits) and a check letter, written in groups of four: ``K7RT-9XQM-4CAC``. The check
is a weighted sum modulo 23: it notices every single wrong letter and every two letters that changed places.
"""

import re
import secrets
from collections.abc import Collection

LETTERS = "34679ACDEFGHJKMNPQRTWXY"
DRAWN = 11
SIZE = DRAWN + 1
PATTERN = f"^[{LETTERS}{LETTERS.lower()}]{{4}}([- ]?[{LETTERS}{LETTERS.lower()}]{{4}}){{2}}$"


def new_tokens(count: int, taken: Collection[str] = ()) -> list[str]:
    """Draw codes that differ from each other and from those taken, from the system's source of randomness."""
    known = {normal_token(t)[:DRAWN] for t in taken}
    made: list[str] = []
    while len(made) < count:
        drawn = "".join(secrets.choice(LETTERS) for _ in range(DRAWN))
        if drawn not in known:
            known.add(drawn)
            made.append(shown_token(drawn + check_letter(drawn)))
    return made


def check_letter(drawn: str) -> str:
    """Give the check letter of the drawn letters.

    >>> check_letter("K7RT9XQM4CA")
    'C'
    """
    return LETTERS[sum(place * LETTERS.index(letter) for place, letter in enumerate(drawn, 1)) % len(LETTERS)]


def normal_token(text: str) -> str:
    """Bring a code as it was typed into one form: capitals, without hyphens and spaces.

    >>> normal_token("k7rt 9xqm-4cac")
    'K7RT9XQM4CAC'
    """
    return re.sub(r"[\W_]", "", text).upper()


def shown_token(token: str) -> str:
    """Write a code in groups of four."""
    return "-".join(token[n : n + 4] for n in range(0, len(token), 4))


def is_token(text: str) -> bool:
    """Tell whether a code is whole and its check letter right.

    >>> is_token("K7RT-9XQM-4CAC"), is_token("K7TR-9XQM-4CAC"), is_token("K7RT")
    (True, False, False)
    """
    token = normal_token(text)
    return len(token) == SIZE and set(token) <= set(LETTERS) and check_letter(token[:-1]) == token[-1]
