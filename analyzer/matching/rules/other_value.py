"""The same kind of measure with other values."""

from __future__ import annotations

import numpy as np

from analyzer.matching.pairs import PairBatch


def holds(pairs: PairBatch) -> np.ndarray:
    """A unit in common, and numbers or comparators that differ."""
    a, b = pairs.pick("units")
    value_a, value_b = pairs.pick("values")
    return ((a & b) != 0) & (value_a != value_b)
