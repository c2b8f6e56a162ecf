"""The style sheet of the page, and its sections and tables as HTML."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from vunki_eval.project.theme import THEME

STYLE = f"""
:root {{ color-scheme: light dark; --ink: {THEME.ink}; --muted: {THEME.muted}; --hair: {THEME.hair};
  --paper: #fff; --tint: {THEME.tint}; --main: {THEME.after}; --warm: {THEME.warm}; --soft: #cfe0df; --grey: #b9c2c7 }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #e8ecee; --muted: #a9b4ba; --hair: #3a4449; --paper: #14191c;
  --tint: #1d2629; --main: #5fb8b6; --warm: #e09a5b; --soft: #2b4a4a; --grey: #566067 }} }}
* {{ box-sizing: border-box }}
body {{ margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", sans-serif }}
main {{ max-width: 66rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 0 0 .75rem }}
h2 {{ font-size: 1.25rem; margin: 2.75rem 0 .25rem; padding-top: .75rem; border-top: 2px solid var(--main) }}
h3 {{ font-size: 1rem; margin: 1.5rem 0 .25rem }}
.lead, .muted {{ color: var(--muted); margin: 0 0 .75rem; max-width: 48rem }}
.synthetic {{ margin: 0; padding: .4rem 1rem; text-align: center; background: {THEME.warm}; color: #fff;
  font-weight: 600 }}
.private {{ border-left: 4px solid var(--warm); padding: .1rem 0 .1rem 1rem; margin: 0 0 1.5rem }}
.tiles {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem }}
.tile {{ background: var(--tint); padding: .75rem 1rem; border-radius: .4rem; font-size: .9rem; color: var(--muted) }}
.tile b {{ display: block; font-size: 1.7rem; line-height: 1.2; color: var(--ink); font-variant-numeric: tabular-nums }}
.tile.warm {{ box-shadow: inset 0 0 0 2px var(--warm) }} .tile.warm b {{ color: var(--warm) }}
.wide {{ overflow-x: auto; margin: .5rem 0 1rem }}
table {{ border-collapse: collapse; width: 100%; font-size: .93rem }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--hair) }}
th {{ font-size: .82rem; color: var(--muted); font-weight: 600; vertical-align: bottom }}
.n {{ text-align: right; font-variant-numeric: tabular-nums }}
.cards {{ list-style: none; padding: 0; margin: 0; display: grid; gap: .6rem }}
.cards li {{ border-left: 4px solid var(--warm); background: var(--tint); padding: .6rem 1rem; border-radius: 0 .4rem
  .4rem 0 }}
.cards.calm li {{ border-color: var(--grey) }} .cards p {{ margin: .15rem 0 }} .hint {{ color: var(--muted) }}
code, .code {{ font-family: ui-monospace, Consolas, monospace; font-size: .85rem; overflow-wrap: anywhere }}
.code {{ white-space: nowrap }}
details {{ margin: .4rem 0; border: 1px solid var(--hair); border-radius: .4rem; padding: .4rem .9rem }}
summary {{ cursor: pointer; color: var(--main); font-weight: 600 }}
details td:last-child {{ white-space: nowrap }}
svg {{ display: block; max-width: 100%; height: auto }} svg text {{ fill: var(--muted); font-size: 12px }}
.bar {{ display: flex; height: 1.15rem; background: var(--hair); border-radius: .15rem; overflow: hidden }}
.bar i {{ display: block; height: 100%; border-right: 1px solid var(--paper) }}
.bar .given {{ background: var(--main) }} .bar .said {{ background: var(--warm) }}
.item {{ display: grid; grid-template-columns: minmax(0, 20rem) 1fr; gap: .25rem 1.5rem; padding: .7rem 0;
  border-bottom: 1px solid var(--hair); break-inside: avoid }}
.item .code {{ color: var(--muted) }} .item p {{ margin: 0 }}
.answers {{ display: grid; grid-template-columns: minmax(6rem, 13rem) 1fr 3rem; gap: .1rem .75rem; font-size: .88rem;
  align-items: center }}
.answers .wave {{ grid-column: 1 / -1; color: var(--muted); font-size: .82rem; margin-top: .35rem }}
.answers .bar {{ height: .8rem; background: none }} .answers .bar i {{ border: 0; min-width: 1px }}
.key {{ display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem; margin: 0 .35rem 0 1rem;
  vertical-align: -.08rem }}
@media (max-width: 44rem) {{ .item {{ grid-template-columns: 1fr }} }}
@media print {{ details {{ border: 0 }} main {{ padding: 0 }} }}
"""


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, label: str, numbers: int = 0) -> str:
    """Write a table whose last ``numbers`` columns are numbers; texts are escaped."""
    first_number = len(headers) - numbers

    def cells(row: Sequence[Any], tag: str) -> str:
        return "".join(
            f"<{tag}{' scope=col' if tag == 'th' else ''}{' class=n' if k >= first_number else ''}>"
            f"{'' if c is None else escape(str(c))}</{tag}>"
            for k, c in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return (
        f'<div class="wide" role="region" aria-label="{escape(label)}" tabindex="0"><table><thead><tr>'
        f"{cells(headers, 'th')}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def section(title: str, *content: str, lead: str = "") -> str:
    """Write a section with a lead sentence that says what it shows."""
    lead_html = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    return f"<section><h2>{escape(title)}</h2>{lead_html}{''.join(content)}</section>"
