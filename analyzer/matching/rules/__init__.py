"""The candidate rules: one small file each, with `holds(pairs) -> bool (p,)`; their floors are in rules.toml.

A rule looks at the two sides and nothing else. Order is the order of bits in stored pairs: add new rules at the end.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from analyzer.matching.pairs import PairBatch
from analyzer.matching.rules import (
    ban_meets_duty,
    mandate,
    near,
    one_resource,
    opposed_goals,
    opposite_direction,
    other_deadline,
    other_level,
    other_value,
    rival_priority,
    same_object,
    same_task,
    shared_resource,
)

_MODULES = (
    near,
    same_object,
    rival_priority,
    shared_resource,
    other_value,
    same_task,
    ban_meets_duty,
    opposite_direction,
    opposed_goals,
    other_deadline,
    mandate,
    one_resource,
    other_level,
)
#: Names of the rules; a pair's bit set has bit i for RULES[i]. The last has no file here: it stands for what the
#: meeting model proposes, which weighs a side's partners against each other.
RULES: tuple[str, ...] = (*(module.__name__.rpartition(".")[2] for module in _MODULES), "meeting")
#: The bit of pairs that the meeting model proposed.
MEETING = 1 << RULES.index("meeting")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and the least topic similarity at which it proposes, by scope tier (apart, unknown, met)."""

    name: str
    holds: Callable[[PairBatch], np.ndarray]
    floors: np.ndarray


@cache
def load_rules() -> tuple[Rule, ...]:
    """The rules in the order of their bits."""
    floors = load_floors()["floors"]
    return tuple(
        Rule(name, module.holds, np.array(floors[name], dtype=np.float32))
        for name, module in zip(RULES, _MODULES, strict=False)
    )


@cache
def find_lowest() -> np.ndarray:
    """The topic similarity below which no rule proposes, by scope tier (3,)."""
    lowest: np.ndarray = np.min([rule.floors for rule in load_rules()], axis=0)
    return lowest


@cache
def load_floors() -> dict:
    """rules.toml as it stands."""
    return tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
