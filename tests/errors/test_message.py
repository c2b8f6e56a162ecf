"""A message is its English text, and can be said in every language of the catalogue."""

import errno
import json
import pickle

import pytest

from vunki_eval.errors import M_, MN_, NOTHING, Message, Problem, chosen, in_language, joined, reason, shorten
from vunki_eval.errors import UsageError as Refused

EMPTY = M_("The file is empty.")
RANGE = M_("The answer is outside {range}.", range="0-10")


def test_it_is_its_english_text_and_is_said_in_estonian() -> None:
    assert RANGE == "The answer is outside 0-10."
    assert RANGE.text("et") == "Vastus ei kuulu vahemikku 0-10."
    assert RANGE.text("vro") == RANGE.text("et")
    assert RANGE.text("en") == str(RANGE)
    assert RANGE.text("fi") == str(RANGE)
    assert json.loads(json.dumps(RANGE)) == "The answer is outside 0-10."


def test_a_gap_is_translated_if_it_is_a_message_and_kept_if_it_is_text() -> None:
    rows = M_("{rows} and {n} more", rows="2, 3", n=7)
    assert M_("Responses look like trials (rows {rows}).", rows=rows).text("et") == (
        "Vastused näivad proovivastustena (read 2, 3 ja veel 7)."
    )
    named = M_("This is {description}.", description="The file is empty.")
    assert named.text("et") == "See on The file is empty.."


def test_braces_in_a_value_are_no_gaps() -> None:
    assert M_("There is no event {event}.", event="{x}").text("et") == "Üritust {x} ei ole."
    assert M_('Write { et = "...", en = "..." }.').text("et") == 'Kirjutage { et = "...", en = "..." }.'


def test_a_template_is_filled_later() -> None:
    template = M_("The answer is outside {range}.")
    assert template.filled(range="1-4").text("et") == "Vastus ei kuulu vahemikku 1-4."


@pytest.mark.parametrize(
    ("n", "english", "estonian"),
    [
        (1, "There is 1 hidden sheet; it is not read.", "Failis on 1 peidetud leht; seda ei loeta."),
        (2, "There are 2 hidden sheets; they are not read.", "Failis on 2 peidetud lehte; neid ei loeta."),
    ],
)
def test_plurals(n: int, english: str, estonian: str) -> None:
    message = MN_("There is {n} hidden sheet; it is not read.", "There are {n} hidden sheets; they are not read.", n)
    assert (message, message.text("et")) == (english, estonian)


def test_parts_are_joined_and_each_is_translated() -> None:
    whole = joined(" ", (EMPTY, M_("Export it again."), "pre.csv"))
    assert whole == "The file is empty. Export it again. pre.csv"
    assert whole.text("et") == "Fail on tühi. Laadige see uuesti alla. pre.csv"
    assert joined(", ", ()) == ""


def test_nothing_says_nothing() -> None:
    assert (NOTHING, NOTHING.text("et"), bool(NOTHING)) == ("", "", False)


def test_it_survives_the_way_through_a_process() -> None:
    whole = joined(" ", (RANGE, MN_("{n} file unchanged", "{n} files unchanged", 3)))
    again = pickle.loads(pickle.dumps(whole))
    assert isinstance(again, Message)
    assert again.text("et") == whole.text("et") == "Vastus ei kuulu vahemikku 0-10. 3 faili on muutmata"


def test_a_problem_is_said_whole() -> None:
    problem = Problem("surveys/e/pre.csv", 1, M_("column {n}", n=7), M_("The header is blank."), NOTHING, "VE-319")
    assert problem.text("et") == "surveys/e/pre.csv:1:veerg 7: Päis on tühi. [VE-319]"
    assert str(problem) == "surveys/e/pre.csv:1:column 7: The header is blank. [VE-319]"
    assert problem.as_dict()["problem"] == "The header is blank."
    assert problem.message().text("et") == problem.text("et")
    assert in_language("TS1", "et") == "TS1"


def test_problems_of_one_kind_are_counted_in_the_language() -> None:
    many = [Problem("a.csv", n, "", EMPTY, NOTHING, "VE-311") for n in range(1, 53)]
    assert shorten(many, "et")[-1] == "a.csv: Veel 2 teadet jäi loetlemata."
    assert shorten(many)[-1] == "a.csv: 2 more problems are not listed."


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.ENOENT, errno.EEXIST])
def test_reasons_of_the_system_are_ours(number: int) -> None:
    ours = reason(OSError(number, "Zugriff verweigert"))
    assert "Zugriff" not in ours
    assert ours.text("et") != ours


def test_a_rare_reason_has_its_number() -> None:
    assert reason(OSError(9999, "?")).text("et") == "süsteemi viga 9999"
    assert reason(OSError("no number")) == "system error 0"


def test_values_of_an_option() -> None:
    assert chosen(None, ("a", "b"), "--x") == ["a", "b"]
    assert chosen(["b", "b"], ("a", "b"), "--x") == ["b"]
    with pytest.raises(Refused) as caught:
        chosen(["c"], ("a", "b"), "--x")
    assert (
        caught.value.problems[0].text("et")
        == "--x: Väärtust 'c' valikus ei ole. Valige üks järgmistest: a, b. [VE-103]"
    )
