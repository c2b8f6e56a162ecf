"""Messages have one shape, are whole, and survive the way through a child process."""

import pickle

import pytest

from vunki_eval.errors import (
    BuildError,
    ConfigError,
    InputError,
    Problem,
    StatisticsError,
    UsageError,
    shorten,
)


def test_message_has_file_row_column_problem_hint_and_code() -> None:
    problem = Problem("surveys/e/post.csv", 17, "TS3", "The answer is outside 0-10.", "Correct the cell.", "VE-312")
    assert str(problem) == "surveys/e/post.csv:17:TS3: The answer is outside 0-10. Correct the cell. [VE-312]"


def test_parts_that_are_not_meant_are_left_out() -> None:
    assert str(Problem("a.toml", 0, "event.x", "Wrong.", "", "VE-1")) == "a.toml:event.x: Wrong. [VE-1]"
    assert str(Problem("", 0, "", "Wrong.", "Correct it.", "VE-1")) == "Wrong. Correct it. [VE-1]"


def test_at_most_fifty_a_file_and_the_rest_counted() -> None:
    many = [Problem("a.csv", n, "", "Wrong.", "", "VE-1") for n in range(1, 61)]
    lines = shorten([*many, Problem("b.csv", 1, "", "Wrong.", "", "VE-1")])
    assert len(lines) == 52
    assert lines[-1] == "a.csv: 10 more problems are not listed."
    assert any(line.startswith("b.csv") for line in lines)
    assert shorten(many[:51])[-1] == "a.csv: 1 more problem is not listed."


@pytest.mark.parametrize(("kind", "code"), [(UsageError, 2), (ConfigError, 2), (InputError, 3), (BuildError, 4)])
def test_exit_codes_and_pickling(kind: type[UsageError], code: int) -> None:
    error = kind([Problem("a", 1, "b", "c.", "d.", "VE-1"), Problem("e", 2, "f", "g.", "h.", "VE-2")])
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert again.exit_code == code
    assert again.problems == error.problems
    assert str(again) == str(error)


def test_statistics_error_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="two pairs"):
        raise StatisticsError("At least two pairs are needed.")
