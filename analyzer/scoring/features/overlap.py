"""How much of each side the other one says again: coverage, cosines, lengths, a shared template."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import cosine, stack
from analyzer.scoring.features.core import core_shares
from analyzer.scoring.prepared import Prepared

NAMES = (
    "coverage_low",
    "coverage_high",
    "exact_low",
    "exact_high",
    "text_cosine",
    "title_cosine",
    "meaning_cosine",
    "length_low",
    "length_ratio",
    "same_opening",
    "rarest_shared",
    "rare_shared_sum",
)


def coverage(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of each side's rarity-weighted words that has a counterpart, (n_pairs,) for a and for b."""
    aligned = prepared.alignment(a, b)
    weight_a, weight_b = prepared.weight[a], prepared.weight[b]
    return (
        (aligned.best_a * weight_a).sum(1) / np.maximum(weight_a.sum(1), 1e-6),
        (aligned.best_b * weight_b).sum(1) / np.maximum(weight_b.sum(1), 1e-6),
    )


def sameness(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How far both name the same things, 0…1: the better share of core words that have a counterpart."""
    share_a, share_b, _, _ = core_shares(prepared, a, b)
    return np.maximum(share_a, share_b)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    aligned = prepared.alignment(a, b)
    cover_a, cover_b = coverage(prepared, a, b)
    weight_a, weight_b = prepared.weight[a], prepared.weight[b]
    same_a, same_b = aligned.best_a >= 0.999, aligned.best_b >= 0.999
    exact_a = (same_a * weight_a).sum(1) / np.maximum(weight_a.sum(1), 1e-6)
    exact_b = (same_b * weight_b).sum(1) / np.maximum(weight_b.sum(1), 1e-6)
    length_a, length_b = (prepared.stem[a] >= 0).sum(1), (prepared.stem[b] >= 0).sum(1)
    opening = (prepared.stem[a][:, :3] == prepared.stem[b][:, :3]).sum(1) / 3
    shared = same_a * weight_a
    return stack(
        np.minimum(cover_a, cover_b),
        np.maximum(cover_a, cover_b),
        np.minimum(exact_a, exact_b),
        np.maximum(exact_a, exact_b),
        cosine(prepared.text_vectors, a, b),
        cosine(prepared.title_vectors, a, b),
        cosine(prepared.meaning, a, b),
        np.minimum(length_a, length_b),
        np.minimum(length_a, length_b) / np.maximum(length_a, length_b).clip(1),
        opening,
        shared.max(1),
        np.minimum(shared.sum(1), (same_b * weight_b).sum(1)),
    )
