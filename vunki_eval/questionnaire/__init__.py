"""Write the instrument as forms to deploy or to print, and read an XLSForm workbook back."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from vunki_eval.errors import M_, Problem, UsageError, chosen
from vunki_eval.project.instrument import Instrument
from vunki_eval.project.project import Project
from vunki_eval.publish.files import make_folder, write_all
from vunki_eval.questionnaire.form import consent_text
from vunki_eval.questionnaire.xlsform_read import load_xlsform
from vunki_eval.survey.roster import read_roster, with_roster

__all__ = ["FORMATS", "load_xlsform", "write_questionnaires"]

Codes = Mapping[str, str]  # of the people on an event's roster; empty when the form asks about nobody
Writer = Callable[[Project, Codes, list[str], list[str]], dict[str, bytes]]  # contents by name


def write_questionnaires(
    project: Project,
    to: str,
    folder: Path,
    *,
    waves: Sequence[str] = (),
    languages: Sequence[str] = (),
    event: str = "",
) -> list[Path]:
    """Write the questionnaire of each wave in a format.

    Parameters
    ----------
    project : Project
    to : str
        A key of `FORMATS`.
    folder : Path
        Where the files go; files of the same name are replaced.
    waves, languages : sequence of str
        All of the instrument's when empty.
    event : str
        Also ask the roster question, with the codes on this event's list.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UsageError
        For an unknown format, wave, language or event, an event without a list of codes, and when the folder cannot be
        written.
    ConfigError
        For a list of codes with faults.
    """
    instrument = project.instrument
    codes = _roster_codes(project, event) if event else {}
    to = chosen([to], tuple(FORMATS), "--to")[0]
    wave_keys = chosen(waves, instrument.wave_keys, "--wave")
    language_codes = chosen(languages, instrument.languages, "--language")
    files = {folder / k: v for k, v in FORMATS[to](project, codes, wave_keys, language_codes).items()}
    make_folder(folder)
    write_all(files)
    return list(files)


def _roster_codes(project: Project, event: str) -> Codes:
    """Read the codes that an event's roster lists."""
    folder = project.surveys / project.event(event).id
    codes = read_roster(folder, f"surveys/{event}", project.instrument)
    if not codes:
        has_roster = project.instrument.roster is not None
        problem = (
            M_("The event has no list of codes.") if has_roster else M_("The questionnaire has no roster question.")
        )
        hint = (
            M_("Put roster.csv into surveys/{event}.", event=event)
            if has_roster
            else M_("Add a [roster] to the instrument.")
        )
        raise UsageError(Problem("", 0, "--event", problem, hint, "VE-777"))
    return codes


def _xlsform(project: Project, codes: Codes, waves: list[str], languages: list[str]) -> dict[str, bytes]:
    from vunki_eval.questionnaire.xlsform import xlsform_bytes

    consent = {lang: consent_text(project, lang) for lang in project.instrument.languages}
    forms = [*waves, *([None] if set(waves) == set(project.instrument.wave_keys) else [])]
    return {
        f"questionnaire-{wave}.xlsx" if wave else "instrument.xlsx": xlsform_bytes(
            project.instrument, wave=wave, consent=consent, roster=codes
        )
        for wave in forms
    }


def _limesurvey(project: Project, codes: Codes, waves: list[str], languages: list[str]) -> dict[str, bytes]:
    from vunki_eval.questionnaire.limesurvey import limesurvey_structure

    instrument = with_roster(project.instrument, codes)
    consent = {lang: consent_text(project, lang) for lang in languages}
    return {
        f"questionnaire-{wave}.txt": limesurvey_structure(instrument, wave, languages, consent).encode("utf-8-sig")
        for wave in waves
    }


def _typing(project: Project, codes: Codes, waves: list[str], languages: list[str]) -> dict[str, bytes]:
    """Make tables for typing filled-in paper forms, each form twice."""
    from vunki_eval.readers.tools.paper import paper_template

    instrument = with_roster(project.instrument, codes)
    return {f"typing-{wave}.csv": paper_template(instrument, wave).encode("utf-8-sig") for wave in waves}


def _toml(project: Project, codes: Codes, waves: list[str], languages: list[str]) -> dict[str, bytes]:
    """Give the instrument itself, which never holds the codes of an event's people."""
    from vunki_eval.questionnaire.instrument_toml import instrument_toml

    return {"instrument.toml": instrument_toml(project.instrument).encode()}


def _each(suffix: str, make: Callable[[Instrument, str, str, Sequence[str]], bytes]) -> Writer:
    """Make a writer of one file per wave and language."""

    def write(project: Project, codes: Codes, waves: list[str], languages: list[str]) -> dict[str, bytes]:
        instrument = with_roster(project.instrument, codes)
        return {
            f"questionnaire-{wave}.{language}.{suffix}": make(
                instrument, wave, language, consent_text(project, language)
            )
            for wave in waves
            for language in languages
        }

    return write


def _google(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> bytes:
    from vunki_eval.questionnaire.google_forms import google_forms_script

    return google_forms_script(instrument, wave, language, consent).encode()


def _pdf(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> bytes:
    from vunki_eval.questionnaire.printed import printed_pdf

    return printed_pdf(instrument, wave, language, consent)


def _docx(instrument: Instrument, wave: str, language: str, consent: Sequence[str]) -> bytes:
    from vunki_eval.questionnaire.word import word_document

    return word_document(instrument, wave, language, consent)


FORMATS: dict[str, Writer] = {
    "xlsform": _xlsform,
    "limesurvey": _limesurvey,
    "googleforms": _each("gs", _google),
    "docx": _each("docx", _docx),
    "pdf": _each("pdf", _pdf),
    "typing": _typing,
    "toml": _toml,
}
