"""Counts for the overview: flags by type, grade, level, document, unit and day; what came in, what waits.
The database counts; only sums leave it.

The open flags are found once and kept in a temporary table of the connection, out of which all is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column as column
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    insert,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, aliased

from analyzer.records import LEVELS
from analyzer.store.schema import (
    AssessmentRow,
    AssignmentRow,
    DocumentRow,
    PairRow,
    ReviewRow,
    SignalRow,
    SignalUnitRow,
    StandingRow,
)

#: Units are told by themselves down to this many steps below the root of the organisation tree (regions and
#: departments); those further down are counted with the unit above them.
REGIONS = 3
#: Every unit as it is named.
AS_NAMED = 99
OPEN = "open"

FLAGS = Table(
    "open_flags",
    MetaData(),
    column("id", Integer),
    column("a_id", Integer),
    column("b_id", Integer),
    column("document_a", Integer),
    column("document_b", Integer),
    column("type", String(16)),
    column("grade", Integer),
    column("levels", Integer),
    column("assessed_at", DateTime(timezone=True)),
    prefixes=["TEMPORARY"],
)
ROLLED = Table(
    "rolled_units",
    MetaData(),
    column("signal_id", Integer, primary_key=True),
    column("unit", String, primary_key=True),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Link:
    """Flags of one type between two documents or two units; `a` ≤ `b`, equal where both sides are the same."""

    a: Any
    b: Any
    type: str
    count: int


@contextmanager
def open_flags(session: Session, least: float) -> Iterator[Session]:
    """The session with the open flags from a probability on in `FLAGS`, for as long as the block lasts."""
    connection = session.connection()
    for kept in (FLAGS, ROLLED):
        session.execute(text(f"DROP TABLE IF EXISTS {kept.name}"))  # left by an earlier use of the connection
        kept.create(connection, checkfirst=False)
    a, b = aliased(SignalRow), aliased(SignalRow)
    active = select(DocumentRow.id).where(DocumentRow.status == "active")
    found = (
        select(
            PairRow.id,
            PairRow.a_id,
            PairRow.b_id,
            a.document_id,
            b.document_id,
            AssessmentRow.type,
            AssessmentRow.grade,
            AssessmentRow.levels,
            AssessmentRow.assessed_at,
        )
        .join(AssessmentRow, AssessmentRow.pair_id == PairRow.id)
        .join(a, a.id == PairRow.a_id)
        .join(b, b.id == PairRow.b_id)
        .outerjoin(StandingRow, StandingRow.pair_key == PairRow.key)
        .where(AssessmentRow.type != "duplicate", AssessmentRow.probability >= least)
        .where(or_(StandingRow.status.is_(None), StandingRow.status == OPEN))
        .where(a.document_id.in_(active), b.document_id.in_(active))
    )
    session.execute(insert(FLAGS).from_select([one.name for one in FLAGS.columns], found))
    try:
        yield session
    finally:
        with suppress(DBAPIError):  # after a failure the transaction may take no more
            for kept in (FLAGS, ROLLED):
                kept.drop(connection, checkfirst=False)


def count_kinds(session: Session) -> dict[tuple[str, int], int]:
    """Flags by (type, grade)."""
    keys = FLAGS.c.type, FLAGS.c.grade
    return {
        (type_, grade): count for type_, grade, count in session.execute(select(*keys, func.count()).group_by(*keys))
    }


def count_levels(session: Session) -> dict[tuple[str, str], int]:
    """Flags by the levels of their sides, the higher first, a level twice where both sides share it. Flags of which no
    level is known stand under ("", ""); a side of unknown level is passed over."""
    counted: dict[tuple[str, str], int] = {}
    for bits, count in session.execute(select(FLAGS.c.levels, func.count()).group_by(FLAGS.c.levels)):
        told = [level for rank, level in enumerate(LEVELS) if bits & (1 << rank)]
        key = (told[0], told[-1]) if told else ("", "")
        counted[key] = counted.get(key, 0) + count
    return counted


def heaviest_documents(session: Session, most: int) -> tuple[list[int], int]:
    """The documents with most flags, heaviest first, ties by id; and how many documents have any."""
    one, two = FLAGS.c.document_a, FLAGS.c.document_b
    sides = union_all(
        select(one.label("document"), func.count().label("flags")).group_by(one),
        select(two, func.count()).where(one != two).group_by(two),
    ).subquery()
    total = session.execute(select(func.count(sides.c.document.distinct()))).scalar_one()
    heaviest = select(sides.c.document).group_by(sides.c.document)
    heaviest = heaviest.order_by(func.sum(sides.c.flags).desc(), sides.c.document).limit(most)
    return list(session.scalars(heaviest)), total


def document_links(session: Session, shown: Sequence[int]) -> list[Link]:
    """Flags between the given documents by type."""
    one, two = FLAGS.c.document_a, FLAGS.c.document_b
    keys = smaller(one, two), larger(one, two), FLAGS.c.type
    statement = select(*keys, func.count()).where(one.in_(shown), two.in_(shown))
    return [Link(*row) for row in session.execute(statement.group_by(*keys).order_by(*keys))]


def heaviest_document_pairs(session: Session, most: int) -> list[tuple[int, int, int]]:
    """Pairs of documents with most flags between them: (document, document, flags)."""
    keys = smaller(FLAGS.c.document_a, FLAGS.c.document_b), larger(FLAGS.c.document_a, FLAGS.c.document_b)
    counted = select(*keys, func.count()).group_by(*keys).order_by(func.count().desc(), *keys).limit(most)
    return [(one, two, count) for one, two, count in session.execute(counted)]


def smaller(one: ColumnElement[Any], two: ColumnElement[Any]) -> ColumnElement[Any]:
    """The lesser of two, on every database."""
    return case((one <= two, one), else_=two)


def larger(one: ColumnElement[Any], two: ColumnElement[Any]) -> ColumnElement[Any]:
    """The greater of two, on every database."""
    return case((one <= two, two), else_=one)


def rolls_up(depth: int) -> ColumnElement[bool]:
    """The rows of `SignalUnitRow` under which a signal is counted when units are told down to `depth`."""
    return or_(SignalUnitRow.depth == depth, and_(SignalUnitRow.named, SignalUnitRow.depth <= depth))


def unit_links(session: Session, depth: int) -> list[Link]:
    """Flags between units by type. A flag counts once for every two units that its sides are addressed to; flags of
    which a side names nobody are left out."""
    rolled = select(SignalUnitRow.signal_id, SignalUnitRow.unit).where(rolls_up(depth), SignalUnitRow.unit != "")
    session.execute(insert(ROLLED).from_select(["signal_id", "unit"], rolled.order_by(SignalUnitRow.signal_id)))
    a, b = ROLLED.alias("rolled_a"), ROLLED.alias("rolled_b")
    keys = smaller(a.c.unit, b.c.unit), larger(a.c.unit, b.c.unit), FLAGS.c.type
    statement = (
        select(*keys, func.count(FLAGS.c.id.distinct()))
        .join_from(FLAGS, a, a.c.signal_id == FLAGS.c.a_id)
        .join(b, b.c.signal_id == FLAGS.c.b_id)
        .group_by(*keys)
        .order_by(*keys)
    )
    return [Link(*row) for row in session.execute(statement)]


def count_by(session: Session, counted: Select[str, int]) -> dict[str, int]:
    """Rows of (name, count) as a table."""
    return dict(session.execute(counted).all())


def by_day(moment: Any) -> ColumnElement[str]:
    """The day of a moment, as ISO text on every database."""
    return func.substr(cast(moment, String), 1, 10)


def flags_by_day(session: Session) -> dict[str, int]:
    """When the open flags were raised."""
    day = by_day(FLAGS.c.assessed_at)
    return count_by(session, select(day, func.count()).group_by(day))


def documents_by_day(session: Session) -> dict[str, int]:
    """When the documents in force came in."""
    day = by_day(DocumentRow.added_at)
    active = DocumentRow.status == "active"
    return count_by(session, select(day, func.count()).where(active).group_by(day))


def decisions_by_day(session: Session) -> dict[str, int]:
    """When people decided; acts that take a decision back are none."""
    day = by_day(ReviewRow.created_at)
    decided = ReviewRow.decision != "reopen", or_(ReviewRow.reason.is_(None), ReviewRow.reason != "undo")
    return count_by(session, select(day, func.count()).where(*decided).group_by(day))


def document_kinds(session: Session) -> list[tuple[str, str, int]]:
    """Documents in force by (document type, level), "" where it is not known; corrections count."""
    kind, level = (
        func.coalesce(DocumentRow.corrected[name].as_string(), DocumentRow.guessed[name].as_string(), "")
        for name in ("document_type", "level")
    )
    statement = select(kind, level, func.count()).where(DocumentRow.status == "active").group_by(kind, level)
    return [(str(one), str(two), count) for one, two, count in session.execute(statement.order_by(kind, level))]


def document_names(session: Session, ids: Sequence[int]) -> dict[int, tuple[dict[str, Any], str]]:
    """Metadata and source of some documents, without their text."""
    rows = session.execute(
        select(DocumentRow.id, DocumentRow.guessed, DocumentRow.corrected, DocumentRow.source).where(
            DocumentRow.id.in_(ids)
        )
    )
    return {row.id: ({**row.guessed, **row.corrected}, row.source) for row in rows}


def count_waiting(session: Session) -> dict[str, int]:
    """What awaits people beside the open flags: `assigned` and not decided, `disagreed` on by two readers."""
    undecided = or_(StandingRow.status.is_(None), StandingRow.status.in_((OPEN, "disagreed")))
    assigned = (
        select(func.count())
        .select_from(AssignmentRow)
        .outerjoin(StandingRow, StandingRow.pair_key == AssignmentRow.pair_key)
        .where(undecided)
    )
    disagreed = select(func.count()).select_from(StandingRow).where(StandingRow.status == "disagreed")
    return {
        "assigned": session.execute(assigned).scalar_one(),
        "disagreed": session.execute(disagreed).scalar_one(),
    }


def count_standings(session: Session) -> dict[str, int]:
    """Pairs by where they stand; those that nobody has touched are not counted."""
    return count_by(session, select(StandingRow.status, func.count()).group_by(StandingRow.status))
