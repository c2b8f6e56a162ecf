"""Open answers: counts per theme, agreement of two coders, and approved quotes."""

from vunki_eval.report.commentary import Commentary
from vunki_eval.report.figures.theme_bars import shown_themes, themes_figure
from vunki_eval.report.sections.frame import absent, build, place_and_time, text
from vunki_eval.report.tables import themes_table
from vunki_eval.report.tables.public_facts import theme_title
from vunki_eval.results.blocks import Section
from vunki_eval.results.estimates import Flag
from vunki_eval.results.results import Record, Results
from vunki_eval.results.view import ResultsView, view_results

LEAST_KAPPA = 0.6  # up to here agreement is at best moderate: Landis and Koch (1977), doi:10.2307/2529310


def open_answers(results: Results, language: str, commentary: Commentary | None = None) -> Section:
    """Make the section on open answers; it says so when they are not coded yet."""
    view = view_results(results, language)
    say = view.say
    if not view.rows("themes"):
        reason = say._("The open answers have not been coded yet, so nothing is said about what people wrote.")
        title = say._("In people's own words: the answers are not coded yet")
        return build(view, "answers", title, [absent(view, reason)], commentary)
    waves = [w for w in view.waves if shown_themes(view, w)]
    wave = "post" if "post" in waves else waves[0] if waves else ""
    blocks = [
        text(*_most_named(view, wave), _coverage_note(view)),
        themes_figure(results, language, wave) if wave else None,
        text(_agreement(view)),
        themes_table(results, language),
    ]
    subtitle = " · ".join(
        p for p in (say._("Answers in people's own words, coded by theme"), place_and_time(view)) if p
    )
    return build(view, "answers", _title(view, wave), blocks, commentary, subtitle=subtitle)


def _title(view: ResultsView, wave: str) -> str:
    leading = [rows[0] for rows in shown_themes(view, wave).values()] if wave else []
    if not leading:
        return view.say._("In people's own words: every theme was named by few")
    first = leading[0]
    return view.say._(
        "{question}: people most often named “{theme}”",
        question=view.item(first["item"]),
        theme=theme_title(view, first["theme"]).lower(),
    )


def _most_named(view: ResultsView, wave: str) -> list[str]:
    return [_theme_sentence(view, item, rows[0]) for item, rows in shown_themes(view, wave).items()] if wave else []


def _theme_sentence(view: ResultsView, item: str, row: Record) -> str:
    say, base = view.say, view.number(item, "answers_coded", row["wave"])
    theme, n = theme_title(view, row["theme"]), say.count(row["n"])
    if base is None:
        return say._("“{question}”: “{theme}” in {n} answers.", question=view.item(item), theme=theme, n=n)
    return say._(
        "“{question}”: of {total} answers {n} hold the theme “{theme}”.",
        question=view.item(item),
        total=say.count(base.n),
        n=n,
        theme=theme,
    )


def _coverage_note(view: ResultsView) -> str:
    coders = {flag for r in view.estimates.values() if r.statistic == "answers_coded" for flag in r.flags}
    note = view.say._(
        "Whoever did not write is not in these counts; they say what came to mind, not how many think so."
    )
    if coders == {Flag.ONE_CODER}:
        note += " " + view.say._("One person coded the answers, so how sure the codes are is not known.")
    return note


def _agreement(view: ResultsView) -> str:
    say = view.say
    rows = [r for r in view.estimates.values() if r.statistic == "kappa" and r.group == "all"]
    estimable = [r for r in rows if r.status == "ok" and r.estimate is not None]
    if not estimable:
        return ""
    listed = "; ".join(
        say._(
            "{question} {kappa} ({limits}; n = {n})",
            question=view.item(r.outcome),
            kappa=say.number(r.estimate, 2),
            limits=say.between(r.low, r.high, 2),
            n=say.count(r.n),
        )
        for r in estimable
    )
    sentence = say._(
        "Two people coded the answers independently; where they differed, only what both gave or what they settled "
        "counts. Cohen's kappa over all themes, with its confidence interval: {listed}.",
        listed=listed,
    )
    if any(r.low is not None and r.low < LEAST_KAPPA for r in estimable):
        sentence += " " + say._("Where the interval reaches below {least}, the codes are uncertain.",
                            least=say.number(LEAST_KAPPA, 1))  # fmt: skip
    return sentence
