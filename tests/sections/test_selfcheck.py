"""The self-check passes and fails what it should."""

from vunki_eval.content.model import Table
from vunki_eval.results import Results
from vunki_eval.sections import selfcheck
from vunki_eval.words import Advice, Words


def rows(results: Results, words: Words | None = None) -> dict[str, str]:
    table = next(b for b in selfcheck(results, "en", words).blocks if isinstance(b, Table))
    return {row[1]: row[2].split("\N{NO-BREAK SPACE}")[1] for row in table.rows}


def test_unsigned_draft_wording_fails_and_the_rest_passes(synthetic_results: dict[str, Results]) -> None:
    found = rows(synthetic_results["2020-antsla"], Words(advice=(Advice("Do", "Somebody", "May 2021"),)))
    failed = {k for k, v in found.items() if v == "fail"}
    assert failed == {
        "The evaluator is named", "The wording of all questions has passed an editor", "Somebody has signed the report",
    }  # fmt: skip


def test_advice_without_owner_fails(synthetic_results: dict[str, Results]) -> None:
    found = rows(synthetic_results["2020-antsla"], Words(advice=(Advice("Do"),)))
    assert found["Recommendations have an owner and a date"] == "fail"


def test_title_counts(synthetic_results: dict[str, Results]) -> None:
    results = synthetic_results["2020-antsla"]
    met = sum(v == "pass" for v in rows(results).values())
    assert selfcheck(results, "en").title.startswith(f"{met} of {len(rows(results))} criteria")
