"""One may decide, the other has it decided: a mandate against anything that is not one."""

from __future__ import annotations

import numpy as np

from analyzer.matching.columns import MODALITIES
from analyzer.matching.pairs import PairBatch

ALLOWS = MODALITIES.index("permission")


def holds(pairs: PairBatch) -> np.ndarray:
    """A permission on exactly one side."""
    a, b = pairs.pick("modality")
    return (a == ALLOWS) != (b == ALLOWS)
