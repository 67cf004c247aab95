"""A duty that meets a ban, a permission that meets a ban, and how firmly the two sides speak."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import both, crossed, one, stack
from analyzer.scoring.features.overlap import sameness
from analyzer.scoring.prepared import MODALITIES, Prepared

PAIRS = (
    ("obligation", "prohibition"),
    ("permission", "prohibition"),
    ("recommendation", "prohibition"),
    ("goal", "prohibition"),
    ("obligation", "permission"),
    ("obligation", "recommendation"),
    ("obligation", "goal"),
    ("goal", "recommendation"),
)
CUES = ("duty", "ban", "negation", "permission", "advice", "hedge", "goal", "only", "all", "also")

NAMES = (
    *(f"{left}_against_{right}" for left, right in PAIRS),
    *(f"both_{name}" for name in MODALITIES),
    "ban_against_duty_same_thing",
    "ban_against_permission_same_thing",
    "only_against_all",
    "only_against_also",
    "only_against_permission",
    *(f"cue_{name}_{how}" for name in CUES for how in ("both", "one")),
)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    modality_a, modality_b = prepared.slots["modality"][a], prepared.slots["modality"][b]
    of = {
        name: ((modality_a == number).astype(np.float32), (modality_b == number).astype(np.float32))
        for number, name in enumerate(MODALITIES)
    }
    cue = {name: (prepared.cue(name, a), prepared.cue(name, b)) for name in CUES}
    same = sameness(prepared, a, b)
    meets = {pair: crossed(*of[pair[0]], *of[pair[1]]) for pair in PAIRS}
    return stack(
        *meets.values(),
        *(both(*of[name]) for name in MODALITIES),
        (meets["obligation", "prohibition"] + meets["goal", "prohibition"]) * same,
        meets["permission", "prohibition"] * same,
        crossed(*cue["only"], *cue["all"]),
        crossed(*cue["only"], *cue["also"]),
        crossed(*cue["only"], *cue["permission"]),
        *(how(*cue[name]) for name in CUES for how in (both, one)),
    )
