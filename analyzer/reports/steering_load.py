"""Steering load: how much is asked of each unit, from how many documents and levels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzer.reports.names import say_text
from analyzer.signals.organisation import canonical
from analyzer.store.queries import ConflictView
from analyzer.store.schema import DocumentRow, SignalRow

#: Signals read from the database at a time.
BLOCK = 2000


@dataclass(slots=True)
class UnitLoad:
    """What is asked of one unit. `counts` are of its signals, by what they are."""

    unit: str
    counts: Counter[str] = field(default_factory=Counter)
    documents: set[int] = field(default_factory=set)
    levels: set[str] = field(default_factory=set)
    conflicts: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain numbers."""
        kinds = ("signals", "obligations", "prohibitions", "deadlines", "priorities")
        return {
            "unit": self.unit,
            **{kind: self.counts[kind] for kind in kinds},
            "documents": len(self.documents),
            "levels": len(self.levels),
            "conflicts": self.conflicts,
        }


def measure_load(session: Session, confirmed: Sequence[ConflictView]) -> list[UnitLoad]:
    """The load of every unit that an active document speaks to, heaviest first; ties by name."""
    loads: dict[str, UnitLoad] = {}
    documents = {
        row.id: {**row.guessed, **row.corrected}
        for row in session.execute(
            select(DocumentRow.id, DocumentRow.guessed, DocumentRow.corrected).where(DocumentRow.status == "active")
        )
    }
    signals = select(SignalRow.document_id, SignalRow.frame).join(DocumentRow).where(DocumentRow.status == "active")
    for document_id, frame in session.execute(signals.order_by(SignalRow.id).execution_options(yield_per=BLOCK)):
        metadata = documents[document_id]
        for unit in units_of(frame, metadata):
            load = loads.setdefault(unit, UnitLoad(unit))
            load.documents.add(document_id)
            load.counts.update(kinds_of(frame))
            if level := frame.get("level") or metadata.get("level"):
                load.levels.add(level)
    for unit, count in count_conflicts(confirmed).items():
        loads.setdefault(unit, UnitLoad(unit)).conflicts = count
    return sorted(loads.values(), key=lambda load: (-load.counts["signals"], load.unit))


def units_of(frame: dict[str, Any], metadata: dict[str, Any]) -> Iterable[str]:
    """Whom a signal is addressed to: itself, or its document; each under one name however it is written."""
    named = [name for name in frame["addressee"] or metadata.get("addressees") or () if name.strip()]
    return dict.fromkeys(canonical(name) for name in named) or (say_text("plan.no_addressee"),)


def kinds_of(frame: dict[str, Any]) -> list[str]:
    """What a signal counts as."""
    told = {
        "signals": True,
        "obligations": frame["modality"] == "obligation",
        "prohibitions": frame["modality"] == "prohibition",
        "deadlines": frame.get("deadline"),
        "priorities": frame.get("priority", "none") != "none",
    }
    return [kind for kind, holds in told.items() if holds]


def count_conflicts(views: Sequence[ConflictView]) -> dict[str, int]:
    """In how many of the conflicts each unit is spoken to by either side."""
    touched: dict[str, set[int]] = defaultdict(set)
    for view in views:
        for row in (view.a, view.b):
            for unit in units_of(row.frame, {**row.document.guessed, **row.document.corrected}):
                touched[unit].add(view.pair.id)
    return {unit: len(pairs) for unit, pairs in touched.items()}
