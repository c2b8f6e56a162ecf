"""Colours with the same meaning in every figure; those of waves and sectors are in the theme.

No figure depends on colour alone: low and high, or down and up, are always drawn on opposite sides of the middle.
"""

from vunki_eval.project.theme import THEME, contrast

LOW = ("#8c4510", "#d9a067")
LOW_SIDE = "#a06026"
MIDDLE = "#c9d0d3"
HIGH = ("#93b5d6", "#1f4e79")
HIGH_SIDE = "#3b71a3"
DOWN, SAME, UP, REST = LOW[1], MIDDLE, HIGH_SIDE, "#ddd3c6"
WHITE = "#ffffff"


def on(colour: str) -> str:
    """Choose the colour of letters on a background: ink or white, whichever has more contrast."""
    return WHITE if contrast(colour, WHITE) >= contrast(colour, THEME.ink) else THEME.ink
