"""Codes of personal invitations: hard to guess, with a check letter against typing errors, and no similar letters.

A code has eleven random letters (50 bits) and a check letter, written in groups of four: ``K7RT-9XQM-4CAC``. The check
letter is a weighted sum modulo 23: it detects every single wrong letter and every swap of two letters.
"""

import re
import secrets
from collections.abc import Collection

LETTERS = "34679ACDEFGHJKMNPQRTWXY"
DRAWN = 11
SIZE = DRAWN + 1
PATTERN = f"^[{LETTERS}{LETTERS.lower()}]{{4}}([- ]?[{LETTERS}{LETTERS.lower()}]{{4}}){{2}}$"


def new_tokens(count: int, taken: Collection[str] = ()) -> list[str]:
    """Draw new codes from the system's secure source of randomness; none repeats another or one already taken."""
    used = {normal_token(t)[:DRAWN] for t in taken}
    tokens: list[str] = []
    while len(tokens) < count:
        drawn = "".join(secrets.choice(LETTERS) for _ in range(DRAWN))
        if drawn not in used:
            used.add(drawn)
            tokens.append(shown_token(drawn + check_letter(drawn)))
    return tokens


def check_letter(drawn: str) -> str:
    """Compute the check letter of the random letters.

    >>> check_letter("K7RT9XQM4CA")
    'C'
    """
    return LETTERS[sum(place * LETTERS.index(letter) for place, letter in enumerate(drawn, 1)) % len(LETTERS)]


def normal_token(text: str) -> str:
    """Normalise a code as it was typed: capitals, without hyphens and spaces.

    >>> normal_token("k7rt 9xqm-4cac")
    'K7RT9XQM4CAC'
    """
    return re.sub(r"[\W_]", "", text).upper()


def shown_token(token: str) -> str:
    """Write a code in groups of four."""
    return "-".join(token[n : n + 4] for n in range(0, len(token), 4))


def is_token(text: str) -> bool:
    """Tell whether a code is complete and its check letter correct.

    >>> is_token("K7RT-9XQM-4CAC"), is_token("K7TR-9XQM-4CAC"), is_token("K7RT")
    (True, False, False)
    """
    token = normal_token(text)
    return len(token) == SIZE and set(token) <= set(LETTERS) and check_letter(token[:-1]) == token[-1]
