"""Paging through the flags under a filter. A page keeps its pairs while they are decided on, so that none is jumped."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from analyzer.review.order import take_turns
from analyzer.store.flags import FlagRow, Place, flag_places, flag_rows
from analyzer.store.queries import ConflictFilter, conflict_count

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The pairs of one page, how it was reached, and where the next begins."""

    chosen: ConflictFilter
    ids: tuple[int, ...] = ()
    #: The place before each page so far, the present one last; None starts the first.
    anchors: tuple[Place | None, ...] = (None,)
    end: Place | None = None
    total: int = 0

    @property
    def first(self) -> int:
        """Number of the page's first pair in the whole list, from 1."""
        return (len(self.anchors) - 1) * PAGE_SIZE + 1


def open_queue(session: Session, chosen: ConflictFilter) -> QueuePage:
    """The first page under a filter."""
    return read_page(session, chosen, (None,), conflict_count(session, chosen))


def read_page(session: Session, chosen: ConflictFilter, anchors: tuple[Place | None, ...], total: int) -> QueuePage:
    """The page after the last anchor."""
    places = flag_places(session, chosen, limit=PAGE_SIZE, after=anchors[-1])
    ids = [pair_id for _value, pair_id in places]
    if chosen.sort == "teaching":
        rows = flag_rows(session, ids)
        ids = take_turns([row.pair_id for row in rows], [kin(row) for row in rows])
    return QueuePage(chosen, tuple(ids), anchors, places[-1] if places else None, total)


def kin(row: FlagRow) -> tuple[str, frozenset[str]]:
    """What makes two pairs teach much the same: their type and the documents they come from."""
    return row.type, frozenset(row.sources)


def later_page(session: Session, page: QueuePage) -> QueuePage | None:
    """The next page, None at the end."""
    if page.end is None or len(page.ids) < PAGE_SIZE:
        return None
    later = read_page(session, page.chosen, (*page.anchors, page.end), page.total)
    return later if later.ids else None


def earlier_page(session: Session, page: QueuePage) -> QueuePage | None:
    """The page before, None at the beginning."""
    if len(page.anchors) < 2:
        return None
    earlier = read_page(session, page.chosen, page.anchors[:-1], page.total)
    return earlier if earlier.ids else None


def step(session: Session, page: QueuePage, pair_id: int | None, by: int) -> tuple[QueuePage, int | None]:
    """The page and pair one step from `pair_id` (`by` is 1 or -1); None where the list ends."""
    if pair_id not in page.ids:
        return page, page.ids[0] if page.ids else None
    at = page.ids.index(pair_id) + by
    if 0 <= at < len(page.ids):
        return page, page.ids[at]
    other = later_page(session, page) if by > 0 else earlier_page(session, page)
    if other is None:
        return page, None
    return other, other.ids[0] if by > 0 else other.ids[-1]
