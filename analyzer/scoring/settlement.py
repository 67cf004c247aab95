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
from scipy import sparse

from analyzer.records import Side
from analyzer.sides import Part, by_pairs

#: Titles are compared by the first letters of words of some length; so great a share of the shorter one is one matter.
LETTERS, ONE_MATTER = 6, 0.5
WORD = re.compile(r"[^\W\d_]{4,}")
SAME_MATTER, OTHER_MATTER = 1, 2
#: Pairs whose titles are compared together.
BLOCK = 100_000


def find_errands(sides: Sequence[Side] | Part, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of pairs (n,) whether they stand in two decisions on one matter each, int8: `OTHER_MATTER` where these are
    different matters by their titles, `SAME_MATTER` where one decision follows on the other, else 0."""
    titles: dict[str, int] = {}
    title = np.array([titles.setdefault(side.document or "", len(titles)) for side in sides], dtype=np.int32)
    decision = np.array([bool(_load().decisions.match(one)) for one in titles], dtype=bool)
    bags = _bag([matter(one) for one in titles])
    sizes = np.asarray(bags.sum(axis=1)).ravel()

    def is_errand(at: slice) -> np.ndarray:
        one, other = title[a[at]], title[b[at]]
        found: np.ndarray = decision[one] & decision[other] & (one != other)
        return found

    found = by_pairs(len(a), is_errand, np.int8)
    asked = np.flatnonzero(found)
    for begin in range(0, len(asked), BLOCK):
        at = asked[begin : begin + BLOCK]
        one, other = title[a[at]], title[b[at]]
        shared = np.asarray(bags[one].multiply(bags[other]).sum(axis=1)).ravel()
        apart = shared < ONE_MATTER * np.minimum(sizes[one], sizes[other])
        found[at] = np.where(apart, OTHER_MATTER, SAME_MATTER)
    return found


def settle_apart(sides: Sequence[Side] | Part, a: np.ndarray, b: np.ndarray, errands: np.ndarray) -> np.ndarray:
    """Whether pairs (n,) are such clauses on both sides, of two errands (n,), see `find_errands`, bool."""
    clauses = _load().clauses
    settles = np.array([bool(clauses.search(side.text)) for side in sides], dtype=bool)
    return by_pairs(len(a), lambda at: settles[a[at]] & settles[b[at]] & (errands[at] == OTHER_MATTER))


def _bag(words: Sequence[frozenset[str]]) -> sparse.csr_matrix:
    """Sets of words as rows of ones."""
    number: dict[str, int] = {}
    columns = [number.setdefault(word, len(number)) for one in words for word in sorted(one)]
    begins = np.cumsum([0, *map(len, words)])
    return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, begins), shape=(len(words), len(number) or 1))


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


@lru_cache(maxsize=1)
def _load() -> Lexicon:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    clauses = "|".join(f"(?:{one})" for one in read["clauses"])
    return Lexicon(
        re.compile(clauses, re.IGNORECASE), re.compile(read["decisions"], re.IGNORECASE), frozenset(read["kinds"])
    )
