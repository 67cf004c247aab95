"""What the sides do to each other, crossed with what they do not share.

The guidelines turn on this: two ranks clash over different things for the same people, two mandates over the same
task for different parties, two values or directions only over the same thing, place and time.
"""

from __future__ import annotations

import numpy as np

from analyzer.scoring.alignment import SAME
from analyzer.scoring.features.amounts import comparable
from analyzer.scoring.features.columns import both, crossed, stack
from analyzer.scoring.features.core import core_shares, negations_differ
from analyzer.scoring.features.opposites import lean
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.words import KINDS

RELATIONS = (
    *("rank", "mandate", "value", "ban", "direction", "claim", "freeze"),
    *("negation", "due", "words_apart", "none_of_these"),
)
DIFFERENCES = ("when", "name", "people", "matter", "other", "least_core", "most_core", "least_missing")
#: Oppositions in what is done, as against goals that merely pull.
ACTING = np.array([group in ("change", "state", "order", "design") for group in load_lexicon().groups])
NAMES = tuple(f"{relation}_x_{difference}" for relation in RELATIONS for difference in DIFFERENCES)


def _relations(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    cue = {
        name: (prepared.cue(name, a), prepared.cue(name, b))
        for name in ("top", "high", "decide", "lead", "ban", "take", "full", "demand", "freeze", "build")
    }
    strong = [np.maximum(cue["top"][side], 0.5 * cue["high"][side]) for side in (0, 1)]
    mandate = [np.maximum(cue["decide"][side], cue["lead"][side]) for side in (0, 1)]
    claim = [np.maximum(cue["take"][side], cue["full"][side]) for side in (0, 1)]
    need = [np.maximum(cue["demand"][side], cue["build"][side]) for side in (0, 1)]
    value_a, value_b = prepared.amounts["value"][a][:, :, None], prepared.amounts["value"][b][:, None, :]
    differs = comparable(prepared, a, b) & (np.abs(value_a - value_b) > 0.02 * np.maximum(value_a, value_b))
    direction_a, direction_b = prepared.slots["direction"][a], prepared.slots["direction"][b]
    opposed = crossed(direction_a == 0, direction_b == 0, direction_a == 1, direction_b == 1)
    found = [
        both(*strong),
        both(*mandate),
        differs.any(axis=(1, 2)).astype(np.float32),
        np.abs(cue["ban"][0] - cue["ban"][1]),
        opposed.astype(np.float32),
        np.minimum(both(*claim) + crossed(*claim, *need), 1),
        np.minimum(crossed(*cue["freeze"], *claim) + crossed(*cue["freeze"], *need), 1),
        negations_differ(prepared, a, b),
        np.nan_to_num(np.abs(prepared.timing[a, 2] - prepared.timing[b, 2]), nan=0) > 3,
        np.maximum(-(lean(prepared, a) * lean(prepared, b))[:, ACTING], 0).max(1),
    ]
    return [*found, 1 - np.minimum(np.max(found, axis=0), 1)]


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    aligned = prepared.alignment(a, b)
    differences = []
    for name in DIFFERENCES[:5]:
        number = KINDS.index(name)
        lost = [
            (prepared.weight[rows] * ((prepared.kind[rows] == number) & (best < SAME))).sum(1)
            for rows, best in ((a, aligned.best_a), (b, aligned.best_b))
        ]
        differences.append(np.minimum(np.minimum(*lost), 2))
    share_a, share_b, missing_a, missing_b = core_shares(prepared, a, b)
    differences += [np.minimum(share_a, share_b), np.maximum(share_a, share_b), np.minimum(missing_a, missing_b)]
    return stack(*(relation * difference for relation in _relations(prepared, a, b) for difference in differences))
