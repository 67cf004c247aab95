"""Comments that are being written: kept on the server, so that a page that goes away takes nothing with it."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from analyzer.store.schema import CommentDraftRow, PairRow, ReviewRow, now

#: Nobody types so much; a script might.
LONGEST = 20_000


def save_draft(session: Session, pair_id: int, person: str, words: str, *, seen: int) -> bool:
    """Keep what the person has typed on the pair so far; nothing typed removes it. False where it came too late.

    `seen` is the latest act that the page showed: once the person has decided, what was typed went with the decision.
    """
    key = session.scalar(select(PairRow.key).where(PairRow.id == pair_id))
    if key is None:
        return False
    decided = exists().where(ReviewRow.pair_key == key, ReviewRow.reviewer == person, ReviewRow.id > seen)
    if session.scalar(select(decided)):
        return False
    row = session.get(CommentDraftRow, (key, person))
    if not words.strip():
        if row is not None:
            session.delete(row)
        return True
    if row is None:
        session.add(CommentDraftRow(pair_key=key, person=person, text=words[:LONGEST]))
    else:
        row.text, row.updated_at = words[:LONGEST], now()
    return True


def load_draft(session: Session, pair_key: str, person: str) -> str:
    """What the person has typed on the pair, "" for nothing."""
    return (
        session.scalar(
            select(CommentDraftRow.text).where(CommentDraftRow.pair_key == pair_key, CommentDraftRow.person == person)
        )
        or ""
    )
