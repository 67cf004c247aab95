"""Paging through the flags under a filter. A page keeps its pairs while they are decided on, so that none is jumped."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from analyzer.store.queries import ConflictFilter, ConflictView, conflict_count, conflict_page

PAGE_SIZE = 50

#: (probability, pair id) of the last pair before a page.
Anchor = tuple[float, int]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The pairs of one page, how it was reached, and where the next begins."""

    chosen: ConflictFilter
    ids: tuple[int, ...] = ()
    #: One anchor for each page so far, the present one last; None starts the first.
    anchors: tuple[Anchor | None, ...] = (None,)
    end: Anchor | None = None
    total: int = 0

    @property
    def first(self) -> int:
        """Number of the page's first pair in the whole list, from 1."""
        return (len(self.anchors) - 1) * PAGE_SIZE + 1


def open_queue(session: Session, chosen: ConflictFilter) -> QueuePage:
    """The first page under a filter."""
    return read_page(session, chosen, (None,), conflict_count(session, chosen))


def read_page(session: Session, chosen: ConflictFilter, anchors: tuple[Anchor | None, ...], total: int) -> QueuePage:
    """The page after the last anchor."""
    views = conflict_page(session, chosen, limit=PAGE_SIZE, after=anchors[-1])
    end = anchor_of(views[-1]) if views else None
    return QueuePage(chosen, tuple(view.pair.id for view in views), anchors, end, total)


def anchor_of(view: ConflictView) -> Anchor:
    """Where a list goes on after this pair."""
    return view.assessment.probability, view.pair.id


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
