"""How much of a library is scored: all against all while that is fast, above that what a rough search fetches.

A few fresh rows are scored against everything, however large the library.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

#: Cells (rows × columns) scored at a time.
CELLS = 2_000_000
#: Up to so many cells in all, every row is scored against every column.
EXACT_CELLS = 40_000**2


def is_exact(asking: int, count: int) -> bool:
    """Whether so many rows are scored against all of `count` columns."""
    return asking * count <= EXACT_CELLS


def split_rows(rows: np.ndarray, width: int) -> Iterator[np.ndarray]:
    """Blocks of rows that are scored against `width` columns at a time."""
    step = max(1, CELLS // max(1, width))
    for begin in range(0, len(rows), step):
        yield rows[begin : begin + step]
