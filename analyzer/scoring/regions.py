"""Pairs of two regions' own affairs: what one region demands of its people and what another demands of its own.

By the guidelines different addressees without shared staff, object or superior are no conflict, however plainly the
words clash ("Region Syd ska minska övertiden", "Region Nord ska öka den"). A pair out of two regions' own documents is
set apart unless either text reaches beyond its region: by a word ("hela landet", "annan region", "låna ut"), by naming
the other's place, or by a name that both texts share.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from analyzer.matching.scope import read_party
from analyzer.records import Side
from analyzer.sides import Part, by_pairs, fetch_rows
from analyzer.signals.organisation import ancestors, find_places, find_units, is_place, places_apart

#: Words with a capital; those that do not begin a sentence are names.
CAPITAL = re.compile(r"[A-ZÅÄÖ][\wåäöÅÄÖ-]{2,}")
NAME = re.compile(rf"(?<=[\w,;:”\")] ){CAPITAL.pattern}")


def regions_apart(sides: Sequence[Side] | Part, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether pairs (n,) are own affairs of different regions or municipalities, bool."""
    homes = [find_home(side) for side in sides]
    number: dict[frozenset[str], int] = {frozenset(): 0}
    home = np.array([number.setdefault(one, len(number)) for one in homes], dtype=np.int32)
    reaching = np.array([bool(_reaching().search(side.text)) for side in sides])
    own = (home > 0) & ~reaching
    apart = by_pairs(len(a), lambda at: own[a[at]] & own[b[at]] & (home[a[at]] != home[b[at]]))
    asked = np.flatnonzero(apart)
    known = fetch_rows(sides, a[asked], b[asked])
    for at in asked:
        one, other = known[a[at]], known[b[at]]
        apart[at] = _differ(homes[a[at]], homes[b[at]]) and not (
            _share_name(one.text, other.text) or _names_home(one, homes[b[at]]) or _names_home(other, homes[a[at]])
        )
    return apart


@cache
def _region_of(place: str) -> str | None:
    """The police region that a place is or lies in, or itself where it is a county's region or a municipality."""
    if place.startswith("Region ") or place.endswith(" kommun"):
        return place
    return next(
        (name for name in (place, *ancestors(place)) if name.startswith("Polisregion ") and is_place(name)), None
    )


def find_home(side: Side) -> frozenset[str]:
    """The regions or municipalities in which a side's people work, where all are known and its document is their own;
    else empty."""
    regions = {_region_of(place) for place in read_party(side)[1]}
    issued = {_region_of(place) for place in find_places((), side.issuer)}
    return frozenset(region for region in regions if region) if regions and regions == issued else frozenset()


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether all are of one kind, and those of one side known to be others than those of the other."""
    kinds = {"kommun" if name.endswith(" kommun") else name.partition(" ")[0] for name in one | other}
    return len(kinds) == 1 and places_apart(tuple(one), tuple(other))


def _share_name(one: str, other: str) -> bool:
    """Whether a name in one text stands in the other, genitive or not."""
    capitals, names = ([{word.removesuffix("s") for word in found.findall(text)} for text in (one, other)]
                       for found in (CAPITAL, NAME))  # fmt: skip
    return bool(names[0] & capitals[1] or names[1] & capitals[0])


def _names_home(side: Side, home: frozenset[str]) -> bool:
    """Whether a text names a unit of another's region."""
    return any(_region_of(unit) in home for unit in find_units(side.text))


@cache
def _reaching() -> re.Pattern[str]:
    words = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["reaching"]
    return re.compile("|".join(rf"\b{word}" for word in words), re.IGNORECASE)
