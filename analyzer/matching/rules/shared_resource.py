"""Both draw on the same kind of people, money, competence, premises or time."""

from __future__ import annotations

import numpy as np

from analyzer.matching.pairs import PairBatch


def holds(pairs: PairBatch) -> np.ndarray:
    """A resource named by both."""
    a, b = pairs.pick("resources")
    return (a & b) != 0
