"""The review queue's own questions: places in the order, short rows for a list, and what else touches two signals.

A place is (value in the order, pair id): unlike an offset it holds while people decide on pairs and these leave the
filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from analyzer.records import Metadata
from analyzer.store.convert import metadata_from
from analyzer.store.queries import DOCUMENTS, OPEN, SIDES, ConflictFilter, flag_statement, status_of
from analyzer.store.schema import AssessmentRow, AssignmentRow, PairRow, StandingRow

#: (value in the order, pair id) of a pair.
Place = tuple[float, int]


@dataclass(frozen=True, slots=True)
class FlagRow:
    """What a list shows of a flagged pair. Documents by metadata and source, `a` first."""

    pair_id: int
    probability: float
    type: str
    grade: int
    status: str
    assignee: str | None
    metadata: tuple[Metadata, Metadata]
    sources: tuple[str, str]


def sort_value(sort: str) -> ColumnElement[Any]:
    """The column by which the queue is sorted, highest first."""
    columns: dict[str, Any] = {
        "importance": AssessmentRow.importance,
        "probability": AssessmentRow.probability,
        "teaching": AssessmentRow.teaching,
        "newest": AssessmentRow.pair_id,
    }
    return columns[sort]


def flag_places(session: Session, chosen: ConflictFilter, *, limit: int, after: Place | None = None) -> list[Place]:
    """The places of the next flags under the filter, in its order; ties in the order of the pairs' ids."""
    value = sort_value(chosen.sort)
    statement = flag_statement(chosen).with_only_columns(value, AssessmentRow.pair_id)
    if after is not None:
        seen, pair_id = after
        statement = statement.where(value <= seen, or_(value < seen, and_(value == seen, PairRow.id > pair_id)))
    rows = session.execute(statement.order_by(value.desc(), AssessmentRow.pair_id).limit(limit))
    return [(found, pair_id) for found, pair_id in rows]


def flag_ids(session: Session, chosen: ConflictFilter) -> list[int]:
    """Every flag under the filter, by id."""
    return list(session.scalars(flag_statement(chosen).order_by(AssessmentRow.pair_id)))


@cache
def rows_statement() -> Select[Any]:
    """What `flag_rows` asks, made once. Reads no document text."""
    (a, b), (one, two) = SIDES, DOCUMENTS
    return (
        select(
            PairRow.id,
            AssessmentRow.probability,
            AssessmentRow.type,
            AssessmentRow.grade,
            StandingRow.status,
            AssignmentRow.assignee,
            *(value for row in (one, two) for value in (row.guessed, row.corrected, row.source)),
        )
        .join(PairRow.assessment)
        .join(a, PairRow.a_id == a.id)
        .join(b, PairRow.b_id == b.id)
        .join(one, a.document_id == one.id)
        .join(two, b.document_id == two.id)
        .outerjoin(StandingRow, StandingRow.pair_key == PairRow.key)
        .outerjoin(AssignmentRow, AssignmentRow.pair_key == PairRow.key)
        .where(PairRow.id.in_(bindparam("ids", expanding=True)), one.status == "active", two.status == "active")
    )


def flag_rows(session: Session, pair_ids: Sequence[int]) -> list[FlagRow]:
    """Short rows of these pairs in the given order, less those that are no longer flagged."""
    if not pair_ids:
        return []
    found = {row[0]: flag_row(*row) for row in session.execute(rows_statement(), {"ids": list(pair_ids)})}
    return [found[pair_id] for pair_id in pair_ids if pair_id in found]


def flag_row(
    pair_id: int,
    probability: float,
    type_: str,
    grade: int,
    status: str | None,
    assignee: str | None,
    *documents: Any,
) -> FlagRow:
    """The row; `documents` are guessed, corrected and source of both."""
    sides = documents[:3], documents[3:]
    metadata = tuple(metadata_from({**guessed, **corrected}) for guessed, corrected, _source in sides)
    return FlagRow(
        pair_id,
        probability,
        type_,
        grade,
        status_of(status),
        assignee,
        (metadata[0], metadata[1]),
        (sides[0][2], sides[1][2]),
    )


@cache
def touching_statement() -> Select[Any]:
    """What `touching_flags` asks, made once."""
    a: Any = bindparam("a")
    b: Any = bindparam("b")
    return (
        select(PairRow.id)
        .join(PairRow.assessment)
        .outerjoin(StandingRow, StandingRow.pair_key == PairRow.key)
        .where(or_(PairRow.a_id.in_((a, b)), PairRow.b_id.in_((a, b))), PairRow.id != bindparam("pair"))
        .order_by((func.coalesce(StandingRow.status, OPEN) == OPEN).desc())
        .order_by(AssessmentRow.probability.desc(), PairRow.id)
        .limit(bindparam("limit"))
    )


def touching_flags(session: Session, pair: PairRow, limit: int) -> list[FlagRow]:
    """Other flags on either signal of a pair, open ones first, then the likeliest; at most `limit`.

    Some may be on documents that have been replaced, which is why more are asked for than are given.
    """
    asked = {"a": pair.a_id, "b": pair.b_id, "pair": pair.id, "limit": 5 * limit}
    return flag_rows(session, list(session.scalars(touching_statement(), asked)))[:limit]
