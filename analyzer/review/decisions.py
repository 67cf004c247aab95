"""People's decisions on pairs: what may be decided, and how decisions are added. None is ever changed or removed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analyzer.errors import UsageError
from analyzer.store.schema import PairRow, ReviewRow

DECISIONS = ("confirm", "dismiss", "duplicate", "unsure", "escalate", "reopen")

#: Why a flag may be dismissed: the guidelines' "not a conflict, though it looks like one".
DISMISSAL_REASONS = (
    "addressee",
    "time",
    "exception",
    "object",
    "means",
    "sequence",
    "indicator",
    "no_signal",
    "other",
)


def decide(
    session: Session,
    pair_id: int,
    *,
    reviewer: str,
    decision: str,
    reason: str | None = None,
    comment: str | None = None,
) -> ReviewRow:
    """Add one decision of one person.

    Raises:
        UsageError: unknown pair or decision, or a dismissal without one of `DISMISSAL_REASONS`.
    """
    if decision not in DECISIONS:
        raise UsageError(f"Beslutet {decision!r} finns inte; välj ett av {', '.join(DECISIONS)}.")
    if decision == "dismiss" and reason not in DISMISSAL_REASONS:
        raise UsageError("Ett par avfärdas med ett skäl; välj ett i listan.")
    pair = session.get(PairRow, pair_id)
    if pair is None:
        raise UsageError(f"Paret {pair_id} finns inte; gå tillbaka till listan och välj ett annat.")
    row = ReviewRow(
        pair_key=pair.key,
        pair_id=pair.id,
        reviewer=reviewer,
        decision=decision,
        reason=reason if decision == "dismiss" else None,
        comment=(comment or "").strip() or None,
    )
    session.add(row)
    session.flush()
    return row


def undo_last(session: Session, reviewer: str) -> ReviewRow | None:
    """Take back the reviewer's latest decision by adding what held before it. None when there is nothing to take back.

    Undoing twice goes back two decisions: rows that an undo added are told by their reason "undo".
    """
    rows = session.scalars(select(ReviewRow).where(ReviewRow.reviewer == reviewer).order_by(ReviewRow.id)).all()
    standing = standing_decisions(rows)
    if not standing:
        return None
    last = standing[-1]
    before = [row for row in standing[:-1] if row.pair_key == last.pair_key]
    row = ReviewRow(
        pair_key=last.pair_key,
        pair_id=last.pair_id,
        reviewer=reviewer,
        decision=before[-1].decision if before else "reopen",
        reason="undo",
        comment=None,
    )
    session.add(row)
    session.flush()
    return row


def standing_decisions(rows: Sequence[ReviewRow]) -> list[ReviewRow]:
    """One person's decisions in order, less those that were undone."""
    standing: list[ReviewRow] = []
    for row in rows:
        if row.reason == "undo":
            if standing:
                standing.pop()
        else:
            standing.append(row)
    return standing


def history(session: Session, pair_id: int) -> Sequence[ReviewRow]:
    """Every decision on the pair and on the same two signals in earlier versions of their documents, oldest first."""
    key = select(PairRow.key).where(PairRow.id == pair_id).scalar_subquery()
    return session.scalars(select(ReviewRow).where(ReviewRow.pair_key == key).order_by(ReviewRow.id)).all()


def count_decisions(session: Session) -> dict[str, int]:
    """How many pairs stand at each decision by their latest act."""
    latest = select(func.max(ReviewRow.id)).group_by(ReviewRow.pair_key)
    rows = session.execute(
        select(ReviewRow.decision, func.count()).where(ReviewRow.id.in_(latest)).group_by(ReviewRow.decision)
    )
    return {decision: count for decision, count in rows}
