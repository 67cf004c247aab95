"""Whether the times meet, how far the due dates lie apart, and who came later."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import both, one, stack
from analyzer.scoring.features.overlap import sameness
from analyzer.scoring.prepared import Prepared

NAMES = (
    "time_apart",
    "time_gap_years",
    "time_overlap_years",
    "time_both_stated",
    "time_one_stated",
    "due_both",
    "due_one",
    "due_equal",
    "due_differs",
    "due_differs_same_thing",
    "due_quarters_apart",
    "due_before_start",
    "documents_years_apart",
    "when_words_apart",
    "partial_report",
    "recurrence_differs",
)
YEAR = 365.25


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    (first_a, last_a, due_a), (first_b, last_b, due_b) = prepared.timing[a].T, prepared.timing[b].T
    gap = np.maximum(np.maximum(first_a, first_b) - np.minimum(last_a, last_b), 0)
    stated_a = (np.isfinite(first_a) | np.isfinite(last_a)).astype(np.float32)
    stated_b = (np.isfinite(first_b) | np.isfinite(last_b)).astype(np.float32)
    overlap = np.minimum(last_a, last_b) - np.maximum(first_a, first_b)
    has_a, has_b = np.isfinite(due_a).astype(np.float32), np.isfinite(due_b).astype(np.float32)
    apart = np.abs(due_a - due_b)
    differs = (np.nan_to_num(apart, nan=0) > 3).astype(np.float32)
    same = sameness(prepared, a, b)
    late = (np.nan_to_num(due_a, nan=np.inf) < first_b) | (np.nan_to_num(due_b, nan=np.inf) < first_a)
    aligned = prepared.alignment(a, b)
    when_a, when_b = prepared.kind[a] == 1, prepared.kind[b] == 1
    lost = when_a.any(1) & when_b.any(1) & ~(when_a & (aligned.best_a > 0.99)).any(1)
    recurrence_a, recurrence_b = prepared.slots["recurrence"][a], prepared.slots["recurrence"][b]
    return stack(
        gap > 0,
        np.minimum(gap / YEAR, 5),
        np.clip(overlap / YEAR, 0, 3),
        both(stated_a, stated_b),
        one(stated_a, stated_b),
        both(has_a, has_b),
        one(has_a, has_b),
        has_a * has_b * (1 - differs),
        differs,
        differs * same,
        np.minimum(np.nan_to_num(apart, nan=0) / 91, 8),
        late,
        np.minimum(np.abs(np.nan_to_num(prepared.slots["date"][a] - prepared.slots["date"][b], nan=0)), 8),
        lost,
        both(prepared.cue("partial", a), prepared.cue("partial", b)),
        (recurrence_a != recurrence_b) & (recurrence_a != 0) & (recurrence_b != 0),
    )
