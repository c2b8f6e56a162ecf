"""Tables of the network from a roster question: what became of ties, and the structure of the network."""

from vunki_eval.report.tables.terms import hidden_note
from vunki_eval.results.blocks import Column, Table
from vunki_eval.results.results import Results
from vunki_eval.results.view import ResultsView, view_results

SHARES = ("roster_rate", "density", "reciprocity", "cross_sector_ties", "cross_sector_ties_expected", "jaccard")
INDICES = ("ei_index", "ei_expected")
TO = "ties_to:"


def roster_code(view: ResultsView) -> str:
    """Return the code of the roster question; "" if it was not asked or nobody answered it."""
    code = str((view.meta.get("roster") or {}).get("code", ""))
    return code if code and any(view.row(code, "roster_rate", w) for w in view.waves) else ""


def roster_cell(view: ResultsView, statistic: str, wave: str) -> str:
    """Write a number of the network, which is a share, an index or a count; "–" if there is none."""
    row, say = view.row(roster_code(view), statistic, wave), view.say
    if row is None or row.status == "not_estimable":
        return "–"
    if row.status != "ok" or row.estimate is None:
        return say.hidden
    if statistic in SHARES:
        return say.percent(row.estimate, 1 if row.estimate < 0.1 else 0)
    if statistic in INDICES:
        return say.signed(row.estimate, 2)
    return say.count(row.estimate)


def ties_table(results: Results, language: str) -> Table | None:
    """Tabulate ties kept, formed, dissolved and strengthened, and the share across sectors, by wave."""
    view = view_results(results, language)
    say = view.say
    names = {
        "cross_sector_ties": say._("Ties across sectors"),
        "cross_sector_ties_expected": say._("… if sector made no difference"),
        "ties_kept": say._("Ties kept since the first wave"),
        "ties_formed": say._("Ties formed"),
        "ties_dissolved": say._("Ties dissolved"),
        "ties_upgraded": say._("Pairs that know each other better"),
        "ties_downgraded": say._("Pairs that know each other less well"),
    }
    return _network_table(view, names, "ties", say._("What became of the participants' ties"))


def network_table(results: Results, language: str) -> Table | None:
    """Tabulate the structure of the network: response, density, reciprocity, isolates, E-I index and Jaccard index."""
    view = view_results(results, language)
    say = view.say
    names = {
        "roster_rate": say._("Answered, of the people on the list"),
        "density": say._("Density"),
        "reciprocity": say._("Ties that go both ways"),
        "isolates": say._("People without any tie"),
        "ei_index": say._("E-I index (−1 inside sectors, 1 between them)"),
        "ei_expected": say._("E-I index under random mixing"),
        "jaccard": say._("Ties kept, of all ties in either wave (Jaccard)"),
    }
    return _network_table(view, names, "network", say._("The participants' network in numbers"))


def between_sectors_table(results: Results, language: str, wave: str) -> Table | None:
    """Tabulate the mean number of ties that people have with each sector, by their own sector."""
    view = view_results(results, language)
    say, code = view.say, roster_code(view)
    tie_rows = {(g, s): r for (o, g, w, s), r in view.estimates.items() if (o, w) == (code, wave) and s.startswith(TO)}
    if not code or not tie_rows:
        return None
    variable = next(iter(tie_rows))[0].partition("=")[0]
    sectors = list(dict.fromkeys(s.removeprefix(TO) for _, s in tie_rows))

    def cell(from_sector: str, to_sector: str) -> str:
        row = tie_rows.get((f"{variable}={from_sector}", TO + to_sector))
        return say.number(row.estimate, 1) if row and row.status == "ok" else say.hidden

    def row_title(from_sector: str) -> str:
        n = max((r.n or 0 for (g, _), r in tie_rows.items() if g == f"{variable}={from_sector}"), default=0)
        name = view.answer(variable, from_sector)
        return f"{name} (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{say.count(n)})" if n else name

    rows = [
        (row_title(from_sector), *(cell(from_sector, to_sector) for to_sector in sectors)) for from_sector in sectors
    ]
    columns = (
        Column(say._("Sector of the one who answered"), wide=True),
        *(Column(view.answer(variable, s), "right") for s in sectors),
    )
    caption = say._("Ties between sectors, {wave}: ties per person who answered", wave=view.wave(wave))
    notes = [
        say._("Sectors with few people stand together under “the rest”; n: people who answered."),
        hidden_note(view, rows),
    ]
    return Table(f"ties-{wave}", caption, columns, tuple(rows), " ".join(n for n in notes if n))


def _network_table(view: ResultsView, names: dict[str, str], name: str, caption: str) -> Table | None:
    say, code = view.say, roster_code(view)
    if not code:
        return None
    waves = [w for w in view.waves if view.row(code, "roster_rate", w)]
    cells = {title: tuple(roster_cell(view, key, w) for w in waves) for key, title in names.items()}
    rows = [(title, *row) for title, row in cells.items() if any(c != "–" for c in row)]
    if not rows:
        return None
    columns = (Column(say._("What was measured"), wide=True), *(Column(view.wave(w), "right") for w in waves))
    tie = say.pick((view.meta.get("roster") or {}).get("tie"))
    notes = [
        say._("A tie: the answer “{answer}” or more. Nothing is shown of any person.", answer=tie),
        say._("Between waves only people who answered both are compared."),
        hidden_note(view, rows),
    ]
    return Table(name, caption, columns, tuple(rows), " ".join(n for n in notes if n))
