"""What a filter of flags asks of the database, condition by condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, ColumnElement, Select, String, and_, cast, column, exists, func, or_, select, table
from sqlalchemy.orm import Session

from analyzer.records import LEVELS
from analyzer.review.standing import OPEN, READERS
from analyzer.store.schema import AssessmentRow, AssignmentRow, DocumentRow, PairRow, ReadingRow, SignalRow, StandingRow

if TYPE_CHECKING:
    from analyzer.store.queries import ConflictFilter

#: Every signal with the units that it is addressed to and all units above them.
SIGNAL_UNITS = table("signal_units", column("signal_id"), column("unit"), column("depth"), column("named", Boolean))
#: After every date of a year or month that says no more than that.
LATEST = "-99-99"


@dataclass(frozen=True, slots=True)
class Sides:
    """Both signals of a pair as the statement knows them."""

    a: Any
    b: Any

    def either_in(self, ids: Any) -> ColumnElement[bool]:
        """A side is one of the signals `ids`, a subquery or numbers."""
        return or_(self.a.id.in_(ids), self.b.id.in_(ids))


def narrow(statement: Any, chosen: ConflictFilter, sides: Sides) -> Any:
    """The statement of all flags with what the filter asks beyond type, chance, grade and documents."""
    for word in chosen.words.split():
        # Looked up once a signal, not once a pair.
        statement = statement.where(
            sides.either_in(select(SignalRow.id).where(SignalRow.quote.icontains(word, autoescape=True)))
        )
    if chosen.signals:
        statement = statement.where(sides.either_in(chosen.signals))
    if chosen.levels:
        mask = sum(1 << LEVELS.index(level) for level in chosen.levels)
        statement = statement.where(AssessmentRow.levels.bitwise_and(mask) != 0)
    if chosen.units:
        addressed = select(SIGNAL_UNITS.c.signal_id).where(SIGNAL_UNITS.c.unit.in_(chosen.units))
        statement = statement.where(sides.either_in(addressed))
    if chosen.between:
        statement = statement.where(facing(sides.a.document_id, sides.b.document_id, *chosen.between))
    if chosen.at_units:
        statement = statement.where(meet_units(sides, chosen))
    if chosen.date_from or chosen.date_to:
        dated = dated_documents(chosen.date_from, chosen.date_to)
        statement = statement.where(or_(sides.a.document_id.in_(dated), sides.b.document_id.in_(dated)))
    if chosen.statuses:
        statement = statement.where(stands_at(chosen))
    return narrow_by_people(statement, chosen)


def facing(a: Any, b: Any, one: object, two: object) -> ColumnElement[bool]:
    """One side is the one, the other side the other."""
    return or_(and_(a == one, b == two), and_(a == two, b == one))


def meet_units(sides: Sides, chosen: ConflictFilter) -> ColumnElement[bool]:
    """The sides are addressed to the units as the overview counts them: a unit above `unit_depth` only where it is
    named, one at that depth with all below it."""
    depth, unit = SIGNAL_UNITS.c.depth, SIGNAL_UNITS.c.unit
    counted = or_(depth == chosen.unit_depth, and_(SIGNAL_UNITS.c.named, depth <= chosen.unit_depth))
    first, last = (
        select(SIGNAL_UNITS.c.signal_id).where(unit == name, counted)
        for name in (chosen.at_units[0], chosen.at_units[-1])
    )
    if len(chosen.at_units) == 1:
        return sides.either_in(first)
    a, b = sides.a.id, sides.b.id
    return or_(and_(a.in_(first), b.in_(last)), and_(a.in_(last), b.in_(first)))


def narrow_by_people(statement: Any, chosen: ConflictFilter) -> Any:
    """Whose the pair is, and who has yet to read it."""
    if chosen.assignee:
        mine = select(AssignmentRow.pair_key).where(AssignmentRow.assignee == chosen.assignee)
        statement = statement.where(PairRow.key.in_(mine))
    if chosen.unassigned:
        statement = statement.where(~exists().where(AssignmentRow.pair_key == PairRow.key))
    if chosen.unread_by:
        read = exists().where(ReadingRow.pair_key == PairRow.key, ReadingRow.reviewer == chosen.unread_by)
        statement = statement.where(~read, func.coalesce(StandingRow.readers, 0) < READERS)
    return statement


def stands_at(chosen: ConflictFilter) -> ColumnElement[bool]:
    """The pair is open or decided as the filter wants it."""
    wanted = [status for status in chosen.statuses if status != OPEN]
    either: list[ColumnElement[bool]] = [StandingRow.status.in_(wanted)] if wanted else []
    if OPEN in chosen.statuses:
        either += [StandingRow.status.is_(None), StandingRow.status == OPEN]
    return or_(*either)


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
