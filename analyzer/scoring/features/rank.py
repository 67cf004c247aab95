"""Rival claims to come first: rank against rank, over the same people, for different things."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import both, crossed, one, stack
from analyzer.scoring.features.overlap import coverage
from analyzer.scoring.prepared import Prepared

NAMES = (
    "rank_absolute_both",
    "rank_absolute_against_high",
    "rank_high_both",
    "rank_one_absolute",
    "rank_words_top_both",
    "rank_words_top_against_high",
    "rank_words_top_one",
    "rank_words_high_both",
    "rank_rival",
    "rank_rival_other_things",
    "rank_repeated",
    "rank_with_order",
    "rank_against_take",
)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    priority_a, priority_b = prepared.slots["priority"][a], prepared.slots["priority"][b]
    top_a = np.maximum(priority_a == 2, prepared.cue("top", a) > 0).astype(np.float32)
    top_b = np.maximum(priority_b == 2, prepared.cue("top", b) > 0).astype(np.float32)
    high_a = np.maximum(priority_a == 1, prepared.cue("high", a) > 0).astype(np.float32)
    high_b = np.maximum(priority_b == 1, prepared.cue("high", b) > 0).astype(np.float32)
    rival = np.minimum(both(top_a, top_b) + 0.5 * crossed(top_a, top_b, high_a, high_b), 1)
    least = np.minimum(*coverage(prepared, a, b))
    order = np.maximum(prepared.cue("sequence", a), prepared.cue("sequence", b))
    return stack(
        (priority_a == 2) & (priority_b == 2),
        crossed(priority_a == 2, priority_b == 2, priority_a == 1, priority_b == 1),
        (priority_a == 1) & (priority_b == 1),
        one((priority_a == 2) * 1.0, (priority_b == 2) * 1.0),
        both(prepared.cue("top", a), prepared.cue("top", b)),
        crossed(top_a, top_b, high_a, high_b),
        one(top_a, top_b),
        both(high_a, high_b),
        rival,
        rival * (1 - least),
        rival * least,
        rival * order,
        crossed(top_a, top_b, prepared.cue("take", a), prepared.cue("take", b)),
    )
