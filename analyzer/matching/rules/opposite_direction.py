"""One wants more of something, the other less; one begins what the other ends."""

from __future__ import annotations

import numpy as np

from analyzer.matching.columns import DIRECTIONS
from analyzer.matching.pairs import PairBatch

_OPPOSED = (
    ("increase", "decrease"),
    ("increase", "stop"),
    ("start", "stop"),
    ("maintain", "stop"),
    ("maintain", "decrease"),
)
#: OPPOSED[direction of a, direction of b]
OPPOSED = np.zeros((len(DIRECTIONS), len(DIRECTIONS)), dtype=bool)
for _one, _other in _OPPOSED:
    OPPOSED[DIRECTIONS.index(_one), DIRECTIONS.index(_other)] = True
OPPOSED |= OPPOSED.T


def holds(pairs: PairBatch) -> np.ndarray:
    """Directions that undo each other."""
    a, b = pairs.pick("direction")
    return OPPOSED[a, b]
