"""Two due dates for what may be the same deliverable."""

from __future__ import annotations

import numpy as np

from analyzer.matching.columns import NO_DAY
from analyzer.matching.pairs import PairBatch


def holds(pairs: PairBatch) -> np.ndarray:
    """A deadline on both sides, not the same."""
    a, b = pairs.pick("deadline")
    return (a != NO_DAY) & (b != NO_DAY) & (a != b)
