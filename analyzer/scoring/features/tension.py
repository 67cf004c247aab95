"""Goals that pull apart by the frames' goal poles ("speed+" against "thoroughness+" …)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from analyzer.scoring.features.columns import both, one, stack
from analyzer.scoring.features.overlap import sameness
from analyzer.scoring.prepared import Prepared
from analyzer.signals.goals import find_tensions

NAMES = (
    "goal_pole_apart",
    "goal_pole_apart_same_thing",
    "goal_pole_along",
    "goals_both",
    "goals_one",
    "support_both",
    "support_one",
    "good_thing_both",
    "bad_thing_both",
)


@lru_cache(maxsize=8)
def pulling(goals: tuple[str, ...]) -> np.ndarray:
    """(goals, goals) float32, 1 where two goals are known to pull apart or are the two poles of one."""
    return np.array([[bool(find_tensions([one], [other])) for other in goals] for one in goals], np.float32).reshape(
        len(goals), len(goals)
    )


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    goals_a, goals_b = (prepared.slots["goals"][rows].astype(np.float32) for rows in (a, b))
    apart = np.einsum("ij,ij->i", goals_a @ pulling(tuple(prepared.goals)), goals_b)
    has_a, has_b = (goals_a.sum(1) > 0).astype(np.float32), (goals_b.sum(1) > 0).astype(np.float32)
    cue = {name: (prepared.cue(name, a), prepared.cue(name, b)) for name in ("support", "good_thing", "bad_thing")}
    return stack(
        apart,
        np.minimum(apart, 1) * sameness(prepared, a, b),
        (goals_a * goals_b).sum(1),
        both(has_a, has_b),
        one(has_a, has_b),
        both(*cue["support"]),
        one(*cue["support"]),
        both(*cue["good_thing"]),
        both(*cue["bad_thing"]),
    )
