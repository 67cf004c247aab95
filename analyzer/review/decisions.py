"""People's decisions on pairs: what may be decided, and how decisions are added. None is ever changed or removed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Literal
from uuid import uuid4

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from analyzer.errors import StyrsignalError, UsageError
from analyzer.review.standing import ADJUDICATION, BLOCK, DISAGREED, OPEN, READING, UNDO, fold, restand
from analyzer.store.schema import CommentDraftRow, PairRow, ReadingRow, ReviewRow, StandingRow, now

DECISIONS = ("confirm", "dismiss", "duplicate", "unsure", "escalate", "reopen")
Kind = Literal["reading", "adjudication"]

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


class Overtaken(StyrsignalError):
    """Somebody else has acted on the pair since it was shown. `act` is what they did."""

    def __init__(self, act: ReviewRow) -> None:
        super().__init__(f"{act.reviewer} har hunnit besluta om par {act.pair_id}; titta på det igen.")
        self.act = act


def decide(
    session: Session,
    pair_id: int,
    *,
    reviewer: str,
    decision: str,
    reason: str | None = None,
    comment: str | None = None,
    kind: Kind | None = None,
    seen: int | None = None,
) -> ReviewRow:
    """Add one decision of one person, and take away that person's draft of a comment on it.

    `seen` is the number of the latest act that the person knew of (`last_act`), 0 for none; None leaves it unchecked.

    Raises:
        UsageError: unknown pair or decision, a dismissal without one of `DISMISSAL_REASONS`, an adjudication of a
            pair that nobody disagrees on or without a comment.
        Overtaken: somebody else has decided since. Nothing is added.
    """
    check_decision(decision, reason)
    # Where the database locks rows, two decisions on one pair come one after the other.
    pair = session.get(PairRow, pair_id, with_for_update=True)
    if pair is None:
        raise UsageError(f"Paret {pair_id} finns inte; gå tillbaka till listan och välj ett annat.")
    if kind == ADJUDICATION:
        check_adjudication(session, pair.key, comment)
    row = ReviewRow(
        pair_key=pair.key,
        pair_id=pair.id,
        reviewer=reviewer,
        decision=decision,
        reason=reason if decision == "dismiss" else None,
        comment=(comment or "").strip() or None,
        kind=kind,
    )
    session.add(row)
    # SQLite has one writer: from here on nobody else can add anything before this is committed or rolled back.
    session.flush()
    if seen is not None:
        refuse_if_overtaken(session, row, seen)
    session.execute(
        delete(CommentDraftRow).where(CommentDraftRow.pair_key == pair.key, CommentDraftRow.person == reviewer)
    )
    restand(session, [pair.key])
    return row


def check_decision(decision: str, reason: str | None) -> None:
    """Refuse what is no decision."""
    if decision not in DECISIONS:
        raise UsageError(f"Beslutet {decision!r} finns inte; välj ett av {', '.join(DECISIONS)}.")
    if decision == "dismiss" and reason not in DISMISSAL_REASONS:
        raise UsageError("Ett par avfärdas med ett skäl; välj ett i listan.")


def check_adjudication(session: Session, pair_key: str, comment: str | None) -> None:
    """Refuse to settle what is not in dispute, and to settle it without saying why."""
    standing = session.get(StandingRow, pair_key)
    if standing is None or standing.status != DISAGREED:
        raise UsageError("Paret väntar inte på avgörande: två läsare har inte kommit till olika slut.")
    if not (comment or "").strip():
        raise UsageError("Ett avgörande motiveras; skriv varför i kommentaren.")


def refuse_if_overtaken(session: Session, row: ReviewRow, seen: int) -> None:
    """Take the new row back where another person acted after `seen`.

    A reading is independent: another's first reading is none of its business, only a pair that is settled meanwhile.
    """
    later = select(ReviewRow).where(
        ReviewRow.pair_key == row.pair_key,
        ReviewRow.id > seen,
        ReviewRow.id < row.id,
        ReviewRow.reviewer != row.reviewer,
    )
    if row.kind == READING:
        later = later.where(ReviewRow.kind.is_distinct_from(READING))
    act = session.scalars(later.order_by(ReviewRow.id.desc()).limit(1)).first()
    if act is not None:
        session.expunge(act)
        session.rollback()
        raise Overtaken(act)


def last_act(session: Session, pair_key: str) -> int:
    """The number of the latest act on a pair, 0 where there is none."""
    return session.scalar(select(StandingRow.review_id).where(StandingRow.pair_key == pair_key)) or 0


def undo_last(session: Session, reviewer: str) -> ReviewRow | None:
    """Take back the reviewer's latest decision; decisions that were made as one are taken back as one.

    Adds one row to each pair, with reason "undo" and the decision that holds now. Undoing twice goes back two
    decisions. Returns the row of the pair decided on last, None when there is nothing to take back.
    """
    last = latest_standing(session, reviewer)
    if last is None:
        return None
    acts = [last] if last.batch is None else list(session.scalars(acts_of(last.batch).order_by(ReviewRow.id)))
    batch = uuid4().hex if last.batch else None
    moment = now()
    after = decisions_after(session, acts)
    rows = [
        {
            "pair_key": act.pair_key,
            "pair_id": act.pair_id,
            "reviewer": reviewer,
            "decision": after.get(act.pair_key, "reopen"),
            "reason": UNDO,
            "kind": act.kind,
            "batch": batch,
            "created_at": moment,
        }
        for act in acts
    ]
    for at in range(0, len(rows), BLOCK):
        session.execute(insert(ReviewRow), rows[at : at + BLOCK])
    restand(session, [act.pair_key for act in acts])
    return session.scalars(
        select(ReviewRow)
        .where(ReviewRow.pair_key == last.pair_key, ReviewRow.reviewer == reviewer)
        .order_by(ReviewRow.id.desc())
        .limit(1)
    ).one()


def acts_of(batch: str) -> Select[ReviewRow]:
    """The acts that were done as one."""
    return select(ReviewRow).where(ReviewRow.batch == batch)


def decisions_after(session: Session, undone: Sequence[ReviewRow]) -> dict[str, str]:
    """Pair key → the decision that holds once these acts are taken back, where one does."""
    gone = {act.id for act in undone}
    keys = [act.pair_key for act in undone]
    rows: dict[str, list[ReviewRow]] = {}
    for at in range(0, len(keys), BLOCK):
        block = select(ReviewRow).where(ReviewRow.pair_key.in_(keys[at : at + BLOCK])).order_by(ReviewRow.id)
        for row in session.scalars(block):
            if row.id not in gone:
                rows.setdefault(row.pair_key, []).append(row)
    standings = {key: fold(acts).status for key, acts in rows.items()}
    return {key: status for key, status in standings.items() if status not in (OPEN, DISAGREED)}


def latest_standing(session: Session, reviewer: str) -> ReviewRow | None:
    """The reviewer's latest decision that has not been taken back.

    Read from the newest backwards: each undo skips one decision before it.
    """
    taken_back = 0
    newest_first = select(ReviewRow).where(ReviewRow.reviewer == reviewer).order_by(ReviewRow.id.desc())
    with closing(session.scalars(newest_first.execution_options(yield_per=200))) as rows:
        for row in rows:
            if row.reason == UNDO:
                taken_back += 1
            elif taken_back:
                taken_back -= 1
            else:
                return row
    return None


def history(session: Session, pair_id: int) -> Sequence[ReviewRow]:
    """Every decision on the pair and on the same two signals in earlier versions of their documents, oldest first."""
    key = select(PairRow.key).where(PairRow.id == pair_id).scalar_subquery()
    return session.scalars(select(ReviewRow).where(ReviewRow.pair_key == key).order_by(ReviewRow.id)).all()


def read_by(session: Session, pair_key: str, reviewer: str) -> bool:
    """Whether the person's own independent reading of the pair stands."""
    return session.get(ReadingRow, (pair_key, reviewer)) is not None


def count_decisions(session: Session) -> dict[str, int]:
    """How many pairs stand at each decision. Pairs that were opened again count as "reopen"."""
    rows = session.execute(select(StandingRow.status, func.count()).group_by(StandingRow.status))
    return {"reopen" if status == OPEN else status: count for status, count in rows}
