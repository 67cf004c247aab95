"""Two linear views that are learned from words rather than from named features.

The word view adds up a weight for every stem that has no counterpart on the other side and one for every stem
that has. The class view is bilinear: a weight for every pair of lexicon classes that stand on different sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analyzer.scoring.alignment import SAME
from analyzer.scoring.prepared import Prepared


def word_matrix(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> sparse.csr_matrix:
    """(n_pairs, 2 × stems): first how unmatched each stem is, then how often it is matched."""
    aligned = prepared.alignment(a, b)
    rows, columns, values = [], [], []
    for sides, best in ((a, aligned.best_a), (b, aligned.best_b)):
        stems = prepared.stem[sides]
        pair, place = np.nonzero(stems >= 0)
        gap = np.clip(1 - best[pair, place], 0, 1)
        matched = (best[pair, place] >= SAME) * 0.5
        rows += [pair, pair]
        columns += [stems[pair, place], stems[pair, place] + len(prepared.stems)]
        values += [gap, matched]
    shape = (len(a), 2 * len(prepared.stems))
    return sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape, dtype=np.float32
    )


def class_vectors(prepared: Prepared, rows: np.ndarray) -> np.ndarray:
    """(rows, classes) float32, 1 where a lexicon class holds at a side."""
    cues, poles = prepared.cues[rows], prepared.poles[rows]
    return (np.hstack([cues, poles[..., 0], poles[..., 1]]) > 0).astype(np.float32)


def class_crosses(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> sparse.csr_matrix:
    """(n_pairs, classes × (classes + 1) / 2): the upper triangle of the symmetric outer product."""
    held_a, held_b = class_vectors(prepared, a), class_vectors(prepared, b)
    upper = np.triu_indices(held_a.shape[1])
    product = held_a[:, :, None] * held_b[:, None, :]
    return sparse.csr_matrix((product + product.transpose(0, 2, 1))[:, upper[0], upper[1]])


@dataclass(frozen=True, slots=True)
class WordView:
    """Weights by stem: not matched, matched."""

    unmatched: dict[str, float]
    matched: dict[str, float]

    def score(self, prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(n_pairs,) log-odds up to a constant."""
        aligned = prepared.alignment(a, b)
        loose, bound = prepared.stem_weights(self.unmatched), prepared.stem_weights(self.matched)
        total = np.zeros(len(a), np.float32)
        for sides, best in ((a, aligned.best_a), (b, aligned.best_b)):
            stems = prepared.stem[sides]
            total += (np.clip(1 - best, 0, 1) * loose[stems] + 0.5 * (best >= SAME) * bound[stems]).sum(1)
        return total


@dataclass(frozen=True, slots=True)
class ClassView:
    """(classes, classes) symmetric weights."""

    weights: np.ndarray

    def score(self, prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(n_pairs,) log-odds up to a constant."""
        return np.einsum("ij,ij->i", class_vectors(prepared, a) @ self.weights, class_vectors(prepared, b))


def symmetric(coefficients: np.ndarray, classes: int) -> np.ndarray:
    """Upper-triangle coefficients of `class_crosses` as the matrix that `ClassView` multiplies."""
    matrix = np.zeros((classes, classes), np.float32)
    matrix[np.triu_indices(classes)] = coefficients
    return matrix + matrix.T
