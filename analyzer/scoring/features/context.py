"""Opposite words that stand beside the same thing: "öka antalet kontroller" against "färre kontroller"."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import stack
from analyzer.scoring.prepared import NEIGHBOURED, Prepared

NAMES = (
    *(f"context_apart_{name}" for name in NEIGHBOURED),
    "context_apart_most",
    "context_along_most",
    "context_apart_less_along",
)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosine of the words around a pole on one side with those around the other pole on the other side."""
    around_a, around_b = prepared.around[a], prepared.around[b]
    same = np.einsum("ijkd,ijkd->ijk", around_a, around_b)
    turned = np.einsum("ijkd,ijkd->ijk", around_a, around_b[:, :, ::-1])
    apart, along = np.maximum(turned.max(2), 0), np.maximum(same.max(2), 0)
    most, least = apart.max(1), along.max(1)
    return stack(*apart.T, most, least, np.maximum(most - least, 0))
