"""Words that pull apart on the two sides (opposites.toml), and those that pull the same way."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import stack
from analyzer.scoring.features.overlap import sameness
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.prepared import Prepared

GROUPS = ("change", "state", "order", "design", "tension")
_LEXICON = load_lexicon()
NAMES = (
    *(f"opposite_{group}_{what}" for group in GROUPS for what in ("apart", "along", "apart_same_thing")),
    *(f"opposite_{name}" for name in _LEXICON.oppositions),
    "opposites_most",
    "opposites_sum",
)


def lean(prepared: Prepared, rows: np.ndarray) -> np.ndarray:
    """(n, oppositions) how far a side leans to plus (1) or minus (-1); 0 for neither, or both alike."""
    poles = prepared.poles[rows].astype(np.float32)
    return (poles[..., 0] - poles[..., 1]) / np.maximum(poles.sum(-1), 1)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    product = lean(prepared, a) * lean(prepared, b)
    apart, along = np.maximum(-product, 0), np.maximum(product, 0)
    same = sameness(prepared, a, b)
    columns = []
    groups = np.array(_LEXICON.groups)
    for group in GROUPS:
        held = groups == group
        total = apart[:, held].sum(1)
        columns += [total, along[:, held].sum(1), total * same]
    return stack(*columns, *apart.T, apart.max(1), apart.sum(1))
