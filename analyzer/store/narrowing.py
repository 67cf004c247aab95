"""What a filter of flags asks of the database, condition by condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, ColumnElement, Select, String, and_, cast, column, exists, func, or_, select, table
from sqlalchemy.orm import Session

from analyzer.records import LEVELS
from analyzer.review.standing import OPEN, READERS
from analyzer.store.folding import holds
from analyzer.store.schema import AssessmentRow, AssignmentRow, DocumentRow, PairRow, ReadingRow, SignalRow, StandingRow

if TYPE_CHECKING:
    from analyzer.store.queries import ConflictFilter

#: Every signal with the units that it is addressed to and all units above them.
SIGNAL_UNITS = table("signal_units", column("signal_id"), column("unit"), column("depth"), column("named", Boolean))
#: After every date of a year or month that says no more than that.
LATEST = "-99-99"


def either(ids: Any) -> ColumnElement[bool]:
    """A side of the pair is one of the signals `ids`, a subquery or numbers."""
    return or_(PairRow.a_id.in_(ids), PairRow.b_id.in_(ids))


def both_active() -> list[ColumnElement[bool]]:
    """Both signals are of documents in force. For statements that do not join the documents."""
    gone = select(SignalRow.id).where(
        SignalRow.document_id.in_(select(DocumentRow.id).where(DocumentRow.status != "active"))
    )
    return [PairRow.a_id.not_in(gone), PairRow.b_id.not_in(gone)]


def conditions(chosen: ConflictFilter) -> list[ColumnElement[bool]]:
    """All that the filter asks of `PairRow`, `AssessmentRow` and `StandingRow`, outer joined.

    What depends on a signal or its document is looked up once a signal, in a subquery, not once a pair: the statement
    need join neither, and the database can walk the pairs in the order in which they are shown.
    """
    told: list[ColumnElement[bool]] = []
    if not chosen.duplicates:
        told.append(AssessmentRow.type != "duplicate")
    if chosen.types:
        told.append(AssessmentRow.type.in_(chosen.types))
    if chosen.least_probability > 0:
        told.append(AssessmentRow.probability >= chosen.least_probability)
    if chosen.grade is not None:
        told.append(AssessmentRow.grade == chosen.grade)
    if chosen.levels:
        mask = sum(1 << LEVELS.index(level) for level in chosen.levels)
        told.append(AssessmentRow.levels.bitwise_and(mask) != 0)
    if chosen.statuses:
        told.append(stands_at(chosen))
    return [*told, *about_signals(chosen), *about_people(chosen)]


def about_signals(chosen: ConflictFilter) -> Iterator[ColumnElement[bool]]:
    """Documents, dates, units, words, and signals by number."""
    if chosen.documents:
        within = select(SignalRow.id).where(SignalRow.document_id.in_(chosen.documents))
        yield and_(PairRow.a_id.in_(within), PairRow.b_id.in_(within)) if chosen.both_sides else either(within)
    for word in chosen.words.split():
        yield either(select(SignalRow.id).where(holds(SignalRow.quote, word)))
    if chosen.signals:
        yield either(chosen.signals)
    if chosen.units:
        yield either(select(SIGNAL_UNITS.c.signal_id).where(SIGNAL_UNITS.c.unit.in_(chosen.units)))
    if chosen.between:
        yield facing(*(select(SignalRow.id).where(SignalRow.document_id == one) for one in chosen.between))
    if chosen.at_units:
        yield at_units(chosen)
    if chosen.date_from or chosen.date_to:
        dated = dated_documents(chosen.date_from, chosen.date_to)
        yield either(select(SignalRow.id).where(SignalRow.document_id.in_(dated)))


def facing(one: Any, two: Any) -> ColumnElement[bool]:
    """One side is among the one signals, the other side among the others."""
    a, b = PairRow.a_id, PairRow.b_id
    return or_(and_(a.in_(one), b.in_(two)), and_(a.in_(two), b.in_(one)))


def at_units(chosen: ConflictFilter) -> ColumnElement[bool]:
    """The sides are addressed to the units as the overview counts them: a unit above `unit_depth` only where it is
    named, one at that depth with all below it."""
    depth, unit = SIGNAL_UNITS.c.depth, SIGNAL_UNITS.c.unit
    counted = or_(depth == chosen.unit_depth, and_(SIGNAL_UNITS.c.named, depth <= chosen.unit_depth))
    addressed = [select(SIGNAL_UNITS.c.signal_id).where(unit == name, counted) for name in chosen.at_units]
    return either(addressed[0]) if len(addressed) == 1 else facing(addressed[0], addressed[1])


def about_people(chosen: ConflictFilter) -> Iterator[ColumnElement[bool]]:
    """Whose the pair is, and who has yet to read it."""
    if chosen.assignee:
        yield PairRow.key.in_(select(AssignmentRow.pair_key).where(AssignmentRow.assignee == chosen.assignee))
    if chosen.unassigned:
        yield ~exists().where(AssignmentRow.pair_key == PairRow.key)
    if chosen.unread_by:
        yield ~exists().where(ReadingRow.pair_key == PairRow.key, ReadingRow.reviewer == chosen.unread_by)
        yield func.coalesce(StandingRow.readers, 0) < READERS


def stands_at(chosen: ConflictFilter) -> ColumnElement[bool]:
    """The pair is open or decided as the filter wants it."""
    wanted = [status for status in chosen.statuses if status != OPEN]
    either_of: list[ColumnElement[bool]] = [StandingRow.status.in_(wanted)] if wanted else []
    if OPEN in chosen.statuses:
        either_of += [StandingRow.status.is_(None), StandingRow.status == OPEN]
    return or_(*either_of)


def dated_documents(date_from: str | None, date_to: str | None) -> Select[Any]:
    """Ids of documents whose date lies within; one that says only its year lies in every month of it."""
    date = document_date()
    statement = select(DocumentRow.id).where(date.is_not(None))
    if date_from:
        statement = statement.where(date + LATEST >= date_from)
    if date_to:
        statement = statement.where(date <= date_to + LATEST)
    return statement


def document_date() -> ColumnElement[str]:
    """The document's date as a person corrected it, else as intake guessed it."""
    told = func.coalesce(DocumentRow.corrected["date"].as_string(), DocumentRow.guessed["date"].as_string())
    return cast(told, String)


def units_in_use(session: Session) -> list[str]:
    """Units that signals are addressed to and those above them, by name."""
    units = select(SIGNAL_UNITS.c.unit).where(SIGNAL_UNITS.c.unit != "").distinct().order_by(SIGNAL_UNITS.c.unit)
    return list(session.scalars(units))
