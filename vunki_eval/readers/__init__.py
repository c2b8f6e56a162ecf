"""Read the exports of survey tools as tables of text.

A reader is a module with ``NAME``, ``recognises(source) -> bool`` and ``read(source, options) -> RawTable``. To add
one, write the module and list it in `READERS`. The first reader that recognises a file reads it; `plain` takes whatever
is left, so it comes last.
"""

from pathlib import Path
from types import ModuleType

from vunki_eval.errors import M_, ConfigError, Problem
from vunki_eval.project.project import ReaderOptions
from vunki_eval.readers.files.opening import open_source, without_row_numbers
from vunki_eval.readers.files.source import Source
from vunki_eval.readers.table import RawTable, SourceColumn
from vunki_eval.readers.tools import (
    google_forms,
    kobo,
    limesurvey,
    limesurvey_r,
    microsoft_forms,
    paper,
    plain,
    qualtrics,
    redcap,
    spss,
    surveymonkey,
    typeform,
)

__all__ = ["READERS", "RawTable", "Source", "SourceColumn", "choose_reader", "open_source", "read_export"]

READERS: dict[str, ModuleType] = {
    module.NAME: module
    for module in (
        spss,
        qualtrics,
        surveymonkey,
        typeform,
        kobo,
        redcap,
        limesurvey,
        limesurvey_r,
        microsoft_forms,
        google_forms,
        paper,
        plain,
    )
}


def choose_reader(source: Source, options: ReaderOptions) -> ModuleType:
    """Choose the reader that the config names, else the first that recognises the file.

    Raises
    ------
    ConfigError
        If the config names an unknown reader.
    """
    if not options.reader:
        return next(module for module in READERS.values() if module.recognises(source))
    if options.reader not in READERS:
        problem = M_("There is no reader {reader}.", reader=repr(options.reader))
        raise ConfigError(
            Problem(
                source.file,
                0,
                "reader",
                problem,
                M_("The readers are: {readers}.", readers=", ".join(READERS)),
                "VE-327",
            )
        )
    return READERS[options.reader]


def read_export(path: Path, file: str, options: ReaderOptions | None = None) -> RawTable:
    """Read an export as a table of text.

    Parameters
    ----------
    path : Path
    file : str
        Its name for messages (``surveys/2020-antsla/pre.csv``).
    options : ReaderOptions, optional
        How to read the file, where its content does not tell.

    Returns
    -------
    RawTable

    Raises
    ------
    InputError, ConfigError
        If the file cannot be read without guessing.
    """
    options = options or ReaderOptions()
    source = without_row_numbers(open_source(path, file, options))
    table: RawTable = choose_reader(source, options).read(source, options)
    return table
