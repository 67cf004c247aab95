"""The review page's handlers, called as the page calls them, over the planted store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.review.decisions import decide, history
from analyzer.settings import Settings
from analyzer.store.active import load_active
from analyzer.store.pairs import store_vectors
from analyzer.store.queries import conflict_by_id
from ui.access import Visitor, acting
from ui.filters import ME, NOBODY, Scope
from ui.frame import House
from ui.language import load_language
from ui.review import ReviewPage


class Desk:
    """One person at the page: what is on the screen goes into the next call, as in a browser."""

    def __init__(self, page: ReviewPage, name: str, role: str = "reviewer") -> None:
        self.page, self.visitor = page, Visitor(name, role)
        self.values: dict[int, Any] = {}
        self.comment = ""
        self.refill()

    @contextmanager
    def here(self) -> Iterator[None]:
        with acting(self.visitor):
            yield

    def take(self, values: list[Any]) -> None:
        outputs = self.page.outputs
        assert len(values) == len(outputs)
        self.values = {component._id: value for component, value in zip(outputs, values, strict=True)}
        self.comment = self.of(self.page.pair.comment)

    def of(self, component: Any) -> Any:
        return self.values[component._id]

    def refill(self, scope: Scope | None = None, **wanted: Any) -> None:
        with self.here():
            filters = self.page.bar.values_of(wanted, scope)[: len(self.page.bar.inputs)]
            self.take(self.page.refill(*filters))

    def place(self) -> list[Any]:
        pair = self.page.pair
        return [self.of(self.page.page), self.of(pair.shown), self.of(pair.seen), self.comment]

    def press(self, decision: str, reason: str | None = None) -> None:
        with self.here():
            self.take(self.page.deciding(decision, reason)(*self.place()))

    def go(self, by: int = 1) -> None:
        with self.here():
            self.take(self.page.moving(by)(*self.place()))

    def undo(self) -> None:
        with self.here():
            self.take(self.page.undo(self.of(self.page.page)))

    def type(self, words: str) -> None:
        self.comment = words
        with self.here():
            self.page.keep_draft(self.shown, self.of(self.page.pair.seen), words)

    @property
    def shown(self) -> int | None:
        return self.of(self.page.pair.shown)

    @property
    def notice(self) -> str:
        return self.of(self.page.pair.notice)

    @property
    def ids(self) -> tuple[int, ...]:
        return self.of(self.page.page).ids


def make_page(sessions: sessionmaker[Session], **settings: Any) -> ReviewPage:
    house = House(sessions, Settings(access="local", **settings), None, load_language("sv"))  # type: ignore[arg-type]
    with gr.Blocks():
        return ReviewPage(house)


@pytest.fixture
def page(sessions: sessionmaker[Session]) -> ReviewPage:
    return make_page(sessions)


def status(page: ReviewPage, pair_id: int) -> str:
    with page.house.sessions() as session:
        view = conflict_by_id(session, pair_id)
        assert view is not None
        return view.status


def test_whoever_was_overtaken_is_told_keeps_the_comment_and_presses_again(page: ReviewPage) -> None:
    anna, bo = Desk(page, "anna"), Desk(page, "bo")
    assert anna.shown == bo.shown == 1
    bo.press("unsure")
    anna.comment = "Krockar."
    anna.press("confirm")
    assert anna.shown == 1 and "bo har beslutat" in anna.notice and "osäker" in anna.notice
    assert (anna.comment, status(page, 1)) == ("Krockar.", "unsure")
    anna.press("confirm")
    assert (anna.shown, status(page, 1)) == (2, "confirm")


def test_what_was_typed_is_there_after_the_page_went_away(page: ReviewPage) -> None:
    anna = Desk(page, "anna")
    anna.type("Planen säger")
    anna.comment = "Planen säger tvärtom"  # the last letters, not yet kept when the key is pressed
    anna.go()
    assert anna.comment == ""
    again = Desk(page, "anna")
    assert again.comment == "Planen säger tvärtom"
    assert Desk(page, "bo").comment == ""
    again.press("confirm")
    again.undo()
    assert again.comment == ""


def test_a_second_reader_sees_the_first_only_after_reading(sessions: sessionmaker[Session]) -> None:
    page = make_page(sessions, two_readers=True)
    karin, bo = Desk(page, "karin"), Desk(page, "bo")
    karin.comment = "hemligt skäl"
    karin.press("dismiss", "time")
    bo.refill()
    assert bo.shown == 1
    hidden = bo.of(page.pair.history)
    assert "karin" not in hidden and "hemligt" not in hidden and "En annan läsare" in hidden
    bo.press("confirm")
    bo.go(-1)
    told = bo.of(page.pair.history)
    assert bo.shown == 1 and "karin" in told and "hemligt skäl" in told
    assert status(page, 1) == "disagreed"


def test_two_readers_who_differ_meet_a_strategist(sessions: sessionmaker[Session]) -> None:
    page = make_page(sessions, two_readers=True)
    Desk(page, "anna").press("confirm")
    anna = Desk(page, "anna")
    assert 1 not in anna.ids, "what one has read is no longer in one's queue"
    Desk(page, "bo").press("unsure")
    stina = Desk(page, "stina", "strategist")
    stina.refill(statuses=["disagreed"])
    assert stina.ids == (1,)
    assert "anna: **Bekräftad**" in stina.of(page.pair.readings)
    with stina.here(), pytest.raises(gr.Error, match="motiveras"):
        page.adjudicate(*stina.place(), "confirm")
    stina.comment = "Båda gäller samma dygn."
    with stina.here():
        stina.take(page.adjudicate(*stina.place(), "dismiss:time"))
    assert status(page, 1) == "dismiss"
    with sessions() as session:
        assert history(session, 1)[-1].kind == "adjudication"
    with stina.here():
        assert "| **Alla** | 1 | 0 (0 %) |" in page.people.show()


def test_everything_under_the_filter_after_a_count_and_a_yes(page: ReviewPage) -> None:
    stina, bulk = Desk(page, "stina", "strategist"), page.bulk
    stina.refill(least=60)
    with stina.here():
        counted, question, _answers = bulk.count(stina.of(page.page), "dismiss:means", False)
        assert question == "3 flaggor: **Avfärda&#58; Mål och medel** för alla?"
        assert [status(page, pair_id) for pair_id in (1, 2, 3, 4)] == ["open"] * 4
        Desk(page, "bo").press("confirm")
        counted, question, *_rest = bulk.confirm(counted, "")
        assert question.startswith("Urvalet har ändrats") and "2 flaggor" in question
        bulk.confirm(counted, "ur led")
    assert [status(page, pair_id) for pair_id in (1, 2, 3, 4)] == ["confirm", "dismiss", "dismiss", "open"]
    stina.undo()
    assert stina.notice == "Ångrade beslutet om 2 flaggor på en gång."
    assert [status(page, pair_id) for pair_id in (1, 2, 3, 4)] == ["confirm", "open", "open", "open"]


def test_pairs_are_given_to_people_one_by_one_and_by_filter(page: ReviewPage) -> None:
    stina, anna = Desk(page, "stina", "strategist"), Desk(page, "anna")
    with stina.here():
        assert page.assign_pair(2, "anna") == "Par 2 är tilldelat anna."
    anna.refill(assigned=ME)
    assert anna.ids == (2,)
    stina.refill(assigned=NOBODY, types=["priority", "responsibility"])
    assert stina.ids == (3,)
    with stina.here():
        page.bulk.confirm(page.bulk.count(stina.of(page.page), "assign:anna", False)[0], "")
    anna.refill(assigned=ME)
    assert anna.ids == (2, 3)
    anna.press("confirm")
    with anna.here():
        assert "| anna | 2 | 1 (50 %) | 1 |" in page.people.show()


def test_a_saved_view_brings_every_filter_back_to_its_owner(page: ReviewPage) -> None:
    anna, bo = Desk(page, "anna"), Desk(page, "bo")
    wanted = {"types": ["priority"], "statuses": [], "least": 50, "words": "bemanna", "date_from": "2025"}
    filters = page.bar.values_of(wanted)[: len(page.bar.inputs)]
    with anna.here():
        page.saved.save("Mina", *filters)
        assert page.saved.choose("Mina", Scope(documents=(1,)))[: len(filters)] == filters
        anna.take(page.refill(*filters))
    assert anna.ids == (2,)
    with bo.here():
        assert page.saved.choose("Mina", Scope())[:2] == [[], ["open"]]
        assert "Välj en sparad vy" in page.saved.delete("Mina")[1]
    with anna.here():
        assert "borttagen" in page.saved.delete("Mina")[1]


@pytest.mark.parametrize("date", ["igår", "2025-6", "30/6 2025"])
def test_a_date_that_cannot_be_read_is_told(page: ReviewPage, date: str) -> None:
    with pytest.raises(gr.Error, match="går inte att läsa som datum"):
        Desk(page, "anna").refill(date_from=date)


def test_flags_on_the_same_signals_are_listed_and_shown_in_the_queue(page: ReviewPage) -> None:
    anna = Desk(page, "anna")
    touching = anna.of(page.pair.touching)
    assert [pair_id for _row, pair_id in touching.choices] == [4], "pair 4 shares the order's first signal"
    with anna.here():
        filters = page.scope_to_signals(1)[: len(page.bar.inputs)]
        anna.take(page.refill(*filters))
    assert sorted(anna.ids) == [1, 4]


def test_similar_decided_pairs_are_told_with_decision_and_reason(page: ReviewPage) -> None:
    with page.house.sessions.begin() as session:
        active = load_active(session, encoder="e", dimension=4, comparison="")
        store_vectors(session, active.ids.tolist(), np.eye(1, 4, dtype=np.float32).repeat(len(active.ids), 0), "e")
        decide(session, 2, reviewer="bo", decision="dismiss", reason="object", comment="*Skilda* grupper")
    told = Desk(page, "anna").of(page.pair.similar)
    assert "100 % · [par 2](/?par=2)" in told and "**Avfärdad** (Olika föremål)" in told
    assert "&#42;Skilda&#42; grupper" in told
