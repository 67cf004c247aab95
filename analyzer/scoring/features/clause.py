"""Whether the other side speaks of what stands in a clause: the excepted, the forbidden, the ranked, the subject."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.clauses import NAMES as CLAUSES
from analyzer.scoring.features.columns import stack
from analyzer.scoring.prepared import Prepared

WHAT = ("matched_low", "matched_high", "both")
NAMES = (
    *(f"clause_{name}_{what}" for name in CLAUSES for what in WHAT),
    "clause_exception_met",
    "clause_sequence_met",
    "clause_condition_met",
    "clause_ban_met_by_duty",
    "clause_ban_repeated",
    "clause_rank_other_same_subject",
    "clause_mandate_same_other_subject",
)
#: What a side without the clause counts as: neither met nor missed.
NEITHER = 0.5


def clause_coverage(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> dict[str, tuple[np.ndarray, ...]]:
    """By clause: share of its words with a counterpart for a and for b, and whether a and b have it."""
    aligned = prepared.alignment(a, b)
    found = {}
    for number, name in enumerate(CLAUSES):
        shares, held = [], []
        for rows, best in ((a, aligned.best_a), (b, aligned.best_b)):
            weight = prepared.weight[rows] * ((prepared.clauses[rows] >> number) & 1)
            total = weight.sum(1)
            shares.append(np.where(total > 0, (weight * best).sum(1) / np.maximum(total, 1e-6), NEITHER))
            held.append((total > 0).astype(np.float32))
        found[name] = (*shares, *held)
    return found


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    covered = clause_coverage(prepared, a, b)
    columns = []
    for share_a, share_b, has_a, has_b in covered.values():
        columns += [np.minimum(share_a, share_b), np.maximum(share_a, share_b), has_a * has_b]
    met = {name: np.maximum(one * has_one, two * has_two) for name, (one, two, has_one, has_two) in covered.items()}
    ban_a, ban_b, has_a, has_b = covered["ban"]
    ban_met = np.where(has_a != has_b, np.where(has_a > 0, ban_a, ban_b), 0)
    rank = covered["rank"]
    subject_low = np.minimum(covered["subject"][0], covered["subject"][1])
    rank_low = np.minimum(rank[0], rank[1])
    mandate_low = np.minimum(covered["mandate"][0], covered["mandate"][1])
    return stack(
        *columns,
        met["exception"],
        met["sequence"],
        met["condition"],
        ban_met,
        has_a * has_b * np.minimum(ban_a, ban_b),
        rank[2] * rank[3] * (1 - rank_low) * subject_low,
        covered["mandate"][2] * covered["mandate"][3] * mandate_low * (1 - subject_low),
    )
