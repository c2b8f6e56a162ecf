from xml.etree import ElementTree

import pytest
import typst

from vunki_eval.errors import BuildError
from vunki_eval.report.render.formulas import formula, formulas


@pytest.mark.parametrize("name", sorted(formulas()))
def test_both_notations_can_be_set(name):
    notations = formula(name)
    assert ElementTree.fromstring(f"<math>{notations.mathml}</math>").tag == "math"
    typst.compile(f"$ {notations.typst} $".encode())


def test_an_unknown_name_says_which_there_are():
    with pytest.raises(BuildError, match=r"g_a: There is no formula of this name\. Use one of alpha, .*VE-412"):
        formula("g_a")
