"""One forbids or withholds, the other orders or allows."""

from __future__ import annotations

import numpy as np

from analyzer.matching.columns import MODALITIES
from analyzer.matching.pairs import PairBatch

FORBIDS = MODALITIES.index("prohibition")


def holds(pairs: PairBatch) -> np.ndarray:
    """A prohibition on exactly one side."""
    a, b = pairs.pick("modality")
    return (a == FORBIDS) != (b == FORBIDS)
