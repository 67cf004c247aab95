"""Nearest neighbours by cosine: exact FAISS search while that is fast, inverted lists (IVF) above.

The index is a cache: it is built from stored vectors whenever it is needed and never written anywhere. Ties are
broken by id, so that the same vectors give the same neighbours whatever the order of the search inside FAISS.
"""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np

#: Up to here exact search of every row against all takes seconds; IVF then takes over.
EXACT_UP_TO = 40_000
#: Rows seen when the lists are laid out, per list; FAISS advises 39 at least.
TRAINING_ROWS_PER_LIST = 64
SEED = 1234
#: Rows of a sample, neighbours of each, and the share of these that the index must find.
SAMPLE, MEASURED, RECALL = 200, 10, 0.985
FEWEST_LISTS = 8


@dataclass(frozen=True, slots=True)
class Index:
    """A built index over `size` rows of `dimension`; `exact` tells whether it searches every row."""

    size: int
    dimension: int
    exact: bool
    _faiss: faiss.Index

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
        found_scores, found_ids = self._faiss.search(queries, width)
        missing = found_ids < 0
        found_scores[missing] = -np.inf
        order = np.lexsort((found_ids, -found_scores), axis=1)
        scores[:, :width] = np.take_along_axis(found_scores, order, axis=1)
        ids[:, :width] = np.take_along_axis(found_ids, order, axis=1)
        return scores, ids


def build_index(vectors: np.ndarray, exact_up_to: int = EXACT_UP_TO) -> Index:
    """An index over vectors (n, d), float32, C order, unit rows; raises `ValueError` for any other shape or type."""
    _check(vectors, "vectors", None)
    size, dimension = vectors.shape
    if size <= exact_up_to:
        flat = faiss.IndexFlatIP(dimension)
        flat.add(vectors)
        return Index(size, dimension, True, flat)
    lists = int(2 * np.sqrt(size))
    inverted = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, lists, faiss.METRIC_INNER_PRODUCT)
    inverted.cp.seed = SEED
    inverted.cp.max_points_per_centroid = TRAINING_ROWS_PER_LIST
    inverted.train(vectors)
    inverted.add(vectors)
    _widen(inverted, vectors)
    return Index(size, dimension, False, inverted)


def _widen(inverted: faiss.IndexIVFFlat, vectors: np.ndarray) -> None:
    """Let the index look into as many lists as it takes to find what exact search finds of a sample of its rows."""
    sample = np.ascontiguousarray(vectors[:: max(1, len(vectors) // SAMPLE)][:SAMPLE])
    exact = faiss.knn(sample, vectors, MEASURED, metric=faiss.METRIC_INNER_PRODUCT)[1]
    inverted.nprobe = FEWEST_LISTS
    while inverted.nprobe < inverted.nlist:
        found = inverted.search(sample, MEASURED)[1]
        if np.mean([len(np.intersect1d(*both)) for both in zip(found, exact, strict=True)]) >= RECALL * MEASURED:
            return
        inverted.nprobe = min(2 * inverted.nprobe, inverted.nlist)


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
