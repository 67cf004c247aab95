"""Which kinds of words the sides do not share: another place, another group, another matter, another time."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.alignment import SAME
from analyzer.scoring.features.columns import stack
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.words import KINDS

SHARES = ("matched", "unmatched_low", "unmatched_high", "disjoint")
NAMES = (
    *(f"{kind}_{what}" for kind in KINDS for what in SHARES),
    "negation_differs",
    "unmatched_low",
    "unmatched_high",
)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    aligned = prepared.alignment(a, b)
    columns = []
    weights = [prepared.weight[rows] for rows in (a, b)]
    missing = [1 - np.clip(best, 0, 1) for best in (aligned.best_a, aligned.best_b)]
    for number in range(len(KINDS)):
        of_kind = [(prepared.kind[rows] == number) * weight for rows, weight in zip((a, b), weights, strict=True)]
        found = [(w * (best >= SAME)).sum(1) for w, best in zip(of_kind, (aligned.best_a, aligned.best_b), strict=True)]
        lost = [(w * gap).sum(1) for w, gap in zip(of_kind, missing, strict=True)]
        held = [w.sum(1) for w in of_kind]
        disjoint = (np.minimum(*held) > 0) & (np.maximum(*found) <= 0)
        columns += [np.minimum(*found), np.minimum(*lost), np.maximum(*lost), disjoint]
    differs = np.zeros(len(a), np.float32)
    for own, other, best, match, weight in (
        (a, b, aligned.best_a, aligned.match_a, weights[0]),
        (b, a, aligned.best_b, aligned.match_b, weights[1]),
    ):
        partner = np.take_along_axis(prepared.negated[other], match, axis=1)
        differs += 0.5 * (((best >= SAME) & (partner != prepared.negated[own])) * weight).sum(1)
    total = [(weight * gap).sum(1) for weight, gap in zip(weights, missing, strict=True)]
    return stack(*columns, differs, np.minimum(*total), np.maximum(*total))
