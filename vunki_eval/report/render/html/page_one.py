"""Page one as HTML: verdict, five numbers, expected results beside one chart, limits, advice, base."""

from vunki_eval.language.text import escaped as text
from vunki_eval.results.blocks import Advice, ExpectedResultLine, Number, PageOne

DOTS = 3


def page_one_html(block: PageOne, chart: str, *, level: int, prefix: str) -> str:
    """Return page one; ``chart`` is its drawing as HTML, labelled by the id ``<prefix>chart``."""
    verdict_tag, tag = f"h{level}", f"h{level + 1}"
    base = f'<p class="base">{text(block.base)}</p>' if block.base else ""
    return (
        f'<div class="page-one"><p class="eyebrow">{_label(block, "eyebrow")}</p>'
        f'<{verdict_tag} class="verdict">{text(block.verdict)}</{verdict_tag}><p class="lead">{text(block.lead)}</p>'
        f'<ul class="numbers">{"".join(_number(n) for n in block.numbers)}</ul>'
        f'<div class="two">{_expected_results(block, tag, prefix)}{_chart(block, chart, tag, prefix)}</div>'
        f'<div class="two last">{_limits(block, tag)}{_advice(block, tag)}</div>{base}</div>'
    )


def _label(block: PageOne, key: str) -> str:
    return text(block.labels.get(key, ""))


def _number(number: Number) -> str:
    unit = f" <small>{text(number.unit)}</small>" if number.unit else ""
    return (
        f'<li><span class="value">{text(number.value)}{unit}</span> <span class="what">{text(number.label)}</span>'
        f'{_bar(number.share)}<span class="foot">{text(number.foot)}</span></li>'
    )


def _bar(share: float | None) -> str:
    """Draw the share of the target; beyond the target the bar is full, and a notch marks the target."""
    if share is None:
        return '<span class="bar none" aria-hidden="true"></span>'
    width = min(max(share, 0.0), 1.0) * 100
    notch = f'<i class="notch" style="left:{100 / share:.2f}%"></i>' if share > 1 else ""
    return f'<span class="bar" aria-hidden="true"><i style="width:{width:.2f}%"></i>{notch}</span>'


def _expected_results(block: PageOne, tag: str, prefix: str) -> str:
    if not block.expected_results:
        return ""
    columns = ("result" if "result" in block.labels else "results", "status", "strength")
    header = "".join(f'<th scope="col">{_label(block, key)}</th>' for key in columns)
    rows = "".join(_expected_result(line) for line in block.expected_results)
    return (
        f'<div><{tag} class="eyebrow" id="{prefix}results">{_label(block, "results")}</{tag}>'
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{prefix}results">'
        f'<table class="promises"><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table></div></div>'
    )


def _expected_result(line: ExpectedResultLine) -> str:
    dots = min(max(line.dots, 0), DOTS)
    strength = f'<span class="dots" aria-hidden="true">{"●" * dots}{"○" * (DOTS - dots)}</span>'
    return (
        f'<tr><th scope="row">{text(line.result)}</th>'
        f'<td><span class="sign" aria-hidden="true">{text(line.mark)}</span> {text(line.status)}</td>'
        f"<td>{strength} {text(line.strength)}</td></tr>"
    )


def _chart(block: PageOne, chart: str, tag: str, prefix: str) -> str:
    if not chart:
        return ""
    note = f'<p class="note">{text(block.chart_note)}</p>' if block.chart_note else ""
    return f'<div><{tag} class="eyebrow" id="{prefix}chart">{_label(block, "change")}</{tag}>{chart}{note}</div>'


def _limits(block: PageOne, tag: str) -> str:
    if not block.limits:
        return ""
    rows = "".join(f"<li>{text(limit)}</li>" for limit in block.limits)
    return f'<div class="limits"><{tag} class="eyebrow">{_label(block, "limits")}</{tag}><ul>{rows}</ul></div>'


def _advice(block: PageOne, tag: str) -> str:
    rows = "".join(_recommendation(advice) for advice in block.advice)
    body = f"<ol>{rows}</ol>" if rows else f"<p>{_label(block, 'no_advice')}</p>"
    return f'<div class="advice"><{tag} class="eyebrow">{_label(block, "advice")}</{tag}>{body}</div>'


def _recommendation(advice: Advice) -> str:
    who = ", ".join(part for part in (advice.owner, advice.date) if part)
    owner = f' <span class="muted">{text(who)}</span>' if who else ""
    return f"<li>{text(advice.text)}{owner}</li>"
