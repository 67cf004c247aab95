"""Which sides are scored against which: all against all while that is fast, above that the likely best only.

Up to `EXACT_CELLS` every row is scored against every column. Above, `analyzer.matching.rough` fetches for each row the
columns that may be its best, by products of vectors to which `analyzer.matching.landmarks` has added what addressees
and times say, and only these are scored. A few fresh rows are scored against everything, however large the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from analyzer.matching.landmarks import find_landmarks
from analyzer.matching.library import Library
from analyzer.matching.rough import Columns, build_rough

#: Cells (rows × columns) scored at a time.
CELLS = 2_000_000
#: Up to so many cells in all, every row is scored against every column.
EXACT_CELLS = 40_000**2
#: Sides that ask while the search is laid out.
SAMPLE = 2000

#: Scores of rows against columns, float32 (rows, columns), -inf where a pair must not be, a side and itself included.
Score = Callable[[np.ndarray, Columns], np.ndarray]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: a pair's score is about `ask(i) @ keys[j]`, and `by_tier` (3,) on top."""

    #: Positions → what sides ask with, float32 (p, d), and what they are asked by, (n, d).
    ask: Callable[[np.ndarray], np.ndarray]
    keys: np.ndarray
    by_tier: np.ndarray
    #: What takes a pair that may not meet well below those that may, in the unit of the score.
    closed: float
    #: How many of a side's best are wanted, and how many are fetched to find them.
    wanted: int
    fetched: int
    score: Score


def score_blocks(
    library: Library, rows: np.ndarray, search: Search
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
    """Blocks of `rows` (positions, ascending) with their scores.

    Yields rows (r,), scores (r, c), and the columns that were scored, int64 (r, c): None for all, in their order.
    """
    count = len(library)
    if is_exact(len(rows), count):
        step = max(1, CELLS // max(1, count))
        for begin in range(0, len(rows), step):
            block = rows[begin : begin + step]
            yield block, search.score(block, slice(0, count)), None
        return
    marks = find_landmarks(library, search.by_tier, search.closed)

    def read(at: np.ndarray) -> np.ndarray:
        return np.concatenate([search.keys[at], marks.keys[at]], axis=1)

    def ask(at: np.ndarray) -> np.ndarray:
        return np.concatenate([search.ask(at), marks.asking(at)], axis=1)

    rough = build_rough(read, count, ask(rows[:: max(1, len(rows) // SAMPLE)]), search.wanted, search.fetched)
    step = CELLS // search.fetched
    # Those who ask for the same rows ask together, which then lie at hand.
    groups = np.concatenate([rough.group(ask(rows[at : at + step])) for at in range(0, len(rows), step)])
    together = rows[np.argsort(groups, kind="stable")]
    for begin in range(0, len(rows), step):
        block = together[begin : begin + step]
        fetched = rough.fetch(ask(block), search.fetched)
        # A side stands where none was found: it is not scored against itself.
        columns = np.where(fetched < 0, block[:, None], fetched)
        yield block, search.score(block, columns), columns


def is_exact(asking: int, count: int) -> bool:
    """Whether so many rows are scored against all of `count` columns."""
    return asking * count <= EXACT_CELLS
