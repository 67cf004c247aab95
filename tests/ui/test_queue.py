import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.records import Verdict
from analyzer.review.decisions import decide
from analyzer.store.active import load_active
from analyzer.store.pairs import store_pairs
from analyzer.store.queries import OPEN, ConflictFilter, conflict_page, conflicts_by_ids, count_flags, find_documents
from tests.ui.planted import ENCODER
from ui import queue
from ui.queue import earlier_page, later_page, open_queue, step

OPEN_FLAGS = ConflictFilter(statuses=(OPEN,))


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 4)


@pytest.fixture
def many(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Eleven more flags, five of them equally likely."""
    with sessions.begin() as session:
        active = load_active(session, encoder=ENCODER, dimension=4, comparison="test")
        every = [(a, b) for a in range(len(active.ids)) for b in range(a + 1, len(active.ids))]
        free = [pair for pair in every if pair not in {(0, 4), (1, 5), (2, 6), (3, 4)}][:11]
        chances = [0.3] * 5 + [0.29 - at / 100 for at in range(6)]
        verdicts = [Verdict(chance, "resource", 1, {"resource": chance}) for chance in chances]
        a, b = np.array([one for one, _two in free]), np.array([two for _one, two in free])
        store_pairs(session, active, a, b, np.ones(len(free), dtype=np.uint32), verdicts, "more")
    return sessions


def test_walking_meets_every_flag_once_though_each_is_decided(many: sessionmaker[Session]) -> None:
    with many() as session:
        expected = [view.pair.id for view in conflict_page(session, OPEN_FLAGS, limit=100)]
        page = open_queue(session, OPEN_FLAGS)
        at: int | None = page.ids[0]
        met = []
        while at is not None:
            met.append(at)
            decide(session, at, reviewer="anna", decision="confirm")
            session.commit()
            page, at = step(session, page, at, 1)
    assert len(expected) == 15
    assert met == expected


def test_pages_forward_and_back_are_the_same(many: sessionmaker[Session]) -> None:
    with many() as session:
        pages = [open_queue(session, OPEN_FLAGS)]
        while (later := later_page(session, pages[-1])) is not None:
            pages.append(later)
        assert [len(page.ids) for page in pages] == [4, 4, 4, 3]
        assert [page.first for page in pages] == [1, 5, 9, 13]
        back = [pages[-1]]
        while (earlier := earlier_page(session, back[-1])) is not None:
            back.append(earlier)
        assert [page.ids for page in reversed(back)] == [page.ids for page in pages]


def test_steps_at_the_ends_and_from_a_pair_outside_the_page(many: sessionmaker[Session]) -> None:
    with many() as session:
        page = open_queue(session, OPEN_FLAGS)
        assert step(session, page, page.ids[0], -1) == (page, None)
        assert step(session, page, 999, 1) == (page, page.ids[0])
        second, at = step(session, page, page.ids[-1], 1)
        assert at == second.ids[0]
        assert step(session, second, at, -1)[1] == page.ids[-1]


def test_an_empty_queue_has_nowhere_to_go(many: sessionmaker[Session]) -> None:
    with many() as session:
        page = open_queue(session, ConflictFilter(words="finnsinte"))
        assert (page.ids, page.total) == ((), 0)
        assert step(session, page, None, 1) == (page, None)
        assert later_page(session, page) is None


def test_pairs_by_name_keep_the_order_asked_for(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert [view.pair.id for view in conflicts_by_ids(session, [3, 1, 77])] == [3, 1]


def test_documents_are_found_by_title_issuer_and_file(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert list(find_documents(session, "verksamhetsplan")) == [1]
        assert list(find_documents(session, "rikspolischefen beslut")) == [2]
        assert list(find_documents(session, "plan.pdf")) == [1]
        assert list(find_documents(session, "finnsinte")) == []
        assert list(find_documents(session, "")) == [1, 2]


def test_flags_are_counted_by_documents_type_and_grade(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        decide(session, 1, reviewer="anna", decision="confirm")
        flags = count_flags(session, ConflictFilter(least_probability=0.6))
    found = {(flag.document_a, flag.document_b, flag.type, flag.grade, flag.status, flag.count) for flag in flags}
    assert found == {
        (1, 2, "contradiction", 2, "confirm", 1),
        (1, 2, "priority", 2, OPEN, 1),
        (1, 2, "responsibility", 2, OPEN, 1),
    }


def test_both_sides_must_be_among_the_documents(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        one = conflict_page(session, ConflictFilter(documents=(1,)))
        within = conflict_page(session, ConflictFilter(documents=(1,), both_sides=True))
        both = conflict_page(session, ConflictFilter(documents=(1, 2), both_sides=True))
    assert [len(views) for views in (one, within, both)] == [4, 0, 4]
