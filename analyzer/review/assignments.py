"""Who is to look at which pair, and how much of it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from analyzer.review.standing import BLOCK, OPEN
from analyzer.store.schema import AssignmentRow, PairRow, ReadingRow, ReviewRow, StandingRow, UserRow, now


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part: pairs assigned, those of them decided (or read, where two read), and pairs ever acted on."""

    person: str
    assigned: int
    done: int
    acted: int


def assign(session: Session, pair_ids: Sequence[int], assignee: str | None, *, by: str) -> int:
    """Give pairs to a person, whoever had them before; None gives them to nobody. Returns how many."""
    keys: list[str] = []
    for at in range(0, len(pair_ids), BLOCK):
        keys += session.scalars(select(PairRow.key).where(PairRow.id.in_(pair_ids[at : at + BLOCK])).distinct())
    keys = list(dict.fromkeys(keys))
    moment = now()
    for at in range(0, len(keys), BLOCK):
        block = keys[at : at + BLOCK]
        session.execute(delete(AssignmentRow).where(AssignmentRow.pair_key.in_(block)))
        if assignee:
            session.execute(
                insert(AssignmentRow),
                [{"pair_key": key, "assignee": assignee, "assigned_by": by, "assigned_at": moment} for key in block],
            )
    return len(keys)


def people(session: Session, also: Iterable[str] = ()) -> list[str]:
    """Everybody to whom a pair can be given: accounts in use, and who has reviewed or been given pairs before."""
    known = set(also)
    known.update(session.scalars(select(UserRow.name).where(UserRow.disabled.is_(False), UserRow.role != "reader")))
    known.update(session.scalars(select(ReviewRow.reviewer).distinct()))
    known.update(session.scalars(select(AssignmentRow.assignee).distinct()))
    known.difference_update(session.scalars(select(UserRow.name).where(UserRow.disabled.is_(True))))
    return sorted(known, key=str.casefold)


def shares(session: Session) -> list[Share]:
    """What each person was given and has done, by name."""
    own_reading = and_(ReadingRow.pair_key == AssignmentRow.pair_key, ReadingRow.reviewer == AssignmentRow.assignee)
    is_done = or_(func.coalesce(StandingRow.status, OPEN) != OPEN, ReadingRow.pair_key.is_not(None))
    given = session.execute(
        select(AssignmentRow.assignee, func.count(), func.sum(case((is_done, 1), else_=0)))
        .outerjoin(StandingRow, StandingRow.pair_key == AssignmentRow.pair_key)
        .outerjoin(ReadingRow, own_reading)
        .group_by(AssignmentRow.assignee)
    )
    assigned = {person: (count, int(done)) for person, count, done in given}
    acted = {
        person: count
        for person, count in session.execute(
            select(ReviewRow.reviewer, func.count(ReviewRow.pair_key.distinct())).group_by(ReviewRow.reviewer)
        )
    }
    return [
        Share(person, *assigned.get(person, (0, 0)), acted.get(person, 0))
        for person in sorted(assigned.keys() | acted.keys(), key=str.casefold)
    ]
