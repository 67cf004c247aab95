"""The same verb governs the same kind of object: one task, perhaps given to two."""

from __future__ import annotations

import numpy as np

from analyzer.matching.pairs import PairBatch

#: Cosine of the objects' topics from which, with the same verb, the task may be one.
ALIKE = 0.4


def holds(pairs: PairBatch) -> np.ndarray:
    """The same action and objects that are alike."""
    a, b = pairs.pick("action")
    return (a != 0) & (a == b) & (pairs.object >= ALIKE)
