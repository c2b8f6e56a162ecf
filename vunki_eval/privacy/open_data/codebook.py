"""The codebook: every variable with its question, values, scale and source, as CSV and as a page."""

from collections.abc import Sequence
from html import escape

from vunki_eval.language import Localizer, localizer
from vunki_eval.privacy.open_data.variables import Variable

COLUMNS = ("variable", "label", "type", "wave", "role", "scale", "reverse", "values", "source")
STYLE = """
:root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto;
  padding: 2rem 1rem } table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }
caption { text-align: left; font-weight: 600; padding: .3rem 0 } .wide { overflow-x: auto }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8888 }
td:nth-child(3) { min-width: 18rem } ul { margin: 0; padding: 0; list-style: none }
"""


def codebook_rows(variables: Sequence[Variable]) -> list[list[str]]:
    """Return the codebook as rows, the header first."""
    rows = [list(COLUMNS)]
    for variable in variables:
        labels = "; ".join(f"{value} = {label}" for value, label in variable.values.items())
        reverse = "yes" if variable.reverse else ""
        rows.append(
            [variable.name, variable.label, variable.kind, variable.wave, variable.role, variable.scale, reverse,
             labels, variable.source]
        )  # fmt: skip
    return rows


def codebook_page(variables: Sequence[Variable], language: str, *, title: str, notes: Sequence[str]) -> str:
    """Return the codebook as an HTML page that loads nothing else; ``notes`` are sentences above the table."""
    say = localizer(language)
    headers = (say._("Variable"), say._("Question or label"), say._("Values"), say._("Scale"), say._("Source"))
    body = "".join(_row(v, say) for v in variables)
    paragraphs = "".join(f"<p>{escape(note)}</p>" for note in notes)
    heading = f"{say._('Codebook')}: {title}"
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in headers)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(heading)}</title><style>{STYLE}</style></head><body><main><h1>{escape(heading)}</h1>{paragraphs}"
        f'<div class="wide" role="region" aria-label="{escape(heading)}" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></main></body></html>\n"
    )


def _row(variable: Variable, say: Localizer) -> str:
    listed = "".join(f"<li>{_value(v, label)}</li>" for v, label in variable.values.items())
    values = f"<ul>{listed}</ul>" if listed else say._("text") if variable.kind == "string" else say._("number")
    reversed_note = f" ({say._('turned around for the score')})" if variable.reverse and variable.scale else ""
    scale = f"{variable.scale}{reversed_note}"
    cells = (
        f"<code>{escape(variable.name)}</code>",
        escape(variable.label),
        values,
        escape(scale),
        say._("own") if variable.source == "own" else escape(variable.source),
    )
    first, *rest = cells
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{c}</td>" for c in rest)}</tr>'


def _value(value: str, label: str) -> str:
    """Write a value and its label; a number that the label begins with appears once."""
    rest = f"{label} ".removeprefix(f"{value} ") if value.isdecimal() else label
    return f"<code>{escape(value)}</code> {escape(rest.strip())}".rstrip()
