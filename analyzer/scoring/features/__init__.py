"""Comparisons of two sides: one family a file, each with `NAMES` and `compute(prepared, a, b)`.

`compute` gives float32 (n_pairs, len(NAMES)). Every feature is symmetric: swapping a and b changes nothing.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from analyzer.scoring.features import (
    amounts,
    clause,
    context,
    core,
    crosses,
    direction,
    mandate,
    modality,
    opposites,
    overlap,
    rank,
    resource,
    scope,
    tension,
    timing,
    unmatched,
)
from analyzer.scoring.prepared import Prepared


class Family(Protocol):
    NAMES: tuple[str, ...]

    def compute(self, prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray: ...


FAMILIES: tuple[Family, ...] = (
    overlap,
    unmatched,
    modality,
    direction,
    opposites,
    amounts,
    timing,
    rank,
    resource,
    mandate,
    tension,
    scope,
    clause,
    context,
    core,
    crosses,
)  # type: ignore[assignment]
NAMES: tuple[str, ...] = tuple(name for family in FAMILIES for name in family.NAMES)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """All features of a block of pairs, float32 (n_pairs, len(NAMES)), in the order of `NAMES`."""
    return np.hstack([family.compute(prepared, a, b) for family in FAMILIES])
