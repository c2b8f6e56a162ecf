"""The examples in the docstrings."""

import doctest
import importlib
import pkgutil

import pytest

from vunki_eval import stats

MODULES = [module.name for module in pkgutil.iter_modules(stats.__path__, "vunki_eval.stats.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    examples = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(examples) >= 9
