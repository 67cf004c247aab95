"""Both claim to come first."""

from __future__ import annotations

import numpy as np

from analyzer.matching.pairs import PairBatch


def holds(pairs: PairBatch) -> np.ndarray:
    """A rank on both sides, absolute or high."""
    a, b = pairs.pick("priority")
    return (a > 0) & (b > 0)
