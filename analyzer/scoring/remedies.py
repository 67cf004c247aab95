"""What would remove a conflict, from what the frames of both sides hold: one small function a remedy, all of one shape.

Nothing is guessed: a remedy that needs a date, a unit or an amount that neither side states is not given.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from math import inf
from typing import Any

from analyzer.records import Quantity, Side
from analyzer.scoring.lexicon import FOLDER
from analyzer.signals.goals import find_tensions
from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.organisation import ancestors, canonical, load_units

#: Objects and conditions longer than this (characters) do not fit in a sentence.
LONGEST = 70
#: Letters of a unit's first word that tell it whatever its ending ("enhetschefen", "enhetscheferna").
STEM = 6
#: What the organisation tree calls an authority.
AUTHORITY = "myndighet"
LETTERS = ("A", "B")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say: a table of texts, a code in it, and the values that the text has room for."""

    table: str
    code: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A flagged pair as the remedies see it. `yielding` (0 or 1) is the side that gives way, None where unknown."""

    sides: tuple[Side, Side]
    evidence: tuple[str | None, str | None] = (None, None)
    yielding: int | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Sides in the order in which they should be asked to change."""
        return (0, 1) if self.yielding == 0 else (1, 0)


@cache
def load_texts() -> dict[str, Any]:
    """advice.toml as it stands."""
    return tomllib.loads((FOLDER / "advice.toml").read_text(encoding="utf-8"))


Remedy = Callable[[Meeting], dict[str, str] | None]


def _letters(side: int) -> dict[str, str]:
    return {"side": LETTERS[side], "other": LETTERS[1 - side]}


def _day_after(stated: str) -> date | None:
    """The day after "2026", "2026-03" or "2026-03-01"; None where the calendar ends, as for "9999-12-31"."""
    parts = [int(part) for part in stated.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    last = date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])
    return last + timedelta(1) if last < date.max else None


def is_after(one: str | None, other: str | None) -> bool:
    """Whether a date is known to be the later of two: "2026-03" is neither before nor after "2026"."""
    known = min(len(one or ""), len(other or ""))
    return (one or "")[:known] > (other or "")[:known]


def exception_for_unit(meeting: Meeting) -> dict[str, str] | None:
    """The rule of the whole leaves out the part that the other side speaks to."""
    for wide in meeting.order:
        names = {canonical(name) for name in meeting.sides[wide].frame.addressee}
        parts = meeting.sides[1 - wide].frame.addressee
        inside = [part for part in parts if canonical(part) not in names and names.intersection(ancestors(part))]
        if inside and len(inside) == len(parts):
            return {**_letters(wide), "unit": ", ".join(inside)}
    return None


def exception_for_case(meeting: Meeting) -> dict[str, str] | None:
    """The unconditional side leaves out the case that the other side is made for."""
    for bare in meeting.order:
        side, condition = meeting.sides[bare], meeting.sides[1 - bare].frame.condition
        if condition and not side.frame.condition and condition not in side.text and _names_case(condition):
            return {**_letters(bare), "condition": condition}
    return None


def _names_case(condition: str) -> bool:
    """Whether the words name a case, and are neither a hedge, an exception, nor a clause that orders something."""
    words, hedging, cases = condition.casefold(), load_lexicon("slots")["condition"], load_texts()["cases"]
    opens = words.startswith(tuple(f"{opener} " for opener in cases["openers"]))
    other = any(phrase.rstrip("*") in words for phrase in (*hedging["exceptions"], *hedging["hedges"]))
    return opens and not other and not set(cases["orders"]) & set(words.split()) and len(condition) <= LONGEST


def later_period(meeting: Meeting) -> dict[str, str] | None:
    """One side begins when the other has run out."""
    for late in meeting.order:
        frame, early = meeting.sides[late].frame, meeting.sides[1 - late]
        first, last = early.frame.period or (None, None)
        end = last or early.valid_to
        # A single day is when something happens, not how long the rule holds.
        if not end or first == last == end:
            continue
        start = _day_after(end)
        if start is None:
            continue
        begins = (frame.period or (None, None))[0] or meeting.sides[late].valid_from
        due = frame.deadline
        # What begins after the other's end, or must be done before it, is not helped by waiting.
        if is_after(begins, end) or (due and is_after(start.isoformat(), due)):
            continue
        told = str(start.year) if (start.month, start.day) == (1, 1) else start.isoformat()
        return {**_letters(late), "start": told}
    return None


def other_addressee(meeting: Meeting) -> dict[str, str] | None:
    """Both speak to the same single unit, which has others beside it: a part of an authority, not the whole."""
    one, other = (side.frame.addressee for side in meeting.sides)
    inside = one and any(load_units()[above].kind == AUTHORITY for above in ancestors(one[0]))
    if inside and len(one) == len(other) == 1 and canonical(one[0]) == canonical(other[0]):
        return {**_letters(meeting.order[0]), "unit": canonical(one[0])}
    return None


def same_value(meeting: Meeting) -> dict[str, str] | None:
    """Two amounts of one unit that cannot both be kept; where there are more, the one pair that the evidence names."""
    found = [
        (a.text, b.text)
        for a, b in product(meeting.sides[0].frame.quantity, meeting.sides[1].frame.quantity)
        if a.unit and a.unit == b.unit and a.text and b.text and _apart(a, b)
    ]
    if len(found) > 1:
        found = [
            pair
            for pair in found
            if all(text in (said or "") for text, said in zip(pair, meeting.evidence, strict=True))
        ]
    return {"value_a": found[0][0], "value_b": found[0][1]} if len(found) == 1 else None


def _apart(a: Quantity, b: Quantity) -> bool:
    """Whether no value satisfies both."""
    low = [-inf if amount.comparator == "max" else amount.value for amount in (a, b)]
    high = [inf if amount.comparator == "min" else amount.value for amount in (a, b)]
    return low[0] > high[1] or low[1] > high[0]


def same_date(meeting: Meeting) -> dict[str, str] | None:
    """Two due dates."""
    one, other = (side.frame.deadline for side in meeting.sides)
    return {"date_a": str(one), "date_b": str(other)} if is_after(one, other) or is_after(other, one) else None


def same_frequency(meeting: Meeting) -> dict[str, str] | None:
    """Two intervals at which the same is to be done; "four times a year" is an amount."""
    one, other = (side.frame.recurrence for side in meeting.sides)
    counted = any(amount.unit.startswith("gång") for side in meeting.sides for amount in side.frame.quantity)
    return {"often_a": one, "often_b": other} if one and other and one != other and not counted else None


def one_owner(meeting: Meeting) -> dict[str, str] | None:
    """Two different parties that the texts themselves name: an addressee that is inherited need not be the owner."""
    one, other = (side.frame.addressee for side in meeting.sides)
    if len(one) != 1 or len(other) != 1 or canonical(one[0]) == canonical(other[0]):
        return None
    named = all(side.frame.addressee[0].split()[0].casefold()[:STEM] in side.text.casefold() for side in meeting.sides)
    return {"unit_a": one[0], "unit_b": other[0]} if named else None


def stated_order(meeting: Meeting) -> dict[str, str] | None:
    """Two things that each claim to come first."""
    a, b = (side.frame for side in meeting.sides)
    if a.priority == "none" or b.priority == "none" or not a.object or not b.object or a.object == b.object:
        return None
    return {"object_a": a.object, "object_b": b.object} if max(len(a.object), len(b.object)) <= LONGEST else None


def own_means(meeting: Meeting) -> dict[str, str] | None:
    """The one kind of means that both sides draw on, or that only one of them names at all."""
    a, b = (side.frame.resource for side in meeting.sides)
    shared = [kind for kind in a if kind in b] if a and b else [*a, *b]
    return {"means": shared[0]} if len(shared) == 1 else None


def goal_order(meeting: Meeting) -> dict[str, str] | None:
    """Two goals that pull apart, one of each side."""
    for one, other in find_tensions(*(side.frame.goals for side in meeting.sides)):
        if one[:-1] != other[:-1]:
            return {"goal_a": one[:-1], "goal_b": other[:-1]}
    return None


#: For each type what may be proposed, the most telling first.
REMEDIES: dict[str, tuple[Remedy, ...]] = {
    "contradiction": (exception_for_unit, exception_for_case, later_period, other_addressee),
    "target": (same_value, same_date, same_frequency, exception_for_unit, later_period),
    "responsibility": (one_owner, later_period),
    "priority": (stated_order, later_period),
    "resource": (own_means, later_period, other_addressee),
    "goal_tension": (goal_order, later_period),
}


def find_remedy(meeting: Meeting, kind: str) -> Note | None:
    """The first remedy for the type that the pair's facts support."""
    for remedy in REMEDIES.get(kind, ()):
        values = remedy(meeting)
        if values:
            return Note("remedies", remedy.__name__, values)
    return None
