"""Steering load: how much the documents in force ask of each unit. The overview and the action plan tell the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from analyzer.store.overview import rolls_up
from analyzer.store.schema import DocumentRow, SignalRow, SignalUnitRow
from analyzer.store.search_index import units_of

#: What a unit's signals are counted as.
COUNTS = ("signals", "obligations", "prohibitions", "deadlines", "priorities")


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """What is asked of one unit, "" for nobody in particular: signals by what they are, from how many documents and
    levels."""

    unit: str
    signals: int = 0
    obligations: int = 0
    prohibitions: int = 0
    deadlines: int = 0
    priorities: int = 0
    documents: int = 0
    levels: int = 0


@dataclass(slots=True)
class Sums:
    """The load of one unit while it is added up."""

    counts: Counter[str] = field(default_factory=Counter)
    documents: set[int] = field(default_factory=set)
    levels: set[str] = field(default_factory=set)


def count_load(session: Session, depth: int) -> list[UnitLoad]:
    """The load of every unit, told down to `depth` of the organisation tree, heaviest first; ties by name.

    A signal that names nobody is asked of those to whom its document is addressed.
    """
    metadata = {
        row.id: {**row.guessed, **row.corrected}
        for row in session.execute(
            select(DocumentRow.id, DocumentRow.guessed, DocumentRow.corrected).where(DocumentRow.status == "active")
        )
    }
    sums: dict[str, Sums] = {}
    for unit, document_id, level, *counts in session.execute(count_parts(depth)):
        told = metadata[document_id]
        for one in [unit] if unit else told_units(told.get("addressees") or (), depth):
            of_unit = sums.setdefault(one, Sums())
            of_unit.counts.update(dict(zip(COUNTS, map(int, counts), strict=True)))
            of_unit.documents.add(document_id)
            if known := level or told.get("level"):
                of_unit.levels.add(known)
    loads = [
        UnitLoad(unit, **one.counts, documents=len(one.documents), levels=len(one.levels)) for unit, one in sums.items()
    ]
    return sorted(loads, key=lambda load: (-load.signals, load.unit))


def count_parts(depth: int) -> Select[*tuple[Any, ...]]:
    """Statement: (unit, document, level that its signals name, and their number as each of `COUNTS`)."""
    frame = SignalRow.frame
    modality, priority = frame["modality"].as_string(), frame["priority"].as_string()
    keys = SignalUnitRow.unit, SignalRow.document_id, frame["level"].as_string()
    return (
        select(
            *keys,
            func.count(),
            func.sum(case((modality == "obligation", 1), else_=0)),
            func.sum(case((modality == "prohibition", 1), else_=0)),
            func.count(func.nullif(frame["deadline"].as_string(), "")),
            func.sum(case((priority.in_(("high", "absolute")), 1), else_=0)),
        )
        .join(SignalRow, SignalRow.id == SignalUnitRow.signal_id)
        .join(DocumentRow, DocumentRow.id == SignalRow.document_id)
        .where(DocumentRow.status == "active", rolls_up(depth))
        .group_by(*keys)
    )


def told_units(names: Iterable[str], depth: int) -> list[str]:
    """The units under which these names are counted, as `rolls_up` has it for signals; "" where there are none."""
    return [
        row["unit"] for row in units_of(0, names) if row["depth"] == depth or (row["named"] and row["depth"] <= depth)
    ]
