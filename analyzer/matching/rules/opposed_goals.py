"""The goals they serve pull apart: a known tension, or one serves what the other burdens."""

from __future__ import annotations

import numpy as np

from analyzer.matching.pairs import PairBatch


def holds(pairs: PairBatch) -> np.ndarray:
    """A goal of one among those that pull against the other's; the relation is symmetric."""
    goals_a, _ = pairs.pick("goals")
    _, against_b = pairs.pick("against")
    return (goals_a & against_b) != 0
