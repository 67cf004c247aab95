"""What addressees and times say of pairs, as products of short vectors, so that a search by products can heed it.

A table of all pairs is laid out from its columns of a few landmarks (Nyström's method: Williams and Seeger 2001, Using
the Nyström method to speed up kernel machines). That is near the table, good for finding whom to score, not for scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyzer.matching.library import Library

#: Sides that stand for all, the length of the vectors, and sides read at a time.
LANDMARKS, RANK, STEP = 1500, 96, 4000
SEED = 1234


@dataclass(frozen=True, slots=True)
class Landmarks:
    """`asking(i) @ keys[j]` is about what the pair is worth; `keys` float32 (n, RANK)."""

    keys: np.ndarray
    #: Sign of each direction, (RANK,).
    signs: np.ndarray

    def asking(self, at: np.ndarray) -> np.ndarray:
        """What sides ask with, float32 (p, RANK)."""
        asking: np.ndarray = self.keys[at] * self.signs
        return asking


def find_landmarks(library: Library, by_tier: np.ndarray, closed: float) -> Landmarks:
    """Vectors of what pairs are worth: one of `by_tier` (3,) by their tier, less `closed` where they may not meet."""

    def value(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        values = library.by_tier(by_tier, rows, columns)
        values[~library.is_open(rows, columns)] -= np.float32(closed)
        return values

    count = len(library)
    chosen = np.random.default_rng(SEED).choice(count, min(LANDMARKS, count), replace=False)
    weights, directions = np.linalg.eigh(value(chosen, chosen).astype(np.float64))
    best = np.argsort(-np.abs(weights))[:RANK]
    turn = (directions[:, best] / np.sqrt(np.maximum(np.abs(weights[best]), 1e-9))).astype(np.float32)
    keys = np.empty((count, len(best)), dtype=np.float32)
    for begin in range(0, count, STEP):
        at = np.arange(begin, min(begin + STEP, count))
        keys[at] = value(at, chosen) @ turn
    return Landmarks(keys, np.sign(weights[best]).astype(np.float32))
