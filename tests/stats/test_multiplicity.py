"""Holm's adjustment against R's p.adjust."""

import numpy as np
import pytest

from vunki_eval.errors import StatisticsError
from vunki_eval.stats import holm


def test_equals_r(golden) -> None:
    np.testing.assert_allclose(holm(golden["holm"]["p"]), golden["holm"]["adjusted"], rtol=1e-12)


def test_missing_stays_missing_and_does_not_count() -> None:
    adjusted = holm([0.01, float("nan"), 0.04])
    assert np.isnan(adjusted[1])
    np.testing.assert_allclose(adjusted[[0, 2]], [0.02, 0.04])


def test_the_input_is_not_changed() -> None:
    p = np.array([0.04, 0.01])
    holm(p)
    np.testing.assert_array_equal(p, [0.04, 0.01])


@pytest.mark.parametrize("p", [[], [float("nan")], [0.5, 1.2], [-0.1]])
def test_what_is_no_p_value_is_refused(p: list[float]) -> None:
    with pytest.raises(StatisticsError, match="VE-630"):
        holm(p)
