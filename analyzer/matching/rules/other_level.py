"""Two levels of steering speak of the same matter to the same people."""

from __future__ import annotations

import numpy as np

from analyzer.matching.pairs import PairBatch


def holds(pairs: PairBatch) -> np.ndarray:
    """Both levels known, and not the same."""
    a, b = pairs.pick("level")
    return (a != 0) & (b != 0) & (a != b)
