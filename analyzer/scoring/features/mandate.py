"""The same task, decision or coordination given twice: mandate words against each other, with other parties."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.alignment import SAME
from analyzer.scoring.features.columns import both, crossed, stack
from analyzer.scoring.features.overlap import coverage
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.words import KINDS

NAMES = (
    "decide_both",
    "lead_both",
    "decide_against_lead",
    "mandate_against_assist",
    "assist_both",
    "mandate_other_party",
    "mandate_same_party",
    "mandate_same_matter",
    "decide_against_only",
    "report_both",
)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    cue = {
        name: (prepared.cue(name, a), prepared.cue(name, b)) for name in ("decide", "lead", "assist", "only", "report")
    }
    aligned = prepared.alignment(a, b)
    people = KINDS.index("people")
    party_a, party_b = prepared.kind[a] == people, prepared.kind[b] == people
    strange_a, strange_b = (party_a & (aligned.best_a < SAME)).any(1), (party_b & (aligned.best_b < SAME)).any(1)
    known = (party_a & (aligned.best_a >= SAME)).any(1) | (party_b & (aligned.best_b >= SAME)).any(1)
    held = np.minimum(both(*cue["decide"]) + both(*cue["lead"]) + crossed(*cue["decide"], *cue["lead"]), 1)
    least = np.minimum(*coverage(prepared, a, b))
    return stack(
        both(*cue["decide"]),
        both(*cue["lead"]),
        crossed(*cue["decide"], *cue["lead"]),
        crossed(
            np.maximum(cue["decide"][0], cue["lead"][0]), np.maximum(cue["decide"][1], cue["lead"][1]), *cue["assist"]
        ),
        both(*cue["assist"]),
        held * (strange_a & strange_b),
        held * (known & ~strange_a & ~strange_b),
        held * least,
        crossed(*cue["decide"], *cue["only"]),
        both(*cue["report"]),
    )
