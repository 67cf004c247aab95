"""Whether two signals can meet at all: somebody who has to live by both, at the same time.

Tiers: `APART` when the addressees are known to be different, `UNKNOWN` when one of them is not in the organisation
tree, `MET` when they are the same or one lies in the other. Times that cannot overlap and documents that replace each
other close the gate whatever the tier. Staff, budget or object in common is for the rules to see, which is why
`APART` is a tier and not an end.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from analyzer.matching.columns import NO_DAY, day_of
from analyzer.matching.replacing import Documents
from analyzer.records import Side
from analyzer.signals.organisation import (
    Party,
    ancestors,
    canonical,
    find_places,
    load_units,
    places_apart,
    scope_relation,
)

APART, UNKNOWN, MET = 0, 1, 2
#: An assignment that was due lives on for a while: it runs late, and what it ordered is being carried out.
GRACE_DAYS = 365
NEVER = np.iinfo(np.int32).max
_TIER = {"same": MET, "nested": MET, "unknown": UNKNOWN, "sibling": APART, "disjoint": APART}


@dataclass(frozen=True, slots=True)
class Scope:
    """What the gate needs to know of n sides; build with `read_scope`."""

    #: Numbers of distinct addressees with the places where they work, (n,) int32.
    party: np.ndarray
    #: Tier of each pair of parties, (parties, parties) int8.
    tiers: np.ndarray
    #: First and last day in force, (n,) int32.
    begins: np.ndarray
    ends: np.ndarray
    #: Side → sides of documents that it replaces, ascending; only sides that replace something.
    replaced: dict[int, np.ndarray]

    def gate(self, rows: np.ndarray, columns: slice) -> tuple[np.ndarray, np.ndarray]:
        """Tiers (rows, columns) int8, and whether the gate is open (rows, columns) bool."""
        tiers = self.tiers[self.party[rows]][:, self.party[columns]]
        is_open = self.begins[rows][:, None] <= self.ends[columns][None, :]
        is_open &= self.begins[columns][None, :] <= self.ends[rows][:, None]
        offset, stop = columns.start, columns.stop
        for at, row in enumerate(rows.tolist()):
            gone = self.replaced.get(row)
            if gone is not None:
                is_open[at, gone[(gone >= offset) & (gone < stop)] - offset] = False
        return tiers, is_open

    def meet(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Whether the gate is open for pairs of sides (p,), bool."""
        overlap = (self.begins[a] <= self.ends[b]) & (self.begins[b] <= self.ends[a])
        for at in np.flatnonzero(np.isin(a, list(self.replaced))).tolist():
            if int(b[at]) in self.replaced[int(a[at])]:
                overlap[at] = False
        return overlap


def read_scope(sides: Sequence[Side], document_of: np.ndarray | None = None) -> Scope:
    """The gate of sides, in their order. `document_of` (n,) numbers their documents; None when each stands alone."""
    parties: dict[Party, int] = {}
    party = [parties.setdefault(read_party(side), len(parties)) for side in sides]
    lives = [read_life(side) for side in sides]
    begins = np.array([begin for begin, _ in lives], dtype=np.int32)
    ends = np.array([end for _, end in lives], dtype=np.int32)
    if document_of is not None:
        _end_errands(sides, document_of, ends)
    return Scope(
        party=np.array(party, dtype=np.int32),
        tiers=relate_parties(list(parties)),
        begins=np.minimum(begins, ends),
        ends=ends,
        replaced=read_replaced(sides),
    )


def read_party(side: Side) -> Party:
    """Whom a side charges, and where they work as far as names and issuer tell."""
    names = side.frame.addressee
    return names, find_places(names, side.issuer) if names else ()


def read_life(side: Side) -> tuple[int, int]:
    """First and last day on which a signal holds; a side that states no end is in force until replaced.

    What states no beginning holds from the day of its document.
    """
    frame = side.frame
    period = frame.period or (None, None)
    begin = day_of(period[0] or side.valid_from or side.date)
    end = day_of(period[1], last=True) if period[1] else day_of(side.valid_to, last=True)
    if end == NO_DAY:
        end = NEVER
        if frame.deadline and frame.recurrence is None:
            end = day_of(frame.deadline, last=True) + GRACE_DAYS
    return (begin, end) if begin <= end else (NO_DAY, end)


def _end_errands(sides: Sequence[Side], document_of: np.ndarray, ends: np.ndarray) -> None:
    """Let the signals of an assignment end, in place, when the last report that the document asks for was due."""
    openings = tuple(_words()["assignment"]["titles"])
    last: dict[int, int] = {}
    for side, document in zip(sides, document_of.tolist(), strict=True):
        due = NEVER if side.frame.recurrence else day_of(side.frame.deadline, last=True)
        last[document] = max(due, last.get(document, NO_DAY))
    for at, (side, document) in enumerate(zip(sides, document_of.tolist(), strict=True)):
        if NO_DAY < last[document] < NEVER and (side.document or "").casefold().startswith(openings):
            ends[at] = min(int(ends[at]), last[document] + GRACE_DAYS)


def relate_parties(parties: list[Party]) -> np.ndarray:
    """Tiers between parties (m, m): the closest relation between any member of one and any of the other, unless they
    work in different places."""
    tiers = _relate_members([names for names, _ in parties])
    places: dict[tuple[str, ...], int] = {}
    place = np.array([places.setdefault(found, len(places)) for _, found in parties], dtype=np.int64)
    apart = np.array([[places_apart(one, other) for other in places] for one in places]).reshape(len(places), -1)
    tiers[apart[place][:, place]] = APART
    return tiers


def _relate_members(parties: list[tuple[str, ...]]) -> np.ndarray:
    """Tiers between addressee tuples (m, m), places left aside."""
    names = {name: number for number, name in enumerate(dict.fromkeys(n for party in parties for n in party))}
    table = _relate_names(list(names)) if names else np.zeros((0, 0), dtype=np.int8)
    tiers = np.full((len(parties), len(parties)), UNKNOWN, dtype=np.int8)
    named = [number for number, party in enumerate(parties) if party]
    if not named:
        return tiers
    members = np.array([names[name] for number in named for name in parties[number]])
    starts = np.cumsum([0] + [len(parties[number]) for number in named[:-1]])
    by_column = np.maximum.reduceat(table[:, members], starts, axis=1)
    tiers[np.ix_(named, named)] = np.maximum.reduceat(by_column[members], starts, axis=0)
    return tiers


def _relate_names(names: list[str]) -> np.ndarray:
    """Tiers between names (m, m) int8, asking the organisation tree once for each pair of kinds of name.

    A name outside the tree relates to others only through the units it lies in, so all such names with the same
    units above them share one row; that keeps thousands of free-text addressees cheap.
    """
    known = load_units()
    labels = [canonical(name) for name in names]
    keys: dict[tuple[str, ...], int] = {}
    representatives: list[str] = []
    kind = np.zeros(len(names), dtype=np.int32)
    for at, (name, label) in enumerate(zip(names, labels, strict=True)):
        key = (label,) if label in known else ("", *ancestors(name))
        if key not in keys:
            keys[key] = len(keys)
            representatives.append(name)
        kind[at] = keys[key]
    table = np.zeros((len(keys), len(keys)), dtype=np.int8)
    for one, (name, key) in enumerate(zip(representatives, keys, strict=True)):
        for other in range(one, len(representatives)):
            table[one, other] = table[other, one] = _tier(name, representatives[other])
        if key[0] == "":
            # Two different names of one kind: nothing is known of them without units above, else they are siblings.
            table[one, one] = UNKNOWN if len(key) == 1 else APART
    tiers = table[kind][:, kind]
    homes = [(label, *ancestors(name))[-1].casefold() for name, label in zip(names, labels, strict=True)]
    tiers[(tiers == UNKNOWN) & _apart(homes)] = APART
    number: dict[str, int] = {}
    label_ids = np.array([number.setdefault(label, len(number)) for label in labels])
    tiers[label_ids[:, None] == label_ids[None, :]] = MET
    return tiers


@lru_cache(maxsize=100_000)
def _tier(name: str, other: str) -> int:
    """The tier of two names."""
    return _TIER[scope_relation((name,), (other,))]


def _apart(homes: list[str]) -> np.ndarray:
    """Whether the outermost units of two names (m, m) are different authorities."""
    words = _words()["authority"]
    beginnings, endings = tuple(words["beginnings"]), tuple(words["endings"])
    authority = np.array([home.startswith(beginnings) or home.endswith(endings) for home in homes])
    number = {home: at for at, home in enumerate(dict.fromkeys(homes))}
    home_of = np.array([number[home] for home in homes])
    return authority[:, None] & authority[None, :] & (home_of[:, None] != home_of[None, :])


@cache
def _words() -> dict:
    """scope.toml as it stands."""
    return tomllib.loads((Path(__file__).parent / "scope.toml").read_text(encoding="utf-8"))


def read_replaced(sides: Sequence[Side]) -> dict[int, np.ndarray]:
    """For both directions, so that a row finds what it replaces and what replaces it."""
    rows_of: dict[tuple[object, ...], list[int]] = {}
    for at, side in enumerate(sides):
        same = side.document, side.registration_number, side.issuer, side.date, side.replaces
        rows_of.setdefault(same, []).append(at)
    rows = list(rows_of.values())
    documents = Documents([sides[some[0]] for some in rows])
    pairs: dict[int, set[int]] = {}
    for own, new in zip(documents.sides, rows, strict=True):
        for name in own.replaces:
            for old in documents.named(name, own):
                for some, others in ((new, rows[old]), (rows[old], new)):
                    for at in some:
                        pairs.setdefault(at, set()).update(others)
    return {at: np.array(sorted(others), dtype=np.int64) for at, others in pairs.items()}
