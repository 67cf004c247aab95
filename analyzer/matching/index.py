"""Nearest neighbours by cosine: exact FAISS search while that is fast, above that of what a rough search fetches.

The index is a cache: it is built from stored vectors whenever it is needed and never written anywhere. Ties are
broken by id, so that the same vectors give the same neighbours whatever the order of the search inside FAISS.
"""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np

from analyzer.matching.rough import Rough, build_rough, multiply

#: Up to here exact search of every row against all takes seconds; a rough search then takes over.
EXACT_UP_TO = 40_000
#: Rows fetched for each one asked for, and at least; rows that ask at a time.
FETCHED, FEWEST, STEP = 10, 60, 1000
#: Rows that ask while the search is laid out, the neighbours that each wants, and the share of these in what is looked
#: at.
SAMPLE, WANTED, RECALL = 2000, 10, 0.985


@dataclass(frozen=True, slots=True)
class Index:
    """A built index over `size` rows of `dimension`; `exact` tells whether it searches every row."""

    size: int
    dimension: int
    exact: bool
    _vectors: np.ndarray
    _rough: Rough | None

    def neighbours(self, queries: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k rows with the largest inner product for each query.

        Returns scores (n_queries, k) float32 in falling order and ids (n_queries, k) int64; where fewer than k rows
        exist, the rest is -inf and -1. Raises `ValueError` when the queries' shape or type does not fit.
        """
        _check(queries, "queries", self.dimension)
        scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        width = min(k, self.size)
        if not len(queries) or not width:
            return scores, ids
        if self._rough is None:
            found_scores, found_ids = faiss.knn(queries, self._vectors, width, metric=faiss.METRIC_INNER_PRODUCT)
        else:
            found_scores, found_ids = self._choose(self._rough, queries, width)
        missing = found_ids < 0
        found_scores[missing] = -np.inf
        order = np.lexsort((found_ids, -found_scores), axis=1)
        scores[:, :width] = np.take_along_axis(found_scores, order, axis=1)
        ids[:, :width] = np.take_along_axis(found_ids, order, axis=1)
        return scores, ids

    def _choose(self, rough: Rough, queries: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Scores and ids (n_queries, width) of the best among what is fetched, in no order."""
        scores = np.empty((len(queries), width), dtype=np.float32)
        ids = np.empty((len(queries), width), dtype=np.int64)
        for begin in range(0, len(queries), STEP):
            at = slice(begin, begin + STEP)
            found = rough.fetch(queries[at], min(self.size, max(FEWEST, FETCHED * width)))
            products = multiply(queries[at], self._vectors, np.maximum(found, 0))
            products[found < 0] = -np.inf
            best = np.argpartition(-products, width - 1, axis=1)[:, :width]
            scores[at] = np.take_along_axis(products, best, axis=1)
            ids[at] = np.take_along_axis(found, best, axis=1)
        return scores, ids


def build_index(vectors: np.ndarray, exact_up_to: int = EXACT_UP_TO) -> Index:
    """An index over vectors (n, d), float32, C order, unit rows; raises `ValueError` for any other shape or type."""
    _check(vectors, "vectors", None)
    size, dimension = vectors.shape
    if size <= exact_up_to:
        return Index(size, dimension, True, vectors, None)
    asking = vectors[:: max(1, size // SAMPLE)]
    rough = build_rough(lambda at: vectors[at], size, asking, WANTED, RECALL)
    return Index(size, dimension, False, vectors, rough)


def neighbours(vectors: np.ndarray, queries: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Build an index over vectors (n, d) and search it once; see `Index.neighbours`."""
    return build_index(vectors).neighbours(queries, k)


def _check(array: np.ndarray, name: str, dimension: int | None) -> None:
    """Shapes and types at the door: FAISS reads memory as it lies and would answer wrongly instead of failing."""
    if array.ndim != 2 or (dimension is not None and array.shape[1] != dimension):
        raise ValueError(f"{name} must have shape (n, {dimension or 'd'}), got {array.shape}")
    if array.dtype != np.float32 or not array.flags.c_contiguous:
        raise ValueError(f"{name} must be float32 in C order, got {array.dtype}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
