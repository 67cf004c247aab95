"""Sides as columns: what the candidate rules compare, read once for each side and held in arrays.

Every value depends on its own side (and the shipped encoder) alone, never on what else is in the library. That is
what makes an incremental scan propose exactly the pairs that a full scan would.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from scipy import sparse

from analyzer.matching.encoder import StaticEncoder
from analyzer.records import LEVELS, Frame, Side
from analyzer.signals.goals import load_tensions
from analyzer.signals.lexicon import load_lexicon

DIRECTIONS = ("none", "increase", "decrease", "maintain", "start", "stop")
MODALITIES = ("obligation", "prohibition", "permission", "recommendation", "goal")
PRIORITIES = ("none", "high", "absolute")
RESOURCES = ("personnel", "budget", "competence", "equipment/premises", "time")
#: Surprise in nats from which a word piece begins to count as content, and from which it counts in full.
COMMON, RARE = 7.0, 10.0
NO_DAY = np.iinfo(np.int32).min


@dataclass(frozen=True, slots=True)
class Columns:
    """n sides. Every array has n rows; NumPy indexing by an array of sides gives one value a pair."""

    #: What the text, and its object alone, is about: float32 (n, d), unit rows, boilerplate left out.
    topics: np.ndarray
    objects: np.ndarray
    modality: np.ndarray
    direction: np.ndarray
    priority: np.ndarray
    level: np.ndarray
    #: Hash of the governing verb, 0 without one.
    action: np.ndarray
    #: Bit sets: resources, units of quantities, goals served and burdened, and the goals that pull against these.
    resources: np.ndarray
    units: np.ndarray
    goals: np.ndarray
    against: np.ndarray
    #: Hash of the quantities' values, 0 without any.
    values: np.ndarray
    #: Days since 1970, `NO_DAY` where not stated.
    deadline: np.ndarray


def read_columns(
    sides: Sequence[Side], encoder: StaticEncoder, texts: sparse.csr_matrix, objects: sparse.csr_matrix
) -> Columns:
    """The columns of sides, in their order. `texts`, `objects`: bags of the encoder's pieces, (n, pieces)."""
    frames = [side.frame for side in sides]
    served = [_goal_bits(frame) for frame in frames]
    topics, named = read_topics(texts, encoder), np.array([bool(frame.object) for frame in frames], dtype=bool)
    return Columns(
        topics=topics,
        # A frame without an object is compared by its whole text.
        objects=np.where(named[:, None], read_topics(objects, encoder), topics),
        modality=_codes([frame.modality for frame in frames], MODALITIES),
        direction=_codes([frame.direction for frame in frames], DIRECTIONS),
        priority=_codes([frame.priority for frame in frames], PRIORITIES),
        level=_codes([side.level or "" for side in sides], ("", *LEVELS)),
        action=np.array([_stable_hash(frame.action or "") for frame in frames], dtype=np.int64),
        resources=np.array([_bits(frame.resource, RESOURCES) for frame in frames], dtype=np.uint8),
        units=np.array([_unit_bits(frame) for frame in frames], dtype=np.uint64),
        goals=np.array([goals for goals, _ in served], dtype=np.uint64),
        against=np.array([against for _, against in served], dtype=np.uint64),
        values=np.array([_value_hash(frame) for frame in frames], dtype=np.int64),
        deadline=np.array([day_of(frame.deadline) for frame in frames], dtype=np.int32),
    )


def read_topics(bags: sparse.csr_matrix, encoder: StaticEncoder) -> np.ndarray:
    """What bags of pieces are about, float32 (n, d), unit rows: the sum of their distinct pieces' directions, the rarer
    the heavier. Common pieces weigh nothing, so that "ska redovisas senast" does not make two assignments alike; a text
    of nothing else gives zeros and is like no other."""
    weights = np.clip((encoder.rarity - COMMON) / (RARE - COMMON), 0.0, 1.0)
    length = np.linalg.norm(encoder.matrix, axis=1)
    weighted = encoder.matrix * (weights / np.maximum(length, 1e-9))[:, None]
    distinct = sparse.csr_matrix((np.ones_like(bags.data), bags.indices, bags.indptr), shape=bags.shape)
    topics: np.ndarray = distinct @ weighted
    norm = np.linalg.norm(topics, axis=1, keepdims=True)
    return np.divide(topics, norm, out=topics, where=norm > 1e-6)


@lru_cache(maxsize=100_000)
def day_of(date: str | None, last: bool = False) -> int:
    """Days since 1970 of "2024", "2024-06" or "2024-06-01"; the first day of what is named, or the last one."""
    if not date:
        return NO_DAY
    parts = [int(part) for part in date.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else (12 if last else 1)
    day = parts[2] if len(parts) > 2 else (calendar.monthrange(year, month)[1] if last else 1)
    return int(np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D").astype(np.int64))


def _codes(values: Sequence[str], names: Sequence[str]) -> np.ndarray:
    return np.array([names.index(value) for value in values], dtype=np.int8)


def _bits(values: Sequence[str], names: tuple[str, ...]) -> int:
    return sum(1 << names.index(value) for value in set(values))


@cache
def _goal_names() -> dict[str, int]:
    """Goal dimension → its number, two bits each (served, burdened)."""
    return {name: number for number, name in enumerate(load_lexicon("goals")["dimensions"])}


@cache
def _pulled_by(goal: str) -> int:
    """Bits of the goals that pull against one goal: its own other pole, and the dimensions in known tension."""
    name, pole = goal[:-1], goal[-1]
    bits = _goal_bit(name + ("-" if pole == "+" else "+"))
    if pole == "+":
        for pair in load_tensions():
            if name in pair:
                bits |= _goal_bit(next(iter(pair - {name})) + "+")
    return bits


def _goal_bit(goal: str) -> int:
    return 1 << (2 * _goal_names()[goal[:-1]] + (goal[-1] == "-"))


def _goal_bits(frame: Frame) -> tuple[int, int]:
    served = against = 0
    for goal in frame.goals:
        served |= _goal_bit(goal)
        against |= _pulled_by(goal)
    return served, against


def _unit_bits(frame: Frame) -> int:
    """Units as bits by a hash: that two share one is a hint for the rules, which look at the objects as well."""
    return sum({1 << (_stable_hash(quantity.unit) % 63) for quantity in frame.quantity if quantity.unit})


def _value_hash(frame: Frame) -> int:
    values = sorted({(quantity.value, quantity.comparator) for quantity in frame.quantity})
    return _stable_hash(repr(values)) if values else 0


@lru_cache(maxsize=100_000)
def _stable_hash(text: str) -> int:
    """A number for a text that is the same in every process, unlike `hash`; 0 for the empty text."""
    value = 0
    for byte in text.encode():
        value = (value * 1_000_003 + byte + 1) & 0x7FFF_FFFF_FFFF_FFFF
    return value
