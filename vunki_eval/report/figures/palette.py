"""Colours that mean the same in every figure, beside those of waves and sectors in the theme.

Low and high, down and up stand on either side of the middle: the direction says what the colour says.
"""

from vunki_eval.project.theme import THEME, contrast

LOW = ("#8c4510", "#d9a067")
LOW_TOGETHER = "#a06026"
MIDDLE = "#c9d0d3"
HIGH = ("#93b5d6", "#1f4e79")
HIGH_TOGETHER = "#3b71a3"
DOWN, SAME, UP, REST = LOW[1], MIDDLE, HIGH_TOGETHER, "#ddd3c6"
WHITE = "#ffffff"


def on(colour: str) -> str:
    """Give the colour of letters on a colour: ink or white, whichever reads better."""
    return WHITE if contrast(colour, WHITE) >= contrast(colour, THEME.ink) else THEME.ink
