"""Both act on the same object, whatever the rest of their texts says."""

from __future__ import annotations

import numpy as np

from analyzer.matching.pairs import PairBatch

#: Cosine of the objects' topics from which they are taken to be the same.
SAME = 0.55


def holds(pairs: PairBatch) -> np.ndarray:
    """Objects about the same thing."""
    return pairs.object >= SAME
