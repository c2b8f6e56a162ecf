"""Tables made from `Results` alone; each takes results and a language, and returns None when it has no rows."""

from vunki_eval.report.tables.annex import item_table, method_table, reliability_table, wording_table
from vunki_eval.report.tables.area import area_table
from vunki_eval.report.tables.earlier import earlier_table
from vunki_eval.report.tables.expected_results import expected_results_table
from vunki_eval.report.tables.outcomes import (
    attrition_table,
    counts_table,
    groups_table,
    outcome_table,
    sensitivity_table,
    verdict_table,
)
from vunki_eval.report.tables.public_facts import (
    events_table,
    facts_table,
    indicator_table,
    initiatives_table,
    money_table,
    profile_table,
    themes_table,
)
from vunki_eval.report.tables.roster import between_sectors_table, network_table, ties_table

__all__ = [
    "area_table",
    "attrition_table",
    "between_sectors_table",
    "counts_table",
    "earlier_table",
    "events_table",
    "expected_results_table",
    "facts_table",
    "groups_table",
    "indicator_table",
    "initiatives_table",
    "item_table",
    "method_table",
    "money_table",
    "network_table",
    "outcome_table",
    "profile_table",
    "reliability_table",
    "sensitivity_table",
    "themes_table",
    "ties_table",
    "verdict_table",
    "wording_table",
]
