"""The best cells of rows against sorting them."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.matching.selection import best_of_rows


@pytest.mark.parametrize(
    ("height", "count", "width"), [(7, 3000, 20), (5, 90, 20), (4, 10, 20), (3, 81, 20), (0, 50, 3)]
)
def test_cells_are_those_of_a_sort(height: int, count: int, width: int) -> None:
    scores = np.random.default_rng(count).normal(size=(height, count)).astype(np.float32)
    scores[scores < -1] = -np.inf
    scores[1:2] = -np.inf
    scores[2:3, 5:] = -np.inf
    starts, columns = best_of_rows(scores, width)
    assert starts[-1] == len(columns)
    for row in range(height):
        finite = np.flatnonzero(np.isfinite(scores[row]))
        expected = finite[np.argsort(-scores[row, finite])[:width]]
        assert columns[starts[row] : starts[row + 1]].tolist() == sorted(expected.tolist())


def test_of_equal_cells_no_more_are_taken_than_wanted() -> None:
    starts, columns = best_of_rows(np.zeros((3, 5000), dtype=np.float32), 10)
    assert np.diff(starts).tolist() == [10, 10, 10]
    assert len(np.unique(columns[:10])) == 10
