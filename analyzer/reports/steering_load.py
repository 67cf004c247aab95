"""Steering load as the action plan tells it: with the confirmed conflicts of each unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from analyzer.reports.names import say_text
from analyzer.store.load import UnitLoad, count_load, told_units
from analyzer.store.overview import AS_NAMED
from analyzer.store.queries import ConflictView


@dataclass(frozen=True, slots=True)
class PlanLoad:
    """What is asked of one unit, and in how many of the plan's conflicts it is spoken to."""

    load: UnitLoad
    conflicts: int

    def as_json(self) -> dict[str, Any]:
        """Plain numbers under the unit's name."""
        named = self.load.unit or say_text("plan.no_addressee")
        return {**asdict(self.load), "unit": named, "conflicts": self.conflicts}


def measure_load(session: Session, confirmed: Sequence[ConflictView]) -> list[PlanLoad]:
    """The load of every unit as it is named, heaviest first; at the end those that only the conflicts speak to."""
    loads, conflicts = count_load(session, AS_NAMED), count_conflicts(confirmed)
    known = {load.unit for load in loads}
    loads += [UnitLoad(unit) for unit in sorted(conflicts.keys() - known)]
    return [PlanLoad(load, conflicts.get(load.unit, 0)) for load in loads]


def count_conflicts(views: Sequence[ConflictView]) -> dict[str, int]:
    """In how many of the conflicts each unit is spoken to by either side."""
    touched: dict[str, set[int]] = defaultdict(set)
    for view in views:
        for row in (view.a, view.b):
            told = {**row.document.guessed, **row.document.corrected}
            for unit in told_units(row.frame["addressee"] or told.get("addressees") or (), AS_NAMED):
                touched[unit].add(view.pair.id)
    return {unit: len(pairs) for unit, pairs in touched.items()}
