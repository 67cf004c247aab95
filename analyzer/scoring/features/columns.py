"""Small helpers that the feature files share: symmetric ways to put two sides' values together."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.prepared import Table


def stack(*columns: np.ndarray) -> np.ndarray:
    """Columns of (n_pairs,) as float32 (n_pairs, columns), NaN and infinities made 0."""
    return np.nan_to_num(np.column_stack(columns).astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def crossed(left_a: np.ndarray, left_b: np.ndarray, right_a: np.ndarray, right_b: np.ndarray) -> np.ndarray:
    """Whether one side has `left` and the other `right`, whichever way round: 0, 1 (or 2 when both ways)."""
    return left_a * right_b + right_a * left_b


def both(value_a: np.ndarray, value_b: np.ndarray) -> np.ndarray:
    return value_a * value_b


def one(value_a: np.ndarray, value_b: np.ndarray) -> np.ndarray:
    """How far one side has what the other lacks."""
    return np.abs(value_a - value_b)


def cosine(vectors: np.ndarray | Table, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Row-wise dot products of unit rows."""
    return np.einsum("ij,ij->i", vectors[a], vectors[b])
