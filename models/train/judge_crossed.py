"""Pairs across families: sides of one file that were never written for each other, as a scan would meet them.

Nearly all candidate pairs of a scan concern different matters. What tells them from pairs that meet is learned from
crossed pairs: a random sample of those that the candidate rules propose, and the nearest by the encoder's cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.evaluation.pool import make_pool
from analyzer.matching.candidates import propose
from analyzer.records import Side
from analyzer.scoring.pairs import LabelledPair

#: Crossed pairs a file.
PROPOSED = 450
NEAREST = 700


@dataclass(frozen=True, slots=True)
class CrossedPairs:
    """Rows of the sides `a` and `b`; how many candidates of its file a pair stands for (0 for the nearest ones)."""

    a: np.ndarray
    b: np.ndarray
    files: np.ndarray
    stands_for: np.ndarray


def cross_pairs(
    pairs: Sequence[LabelledPair], files: np.ndarray, numbers: np.ndarray, meaning: np.ndarray, seed: int
) -> CrossedPairs:
    """Crossed pairs of every file. The sides of pair i are rows 2 × numbers[i] and the next of `meaning` (sides, d)."""
    chooser = np.random.default_rng(seed)
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    for name in sorted(set(files.tolist())):
        own = np.flatnonzero(files == name)
        pool = make_pool([pairs[row] for row in own.tolist()])
        # Where each pooled side stands among all sides; any pair that brought it will do, since such sides are equal.
        places = np.zeros(len(pool.sides), int)
        places[pool.labelled.ravel()] = np.column_stack([2 * numbers[own], 2 * numbers[own] + 1]).ravel()
        crossed = pool.crossed()
        a, b = places[crossed[:, 0]], places[crossed[:, 1]]
        proposed = np.flatnonzero(_proposed(pool.sides, meaning[places])[crossed[:, 0], crossed[:, 1]])
        drawn = chooser.choice(proposed, min(PROPOSED, len(proposed)), replace=False)
        cosine = np.einsum("ij,ij->i", meaning[a], meaning[b])
        cosine[drawn] = -np.inf
        nearest = np.argsort(-cosine, kind="stable")[:NEAREST]
        chosen = np.concatenate([drawn, nearest])
        stands_for = np.concatenate([np.full(len(drawn), len(proposed) / max(len(drawn), 1)), np.zeros(len(nearest))])
        found.append((a[chosen], b[chosen], np.full(len(chosen), name), stands_for))
    return CrossedPairs(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _proposed(sides: Sequence[Side], meaning: np.ndarray) -> np.ndarray:
    """(n, n) whether the candidate rules propose a pair of the sides, each in a document of its own."""
    candidates = propose(sides, meaning)
    table = np.zeros((len(sides), len(sides)), bool)
    table[candidates.a, candidates.b] = table[candidates.b, candidates.a] = True
    return table
