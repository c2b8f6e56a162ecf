import itertools
import random

import pytest

from vunki_eval.project.tokens import (
    DRAWN,
    LETTERS,
    PATTERN,
    check_letter,
    is_token,
    new_tokens,
    normal_token,
    shown_token,
)


def test_no_letters_look_alike() -> None:
    assert len(set(LETTERS)) == len(LETTERS) == 23
    for alike in ("0OQ", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(alike) & set(LETTERS)) <= 1


def test_codes_are_many_and_all_different() -> None:
    codes = new_tokens(3000)
    assert len({normal_token(c)[:DRAWN] for c in codes}) == 3000
    assert all(map(is_token, codes))
    assert len(LETTERS) ** DRAWN > 2**49
    letters = "".join(normal_token(c)[:DRAWN] for c in codes)
    assert min(letters.count(c) for c in LETTERS) > 0.9 * len(letters) / len(LETTERS)


def test_taken_codes_are_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = itertools.chain.from_iterable([LETTERS[0] * DRAWN, LETTERS[0] * DRAWN, LETTERS[1] * DRAWN])
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))
    taken = shown_token(LETTERS[0] * DRAWN + check_letter(LETTERS[0] * DRAWN))
    assert normal_token(new_tokens(1, [taken])[0])[:DRAWN] == LETTERS[1] * DRAWN


def test_one_wrong_letter_and_two_that_changed_places_are_noticed() -> None:
    chance = random.Random(7)
    for code in map(normal_token, new_tokens(40)):
        for place in range(len(code)):
            other = chance.choice([c for c in LETTERS if c != code[place]])
            assert not is_token(code[:place] + other + code[place + 1 :])
        for a, b in itertools.combinations(range(DRAWN), 2):
            if code[a] != code[b]:
                turned = list(code)
                turned[a], turned[b] = turned[b], turned[a]
                assert not is_token("".join(turned))


def test_they_are_read_as_people_type_them() -> None:
    import re

    code = new_tokens(1)[0]
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", "")):
        assert normal_token(typed) == normal_token(code)
        assert is_token(typed)
        assert re.fullmatch(PATTERN, typed)
    assert not is_token("")
    assert not re.fullmatch(PATTERN, code[:-1])
