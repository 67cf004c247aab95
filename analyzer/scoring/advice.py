"""Advice on a flagged pair: which side prevails, by the rank of its source and then by date, and what would remove the
conflict. It is advice: the law's own rules of precedence (a special rule before a general one) are for people to weigh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from analyzer.matching.replacing import names
from analyzer.records import LEVELS, Side
from analyzer.scoring.remedies import LETTERS, Meeting, Note, find_remedy, is_after, load_texts
from analyzer.signals.goals import name_goal
from analyzer.signals.lexicon import load_lexicon

#: Values that are words of the program's own, and the table that names them.
NAMED = {"level": "sources", "other_level": "sources", "means": "means", "goal_a": "goals", "goal_b": "goals"}


@dataclass(frozen=True, slots=True)
class Advice:
    """`prevailing` is 0 for `a`, 1 for `b`, None where neither rank nor date tells."""

    prevailing: int | None = None
    why: Note | None = None
    remedy: Note | None = None

    def as_json(self) -> dict[str, Any]:
        """The keys `prevails` and `remedy` of a conflict, in Swedish."""
        texts = load_swedish()
        prevails = {"side": "ab"[self.prevailing or 0], "reason": say(self.why, texts)} if self.why else None
        return {"prevails": prevails, "remedy": say(self.remedy, texts) if self.remedy else None}


def advise(a: Side, b: Side, kind: str, evidence: tuple[str | None, str | None] = (None, None)) -> Advice:
    """Advice on two sides whose conflict is of this type. `evidence` is the words of either side that carry it."""
    if kind in ("none", "duplicate"):
        return Advice()
    prevailing, why = find_prevailing(a, b)
    yielding = None if prevailing is None else 1 - prevailing
    return Advice(prevailing, why, find_remedy(Meeting((a, b), evidence, yielding), kind))


def find_prevailing(a: Side, b: Side) -> tuple[int | None, Note | None]:
    """The side that prevails (0 or 1) and why, by the first rule that tells; a rule that tells both ways ends it."""
    sides = (a, b)
    for code, rule in RULES.items():
        told = [(at, values) for at in (0, 1) if (values := rule(sides[at], sides[1 - at]))]
        if len(told) == 2:
            return None, None
        for at, values in told:
            letters = {"side": LETTERS[at], "other": LETTERS[1 - at]}
            return at, Note("prevails", code, letters | values)
    return None, None


def _replaces(side: Side, other: Side) -> dict[str, str] | None:
    """The side's document says that it replaces the other's."""
    gone = next((name for name in side.replaces if names(name, side, other)), None)
    if gone is None:
        return None
    return {"document": side.document or side.registration_number or LETTERS[0], "other_document": gone}


def _outranks(side: Side, other: Side) -> dict[str, str] | None:
    """Both ranks are known, and the side's is the higher."""
    if not side.level or not other.level or LEVELS.index(side.level) >= LEVELS.index(other.level):
        return None
    return {"level": side.level, "other_level": other.level}


def _is_later(side: Side, other: Side) -> dict[str, str] | None:
    """Both ranks are known and equal, and the side's date is certainly the later."""
    if not side.level or side.level != other.level or not is_after(side.date, other.date):
        return None
    return {"level": side.level, "date": str(side.date), "other_date": str(other.date)}


def say(note: Note, texts: Mapping[str, Mapping[str, str]]) -> str:
    """The note in the language of `texts`, which hold the tables of advice.toml and names of goals."""
    values = {
        name: texts[NAMED[name]].get(value, value) if name in NAMED else value for name, value in note.values.items()
    }
    return texts[note.table][note.code].format(**values)


@cache
def load_swedish() -> dict[str, dict[str, str]]:
    """The Swedish texts, goals under the names of their lexicon."""
    goals = {dimension: name_goal(dimension) for dimension in load_lexicon("goals")["dimensions"]}
    return {**load_texts(), "goals": goals}


#: How one side is found to prevail, the surest first; the codes are those of the texts.
RULES = {"replaces": _replaces, "rank": _outranks, "date": _is_later}
