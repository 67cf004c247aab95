"""One scarce means claimed twice: people, money, premises, equipment, competence; taken, frozen, needed, added."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import both, crossed, one, stack
from analyzer.scoring.features.overlap import sameness
from analyzer.scoring.prepared import Prepared

MEANS = ("people", "money", "premises", "equipment", "competence")
ACTS = ("take", "freeze", "extra", "full", "build", "demand")
CROSSES = (
    ("take", "demand"),
    ("take", "full"),
    ("freeze", "build"),
    ("freeze", "demand"),
    ("freeze", "take"),
    ("full", "demand"),
    ("freeze", "extra"),
    ("take", "build"),
)

NAMES = (
    *(f"means_{name}_{how}" for name in MEANS for how in ("both", "one")),
    *(f"act_{name}_{how}" for name in ACTS for how in ("both", "one")),
    *(f"{left}_against_{right}" for left, right in CROSSES),
    "people_claimed_twice",
    "money_claimed_twice",
    "rooms_or_tools_claimed_twice",
    "frozen_money_against_build",
    "slot_resources_shared",
    "extra_means",
    "claim_same_thing",
)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    cue = {name: (prepared.cue(name, a), prepared.cue(name, b)) for name in (*MEANS, *ACTS)}
    crosses = {pair: crossed(*cue[pair[0]], *cue[pair[1]]) for pair in CROSSES}
    claim = np.minimum(both(*cue["take"]) + crosses["take", "demand"] + crosses["take", "full"] + both(*cue["full"]), 1)
    extra = np.maximum(*cue["extra"])
    tools = np.maximum(both(*cue["premises"]), both(*cue["equipment"]))
    slots = (prepared.slots["resource"][a] * prepared.slots["resource"][b]).sum(1)
    return stack(
        *(how(*cue[name]) for name in MEANS for how in (both, one)),
        *(how(*cue[name]) for name in ACTS for how in (both, one)),
        *crosses.values(),
        claim * both(*cue["people"]),
        claim * both(*cue["money"]),
        claim * tools,
        np.minimum(crosses["freeze", "build"] + crosses["freeze", "take"], 1) * np.maximum(*cue["money"]),
        slots,
        extra,
        claim * sameness(prepared, a, b),
    )
