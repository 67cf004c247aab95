"""How far both sides name the same things, leaving aside numbers, dates and what is said about the things."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import stack
from analyzer.scoring.prepared import Prepared

#: Less unmatched rarity than this on both sides: the sides name the same things, a template filled twice.
FEW = 0.5
NAMES = ("core_low", "core_high", "core_missing_low", "core_missing_high", "core_copy", "core_copy_negated")


def core_shares(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, ...]:
    """(n_pairs,) each: share of core words with a counterpart, for a and b; rarity without one, for a and b."""
    aligned = prepared.alignment(a, b)
    shares, missing = [], []
    for rows, best in ((a, aligned.best_a), (b, aligned.best_b)):
        weight = prepared.weight[rows] * prepared.core[rows]
        total = weight.sum(1)
        shares.append(np.where(total > 0, (weight * best).sum(1) / np.maximum(total, 1e-6), 0.5))
        missing.append((weight * (1 - np.clip(best, 0, 1))).sum(1))
    return (*shares, *missing)


def negations_differ(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n_pairs,) whether one side negates and the other does not."""
    return np.abs(prepared.cue("negation", a) - prepared.cue("negation", b))


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    share_a, share_b, missing_a, missing_b = core_shares(prepared, a, b)
    copy = np.maximum(missing_a, missing_b) < FEW
    return stack(
        np.minimum(share_a, share_b),
        np.maximum(share_a, share_b),
        np.minimum(missing_a, missing_b),
        np.maximum(missing_a, missing_b),
        copy,
        copy * negations_differ(prepared, a, b),
    )
