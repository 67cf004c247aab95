"""First vectors for the pieces: a factorised matrix of shifted positive pointwise mutual information.

Method: Levy, Goldberg and Dagan 2015 (TACL 3, "Improving Distributional Similarity"): context distribution
smoothing, and the square root of the singular values. Deterministic, and minutes faster than skip-gram on one core.
Weights against frequent pieces: Arora, Liang and Ma 2017 ("A Simple but Tough-to-Beat Baseline", SIF).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.utils.extmath import randomized_svd

#: Pieces on each side that count as context; a neighbour at distance d counts 1/d.
WINDOW = 6
CONTEXT_SMOOTHING = 0.75
SHIFT = np.log(2.0)
#: Constant of the SIF weight a / (a + p(piece)).
SIF = 1e-3


def count_neighbours(encoded: Sequence[np.ndarray], size: int, window: int = WINDOW) -> csr_matrix:
    """Symmetric weighted co-occurrence counts (size, size) of piece ids inside the same text."""
    ids = np.concatenate(encoded).astype(np.int64)
    text_of = np.repeat(np.arange(len(encoded)), [len(e) for e in encoded])
    total = csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, window + 1):
        same = text_of[:-distance] == text_of[distance:]
        left, right = ids[:-distance][same], ids[distance:][same]
        weight = np.full(len(left), 1.0 / distance, dtype=np.float32)
        total = total + csr_matrix((weight, (left, right)), shape=(size, size))
    return (total + total.T).tocsr()


def factorise(counts: csr_matrix, dimension: int, seed: int) -> np.ndarray:
    """Vectors (size, dimension), float32, unit rows, from co-occurrence counts; pieces never seen get zeros."""
    total = counts.sum()
    row = np.asarray(counts.sum(axis=1)).ravel()
    context = row**CONTEXT_SMOOTHING
    context = context / context.sum()
    with np.errstate(divide="ignore"):
        inverse_row = np.where(row > 0, 1.0 / row, 0.0)
        inverse_context = np.where(context > 0, 1.0 / context, 0.0)
    association = (diags(inverse_row) @ counts @ diags(inverse_context)).tocsr()
    assert total > 0, "no text: the co-occurrence matrix is empty"
    association.data = np.maximum(np.log(np.maximum(association.data, 1e-12)) - SHIFT, 0.0).astype(np.float32)
    association.eliminate_zeros()
    left, values, _ = randomized_svd(association.astype(np.float32), dimension, n_iter=3, random_state=seed)
    return normalise((left * np.sqrt(values)).astype(np.float32))


def sif_weights(encoded: Sequence[np.ndarray], size: int, constant: float = SIF) -> np.ndarray:
    """Weights (size,), float32, in (0, 1]: near 1 for a rare piece, near 0 for `och`."""
    counts = np.bincount(np.concatenate(encoded), minlength=size)
    return (constant / (constant + counts / counts.sum())).astype(np.float32)


def normalise(vectors: np.ndarray) -> np.ndarray:
    """Rows divided by their length; a row of zeros stays one."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
