"""Clauses by which a decision settles its own money and papers: how the money is asked for, paid, charged and paid
back, when and to whom the work is reported, what letters are to refer to.

Such a clause binds the matter of its own decision. Two of them that stand in decisions on different matters have
nothing to clash in, however alike they read; among real documents they are the commonest pairs of all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from analyzer.records import Side

#: Titles are compared by the first letters of words of some length; so great a share of the shorter one is one matter.
LETTERS, ONE_MATTER = 6, 0.5
WORD = re.compile(r"[^\W\d_]{4,}")


def settle_apart(sides: Sequence[Side], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether pairs (n,) are such clauses on both sides, of decisions on different matters by their titles, bool."""
    lexicon = _load()
    settles = np.array([lexicon.settles(side) for side in sides], dtype=bool)
    apart: np.ndarray = settles[a] & settles[b]
    for at in np.flatnonzero(apart):
        one, other = (matter(sides[rows[at]].document or "") for rows in (a, b))
        apart[at] = len(one & other) < ONE_MATTER * min(len(one), len(other))
    return apart


@lru_cache(maxsize=10_000)
def matter(title: str) -> frozenset[str]:
    """What a title says that its decision is about."""
    return frozenset(word[:LETTERS] for word in WORD.findall(title.casefold())) - _load().kinds


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What `settlement.toml` says: clauses, how titles of decisions begin, words that say nothing of the matter."""

    clauses: re.Pattern[str]
    decisions: re.Pattern[str]
    kinds: frozenset[str]

    def settles(self, side: Side) -> bool:
        """Whether the signal is such a clause of a decision on one matter."""
        return bool(self.decisions.match(side.document or "") and self.clauses.search(side.text))


@lru_cache(maxsize=1)
def _load() -> Lexicon:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    clauses = "|".join(f"(?:{one})" for one in read["clauses"])
    return Lexicon(
        re.compile(clauses, re.IGNORECASE), re.compile(read["decisions"], re.IGNORECASE), frozenset(read["kinds"])
    )
