"""Where a pair stands after everything that people did to it.

Acts are folded in their order: an undo takes back its person's latest act on the pair. Of what is left the last one
decides, unless it is an independent reading: then two persons must say the same, and where they differ the pair stands
as disagreed until somebody adjudicates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from analyzer.store.schema import ReadingRow, ReviewRow, StandingRow

OPEN, DISAGREED = "open", "disagreed"
READING: Final = "reading"
ADJUDICATION: Final = "adjudication"
UNDO = "undo"
#: Two independent readings settle a pair when they agree.
READERS = 2
#: Keys in one statement; SQLite allows 32,766 variables.
BLOCK = 5000


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of a pair. `readings` are the standing independent readings, one a person, in the order they came."""

    status: str
    readings: tuple[ReviewRow, ...] = ()

    @property
    def readers(self) -> int:
        """How many persons have read the pair independently."""
        return len(self.readings)


def standing_acts(rows: Iterable[ReviewRow]) -> list[ReviewRow]:
    """The acts on one pair, oldest first, less those that were taken back."""
    acts: list[ReviewRow] = []
    for row in rows:
        if row.reason != UNDO:
            acts.append(row)
            continue
        at = next((at for at in range(len(acts) - 1, -1, -1) if acts[at].reviewer == row.reviewer), None)
        if at is not None:
            del acts[at]
    return acts


def fold(rows: Iterable[ReviewRow]) -> Standing:
    """Where a pair stands after these acts, oldest first."""
    acts = standing_acts(rows)
    # A decision or an adjudication ends what was read before it; "reopen" begins anew.
    settled = max((at for at, row in enumerate(acts) if row.kind != READING), default=None)
    readings: dict[str, ReviewRow] = {}
    for row in acts[(settled + 1) if settled is not None else 0 :]:
        readings.pop(row.reviewer, None)
        readings[row.reviewer] = row
    told = tuple(readings.values())
    if settled is None or acts[settled].decision == "reopen" or len(told) >= READERS:
        return Standing(read_status(told), told)
    # One more reading of what is decided changes nothing until a second one joins it.
    last = acts[settled]
    if told:
        return Standing(last.decision, told)
    earlier = earlier_readings(acts[:settled]) if last.kind == ADJUDICATION else ()
    return Standing(last.decision, earlier)


def earlier_readings(acts: Sequence[ReviewRow]) -> tuple[ReviewRow, ...]:
    """The readings that an adjudication settled: they still count for agreement."""
    readings: dict[str, ReviewRow] = {}
    for row in acts:
        if row.kind == READING:
            readings.pop(row.reviewer, None)
            readings[row.reviewer] = row
        elif row.kind != ADJUDICATION:
            readings.clear()
    return tuple(readings.values())


def read_status(readings: Sequence[ReviewRow]) -> str:
    """What independent readings make of a pair."""
    if len(readings) < READERS:
        return OPEN
    decisions = {row.decision for row in readings}
    return decisions.pop() if len(decisions) == 1 else DISAGREED


def restand(session: Session, pair_keys: Sequence[str]) -> dict[str, Standing]:
    """Fold the acts on these pairs anew and keep what comes of it. Returns it by pair key."""
    found: dict[str, Standing] = {}
    for at in range(0, len(pair_keys), BLOCK):
        block = list(dict.fromkeys(pair_keys[at : at + BLOCK]))
        acts: dict[str, list[ReviewRow]] = defaultdict(list)
        for row in session.scalars(select(ReviewRow).where(ReviewRow.pair_key.in_(block)).order_by(ReviewRow.id)):
            acts[row.pair_key].append(row)
        standings = {key: fold(rows) for key, rows in acts.items()}
        session.execute(delete(StandingRow).where(StandingRow.pair_key.in_(block)))
        session.execute(delete(ReadingRow).where(ReadingRow.pair_key.in_(block)))
        insert_rows(session, StandingRow, [standing_values(key, acts[key], standings[key]) for key in acts])
        insert_rows(
            session, ReadingRow, [reading_values(row) for standing in standings.values() for row in standing.readings]
        )
        found |= standings
    return found


def insert_rows(session: Session, table: type[StandingRow] | type[ReadingRow], values: list[dict[str, Any]]) -> None:
    """Insert rows, if there are any."""
    if values:
        session.execute(insert(table), values)


def standing_values(key: str, acts: Sequence[ReviewRow], standing: Standing) -> dict[str, Any]:
    """Columns of a standing."""
    return {
        "pair_key": key,
        "status": standing.status,
        "review_id": acts[-1].id,
        "readers": standing.readers,
    }


def reading_values(row: ReviewRow) -> dict[str, Any]:
    """Columns of a reading."""
    return {"pair_key": row.pair_key, "reviewer": row.reviewer, "decision": row.decision, "review_id": row.id}
