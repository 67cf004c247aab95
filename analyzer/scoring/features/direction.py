"""Opposite or equal directions, weighed by whether the object is the same."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import crossed, stack
from analyzer.scoring.features.overlap import sameness
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.prepared import DIRECTIONS, Prepared

NAMES = (
    "up_against_down",
    "up_against_down_same_thing",
    "maintain_against_change",
    "start_against_stop",
    "same_direction",
    "same_direction_same_thing",
    "one_direction_only",
    "words_up_against_down",
    "words_up_against_down_same_thing",
    "bad_thing_against_good_thing",
)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    direction_a, direction_b = prepared.slots["direction"][a], prepared.slots["direction"][b]
    is_a = {name: (direction_a == number).astype(np.float32) for number, name in enumerate(DIRECTIONS)}
    is_b = {name: (direction_b == number).astype(np.float32) for number, name in enumerate(DIRECTIONS)}
    same = sameness(prepared, a, b)
    opposed = crossed(is_a["increase"], is_b["increase"], is_a["decrease"], is_b["decrease"])
    change_a, change_b = is_a["increase"] + is_a["decrease"], is_b["increase"] + is_b["decrease"]
    equal = ((direction_a == direction_b) & (direction_a >= 0)).astype(np.float32)
    amount = load_lexicon().oppositions.index("amount")
    poles_a, poles_b = (np.minimum(prepared.poles[rows, amount], 1) for rows in (a, b))
    words = crossed(
        poles_a[:, 0] > poles_a[:, 1],
        poles_b[:, 0] > poles_b[:, 1],
        poles_a[:, 1] > poles_a[:, 0],
        poles_b[:, 1] > poles_b[:, 0],
    )
    return stack(
        opposed,
        opposed * same,
        crossed(is_a["maintain"], is_b["maintain"], change_a, change_b),
        crossed(is_a["start"], is_b["start"], is_a["stop"], is_b["stop"]),
        equal,
        equal * same,
        ((direction_a >= 0) != (direction_b >= 0)),
        words,
        words * same,
        crossed(
            prepared.cue("bad_thing", a),
            prepared.cue("bad_thing", b),
            prepared.cue("good_thing", a),
            prepared.cue("good_thing", b),
        ),
    )
