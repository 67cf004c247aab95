"""The best stretch against every stretch there is."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analyzer.scoring.evidence import best_stretch


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12))
def test_best_stretch_is_the_brute_force_best(gains: list[int]) -> None:
    first, last = best_stretch(np.array(gains, float))
    sums = [sum(gains[i : j + 1]) for i in range(len(gains)) for j in range(i, len(gains))]
    assert sum(gains[first : last + 1]) == max(sums)
