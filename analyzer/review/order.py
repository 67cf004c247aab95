"""In what order flags are worth a person's time: what matters most, and what a judge would learn most from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from analyzer.records import LEVELS

Sort = Literal["importance", "probability", "teaching", "newest"]
SORTS: tuple[Sort, ...] = ("importance", "probability", "teaching", "newest")
T = TypeVar("T")


@cache
def load_order() -> dict[str, Any]:
    """order.toml."""
    return tomllib.loads((Path(__file__).parent / "order.toml").read_text(encoding="utf-8"))


def level_bits(levels: Iterable[str | None]) -> int:
    """Levels as a bit set over `LEVELS`; unknown ones leave no bit."""
    return sum(1 << LEVELS.index(level) for level in {*levels} if level in LEVELS)


def importance(probability: float, grade: int, levels: int) -> float:
    """Chance × grade × weight of the highest level among `levels` (a bit set)."""
    weights = load_order()["weights"]
    highest = next((weights[level] for rank, level in enumerate(LEVELS) if levels & (1 << rank)), 1.0)
    return float(probability * grade * highest)


def teaching(probability: float, pair_key: str) -> float:
    """How much a judge would learn from a decision: the closer to even, the more (uncertainty sampling, Lewis and
    Gale 1994). Within a band of equal doubt the pair's key, a hash, decides: neighbours in the list are then not all
    from one corner of the corpus."""
    band = int(abs(probability - 0.5) / load_order()["teaching"]["band"])
    return -(band + int(pair_key[:8], 16) / 2**32)


def take_turns(items: Sequence[T], groups: Sequence[object]) -> list[T]:
    """The items of one page so that each group has its turn before any has its second; within a group their order
    holds, and groups come in the order of their first."""
    turns: dict[object, int] = {}
    ranked: list[tuple[int, int, T]] = []
    for at, (item, group) in enumerate(zip(items, groups, strict=True)):
        turns[group] = turns.get(group, -1) + 1
        ranked.append((turns[group], at, item))
    return [item for _turn, _at, item in sorted(ranked, key=lambda one: one[:2])]
