"""One side names what it draws on, and the other needs something of the same people."""

from __future__ import annotations

import numpy as np

from analyzer.matching.pairs import PairBatch


def holds(pairs: PairBatch) -> np.ndarray:
    """A resource named by exactly one side."""
    a, b = pairs.pick("resources")
    return (a != 0) != (b != 0)
