"""One decision on every pair under a filter: counted first, done and undone as one act."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from sqlalchemy import delete, false, insert, select, text
from sqlalchemy.orm import Session

from analyzer.errors import StyrsignalError
from analyzer.review.decisions import check_decision
from analyzer.review.standing import BLOCK, OPEN, READING, restand
from analyzer.store.flags import flag_ids
from analyzer.store.queries import ConflictFilter
from analyzer.store.schema import CommentDraftRow, PairRow, ReviewRow, StandingRow, now


class Shifted(StyrsignalError):
    """The filter no longer holds the pairs that were counted. `plan` is what it holds now."""

    def __init__(self, plan: BulkPlan) -> None:
        super().__init__("Urvalet har ändrats sedan det räknades; räkna om.")
        self.plan = plan


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What a bulk decision would touch: the filter it was counted under, how many pairs, and which, as a digest."""

    chosen: ConflictFilter
    count: int
    digest: str
    decided: bool = False


def plan_bulk(session: Session, chosen: ConflictFilter, *, decided: bool = False) -> BulkPlan:
    """Count the pairs under the filter. Pairs that are decided already count only with `decided`."""
    ids = touched(session, chosen, decided)
    return BulkPlan(chosen, len(ids), digest_of(ids), decided)


def touched(session: Session, chosen: ConflictFilter, decided: bool) -> list[int]:
    """The pairs that a bulk decision touches."""
    if decided:
        return flag_ids(session, chosen)
    if chosen.statuses and OPEN not in chosen.statuses:
        return []
    return flag_ids(session, replace(chosen, statuses=(OPEN,)))


def digest_of(ids: Sequence[int]) -> str:
    """Names a set of pairs."""
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()


def decide_all(
    session: Session,
    plan: BulkPlan,
    *,
    reviewer: str,
    decision: str,
    reason: str | None = None,
    comment: str | None = None,
) -> str | None:
    """Decide on everything that was counted, as one act: returns its name, None where nothing is touched.

    Raises:
        UsageError: unknown decision, or a dismissal without reason.
        Shifted: the filter holds other pairs than were counted. Nothing is decided.
    """
    check_decision(decision, reason)
    hold_decisions(session)
    ids = touched(session, plan.chosen, plan.decided)
    if digest_of(ids) != plan.digest:
        session.rollback()
        raise Shifted(BulkPlan(plan.chosen, len(ids), digest_of(ids), plan.decided))
    if not ids:
        return None
    batch, moment, keys = uuid4().hex, now(), []
    for at in range(0, len(ids), BLOCK):
        pairs = session.execute(select(PairRow.id, PairRow.key).where(PairRow.id.in_(ids[at : at + BLOCK]))).all()
        keys += [key for _pair_id, key in pairs]
        session.execute(
            insert(ReviewRow),
            [
                {
                    "pair_key": key,
                    "pair_id": pair_id,
                    "reviewer": reviewer,
                    "decision": decision,
                    "reason": reason if decision == "dismiss" else None,
                    "comment": (comment or "").strip() or None,
                    "kind": READING if plan.chosen.reading else None,
                    "batch": batch,
                    "created_at": moment,
                }
                for pair_id, key in pairs
            ],
        )
        session.execute(
            delete(CommentDraftRow).where(
                CommentDraftRow.person == reviewer, CommentDraftRow.pair_key.in_([key for _id, key in pairs])
            )
        )
    restand(session, keys)
    return batch


def hold_decisions(session: Session) -> None:
    """Let nobody else decide until this transaction ends: what was counted is then what is decided on."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE standings IN SHARE ROW EXCLUSIVE MODE"))
    else:  # any write, even of nothing, takes SQLite's only writing place
        session.execute(delete(StandingRow).where(false()))
