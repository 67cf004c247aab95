"""What people did with the pairs of a report, read for many pairs at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzer.review.standing import READING, standing_acts
from analyzer.store.queries import ConflictView
from analyzer.store.schema import AssignmentRow, ReviewRow

#: Keys in one statement; SQLite allows 32,766 variables.
BLOCK = 5000


@dataclass(frozen=True, slots=True)
class Acts:
    """Every act on one pair, oldest first, and who is to look at it."""

    rows: tuple[ReviewRow, ...] = ()
    assignee: str | None = None

    @property
    def last(self) -> ReviewRow | None:
        """The latest act that was not taken back."""
        standing = standing_acts(self.rows)
        return standing[-1] if standing else None

    def as_json(self) -> list[dict[str, Any]]:
        """Every act, those that were taken back and those that took back among them."""
        return [
            {
                "reviewer": row.reviewer,
                "decision": row.decision,
                "reason": row.reason,
                "comment": row.comment,
                "kind": row.kind,
                "batch": row.batch,
                "at": row.created_at.isoformat(),
            }
            for row in self.rows
        ]


NONE = Acts()


def acts_on(session: Session, views: Sequence[ConflictView], unread_by: str | None = None) -> dict[str, Acts]:
    """Acts by the key of the pair; pairs that nobody has touched are not in it.

    `unread_by`: somebody who has yet to read the pairs independently, and is not told how others read them.
    """
    keys = list(dict.fromkeys(view.pair.key for view in views))
    rows: dict[str, list[ReviewRow]] = defaultdict(list)
    assignees: dict[str, str] = {}
    for at in range(0, len(keys), BLOCK):
        block = keys[at : at + BLOCK]
        for row in session.scalars(select(ReviewRow).where(ReviewRow.pair_key.in_(block)).order_by(ReviewRow.id)):
            if unread_by is None or row.kind != READING or row.reviewer == unread_by:
                rows[row.pair_key].append(row)
        assigned = select(AssignmentRow.pair_key, AssignmentRow.assignee).where(AssignmentRow.pair_key.in_(block))
        assignees |= {key: assignee for key, assignee in session.execute(assigned)}
    return {key: Acts(tuple(rows.get(key, ())), assignees.get(key)) for key in {*rows, *assignees}}
