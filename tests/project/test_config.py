"""Reading TOML: every fault at once, each with file, key and what to do."""

from pathlib import Path

import pytest
from pydantic import Field

from vunki_eval.errors import ConfigError
from vunki_eval.project.config import read_toml, validate
from vunki_eval.project.instrument import Model


class Part(Model):
    key: str
    count: int = 0


class Whole(Model):
    title: str
    width: float | str | None = None
    levels: dict[str, float] = {}
    parts: tuple[Part, ...] = Field((), alias="part")
    mixed: dict[str, str | Part] = {}


@pytest.fixture
def write(tmp_path):
    def make(content: str | bytes) -> Path:
        path = tmp_path / "surveys" / "thing.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def messages(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        validate(Whole, read_toml(path), path)
    return [str(p) for p in caught.value.problems]


def test_what_is_right_is_read(write):
    path = write('\ufefftitle = "Küla"\nlevels = { TS = 0.5 }\n[[part]]\nkey = "a"\ncount = 2\n')
    whole = validate(Whole, read_toml(path), path)
    assert whole.title == "Küla"
    assert whole.levels == {"TS": 0.5}
    assert whole.parts == (Part(key="a", count=2),)


@pytest.mark.parametrize(
    ("content", "row", "words", "code"),
    [
        (b'title = "K\xfcla"\n', 1, "not UTF-8", "VE-203"),
        (b'# fine\n\nx = "\xff"\n', 3, "not UTF-8", "VE-203"),
        (b"a = 1\na = 2\n", 2, "not TOML", "VE-204"),
        (b"[budget\n", 1, "not TOML", "VE-204"),
        (b"a = \x00\n", 1, "not TOML", "VE-204"),
        (b"x = " + b"[" * 100_000 + b"]" * 100_000, 0, "nested too deeply", "VE-202"),
        (b"x = " + b"{a=" * 50_000 + b"1" + b"}" * 50_000, 0, "nested too deeply", "VE-202"),
        (b"#" + b"x" * 10_000_000, 0, "larger than 1 MB", "VE-202"),
        (b"schema = 3\n", 1, "schema is not 1 or 2", "VE-205"),
        (b'# fine\nschema = "1"\n', 2, "schema is not 1 or 2", "VE-205"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(write, content, row, words, code):
    with pytest.raises(ConfigError) as caught:
        read_toml(write(content))
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.code) == ("surveys/thing.toml", row, code)
    assert words in problem.problem
    assert problem.hint.endswith((".", "?"))


def test_a_missing_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigError) as caught:
            read_toml(path)
        assert caught.value.problems[0].code == "VE-201"
        assert caught.value.exit_code == 2


def test_all_faults_come_at_once_with_their_places(write):
    lines = messages(
        write(
            'titel = "x"\nlevels = { TS = "much" }\n'
            '[[part]]\nkey = "a"\ncount = "many"\n[[part]]\ncount = 1\ncuont = 2\n'
        )
    )
    assert lines == [
        "surveys/thing.toml:title: The key is missing. Add it. [VE-207]",
        "surveys/thing.toml:1:titel: The key is unknown. Did you mean 'title'? [VE-206]",
        "surveys/thing.toml:2:levels.TS: This must be a number. "
        "Write it without quotes and with a decimal point. [VE-207]",
        "surveys/thing.toml:5:part.a.count: This must be a whole number. Write it without quotes. [VE-207]",
        "surveys/thing.toml:6:part.2.key: The key is missing. Add it. [VE-207]",
        "surveys/thing.toml:8:part.2.cuont: The key is unknown. Did you mean 'count'? [VE-206]",
    ]


def test_an_unknown_key_without_a_neighbour_has_no_guess(write):
    (line,) = messages(write('title = "x"\nzzz = 1\n'))
    assert line == (
        "surveys/thing.toml:2:zzz: The key is unknown. Remove it, or see CONTRIBUTING.md for the known keys. [VE-206]"
    )


def test_a_value_of_no_possible_form_is_one_fault(write):
    (line,) = messages(write('title = "x"\nwidth = [1]\n'))
    assert line.startswith("surveys/thing.toml:2:width: The value fits none of the forms")
    assert "float" not in line


def test_a_fault_inside_one_form_is_named_itself(write):
    (line,) = messages(write('title = "x"\nmixed = { pre = { key = "a", cuont = 2 } }\n'))
    assert line == "surveys/thing.toml:2:mixed.pre.cuont: The key is unknown. Did you mean 'count'? [VE-206]"


def test_messages_never_show_the_value(write):
    assert not any(
        "hush" in line for line in messages(write('title = 5\nlevels = { TS = "hush" }\nwidth = ["hush"]\n'))
    )
