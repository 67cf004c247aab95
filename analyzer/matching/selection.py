"""The best cells of each row of a score matrix, without sorting rows."""

from __future__ import annotations

import numpy as np

#: Groups of columns for each one wanted: the more, the fewer cells are looked at twice.
GROUPS = 4


def best_of_rows(scores: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The `width` highest finite cells of each row, fewer where a row has fewer; which of equal ones is not said.

    Args:
        scores: float32 (r, c), C order; -inf where a cell must not be taken.
        width: at least 1.

    Returns `starts` int64 (r + 1,) and columns int64 (p,): row i has columns[starts[i]:starts[i + 1]], ascending.
    """
    height, count = scores.shape
    floors = np.full(height, np.finfo(np.float32).min, dtype=np.float32)
    size = count // (GROUPS * width)
    if size > 1:
        # As many groups as are wanted have a best cell at or above this floor, hence as many cells are.
        grouped = scores[:, : count // size * size].reshape(height, count // size, size).max(axis=2)
        floors = np.maximum(floors, np.partition(grouped, -width, axis=1)[:, -width])
    flat = np.flatnonzero(scores >= floors[:, None])
    row, column = np.divmod(flat, count)
    ends = np.searchsorted(row, np.arange(height + 1))
    values = scores.ravel()[flat]
    kept = []
    for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        if end - begin > width:
            best = np.argpartition(values[begin:end], end - begin - width)[end - begin - width :]
            kept.append(begin + np.sort(best))
        else:
            kept.append(np.arange(begin, end))
    starts = np.cumsum([0, *map(len, kept)])
    return starts, column[np.concatenate(kept)] if kept else column
