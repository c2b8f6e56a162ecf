"""Write a wave in every shape that the readers know.

The shapes follow real exports where there are any; Google Forms, Typeform and ODS follow their documented structure.
To add a shape, write ``(wave, folder) -> path`` and its line in `SHAPES`; the contract test reads it back.
"""

from collections.abc import Callable
from pathlib import Path

from vunki_eval.simulate.shapes import forms, research, tables
from vunki_eval.simulate.shapes.wave import SimulatedWave, simulated_wave

__all__ = ["SHAPES", "SimulatedWave", "simulated_wave", "write_shape"]

Writer = Callable[[SimulatedWave, Path], Path]
SHAPES: dict[str, tuple[str, Writer]] = {
    writer.__name__: (reader, writer)
    for reader, writers in {
        "google_forms": (forms.google_forms_csv, forms.google_sheets_csv, forms.google_sheets_xlsx),
        "microsoft_forms": (forms.microsoft_forms,),
        "limesurvey": (research.limesurvey_answers, research.limesurvey_codes, research.limesurvey_both),
        "limesurvey_r": (research.limesurvey_r,),
        "kobo": (research.kobo_csv, research.kobo_xlsx, research.kobo_joined_csv, research.kobo_columns_csv,
                 research.odk_central),
        "qualtrics": (research.qualtrics_three, research.qualtrics_two),
        "surveymonkey": (forms.surveymonkey_two_csv, forms.surveymonkey_two_xlsx, forms.surveymonkey_three_csv,
                         forms.surveymonkey_three_xlsx),
        "redcap": (research.redcap,),
        "typeform": (forms.typeform,),
        "spss": (tables.spss,),
        "plain": (tables.plain_csv, tables.plain_utf16, tables.plain_xlsx, tables.plain_ods),
        "paper": (tables.paper,),
    }.items()
    for writer in writers
}  # fmt: skip
"""Maps the name of a shape to the reader that reads it and the function that writes it."""


def write_shape(shape: str, wave: SimulatedWave, folder: Path) -> Path:
    """Write a wave in a shape.

    Parameters
    ----------
    shape : str
        A key of `SHAPES`.
    wave : SimulatedWave
        See `simulated_wave`.
    folder : Path
        Where to write the file and what belongs to it (a dictionary, a syntax file).

    Returns
    -------
    Path
        The export.
    """
    return SHAPES[shape][1](wave, folder)
