"""Which sides are scored against which: all against all while that is fast, above that the likeliest lists only.

Above `EXACT_CELLS` the library is cut into lists by k-means (faiss), as an inverted file is (Jégou et al. 2011), and
each row is scored against the lists that suit it best. Rows that ask for the same list are scored together, so that the
work stays a product of matrices. A few fresh rows are scored against everything, however large the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import faiss
import numpy as np

#: Cells (rows × columns) scored at a time: of everything, and of lists, where more rows share the asking.
CELLS, LIST_CELLS = 2_000_000, 16_000_000
#: Up to so many cells in all, every row is scored against every column: below, lists cost as much and find less.
EXACT_CELLS = 100_000**2
#: Sides of a list, about, and how many sides a row is scored against: REACH at n = REACHED, growing as n ** GROWTH.
LIST, REACH, REACHED, GROWTH = 400, 20_000, 100_000, 0.2
#: Rows that k-means sees for each list, and its rounds.
SEEN, ROUNDS, SEED = 40, 6, 1234

Columns = slice | np.ndarray
#: Scores of rows against columns, float32 (rows, columns), -inf where a pair must not be.
Score = Callable[[np.ndarray, Columns], np.ndarray]
Ask = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Listed:
    """Columns of a block that was scored list by list: row i has those of `asked[i]`, each from `starts[i]` on."""

    asked: np.ndarray
    starts: np.ndarray
    #: Sides by list, and where each list begins among them.
    order: np.ndarray
    begins: np.ndarray

    def column(self, row: np.ndarray, place: np.ndarray) -> np.ndarray:
        """The sides, int64 (p,), that stand at places of rows of the block; `row` ascending."""
        found = np.empty(len(row), dtype=np.int64)
        for part in np.split(np.arange(len(row)), np.flatnonzero(np.diff(row)) + 1) if len(row) else ():
            own = row[part[0]]
            at = np.searchsorted(self.starts[own], place[part], side="right") - 1
            lists = self.asked[own, at]
            offset = place[part] - self.starts[own, at]
            found[part] = self.order[self.begins[lists] + offset]
        return found


def score_blocks(
    ask: Ask, keys: np.ndarray, rows: np.ndarray, score: Score
) -> Iterator[tuple[np.ndarray, np.ndarray, Listed | None]]:
    """Blocks of `rows` with their scores.

    Args:
        ask: what rows ask with, (rows,) → float32 (rows, d): a pair's score is led by `ask(i) @ keys[j]`.
        keys: float32 (n, d). rows: positions of those who ask, ascending. score: gives the scores themselves.

    Yields rows (r,), scores (r, c), and what tells the columns that were scored: None for all, in their order.
    """
    if is_exact(len(rows), len(keys)):
        step = max(1, CELLS // max(1, len(keys)))
        for begin in range(0, len(rows), step):
            block = rows[begin : begin + step]
            yield block, score(block, slice(0, len(keys))), None
        return
    centres = _find_centres(keys)
    lists = _assign(lambda at: keys[at], np.arange(len(keys)), centres, 1)[:, 0]
    order = np.argsort(lists, kind="stable")
    begins = np.searchsorted(lists[order], np.arange(len(centres) + 1))
    reach = REACH * (len(keys) / REACHED) ** GROWTH
    asked = min(len(centres), round(reach * len(centres) / len(keys)))
    # Neighbours ask for the same lists.
    together = rows[np.argsort(_assign(ask, rows, centres, 1)[:, 0], kind="stable")]
    step = max(1, round(LIST_CELLS / reach))
    for begin in range(0, len(rows), step):
        block = together[begin : begin + step]
        yield _score_lists(block, _assign(ask, block, centres, asked), order, begins, score)


def is_exact(asking: int, count: int) -> bool:
    """Whether so many rows are scored against all of `count` columns."""
    return asking * count <= EXACT_CELLS


def _score_lists(
    block: np.ndarray, asked: np.ndarray, order: np.ndarray, begins: np.ndarray, score: Score
) -> tuple[np.ndarray, np.ndarray, Listed]:
    """A block as `score_blocks` yields it. `asked`: the lists of each row, (r, lists)."""
    sizes = np.diff(begins)[asked]
    starts = np.cumsum(sizes, axis=1) - sizes
    scores = np.full((len(block), int(sizes.sum(axis=1).max())), -np.inf, dtype=np.float32)
    by_list = np.argsort(asked, axis=None, kind="stable")
    for part in np.split(by_list, np.flatnonzero(np.diff(asked.ravel()[by_list])) + 1):
        row, place = np.divmod(part, asked.shape[1])
        number = asked[row[0], place[0]]
        own = order[begins[number] : begins[number + 1]]
        if len(own):
            at = starts[row, place][:, None] + np.arange(len(own))
            scores[row[:, None], at] = score(block[row], own)
    return block, scores, Listed(asked, starts, order, begins)


def _find_centres(keys: np.ndarray) -> np.ndarray:
    """Centres of lists, float32 (lists, d), unit rows."""
    lists = len(keys) // LIST
    # faiss reads the rows that it is given whole: a sample here, every k-th, so that it need not copy all.
    sample = np.ascontiguousarray(keys[:: max(1, len(keys) // (lists * SEEN))])
    seen = {"min_points_per_centroid": 1, "max_points_per_centroid": 2 * SEEN}
    means = faiss.Kmeans(keys.shape[1], lists, niter=ROUNDS, seed=SEED, spherical=True, **seen)
    means.train(sample)
    centres: np.ndarray | None = means.centroids
    assert centres is not None, "k-means has been trained"
    return centres


def _assign(ask: Ask, rows: np.ndarray, centres: np.ndarray, count: int) -> np.ndarray:
    """The `count` lists nearest to each of `rows`, int64 (rows, count), in no order."""
    step = max(1, CELLS // len(centres))
    found = np.empty((len(rows), count), dtype=np.int64)
    for at in range(0, len(rows), step):
        near = ask(rows[at : at + step]) @ centres.T
        found[at : at + step] = np.argpartition(-near, count - 1, axis=1)[:, :count]
    return found
