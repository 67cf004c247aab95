"""The guard of one handler, and what the house writes in the audit log."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.accounts.audit import audit_rows, check_audit
from analyzer.accounts.exposure import check_exposure
from analyzer.errors import UsageError
from analyzer.review.decisions import decide
from analyzer.settings import Settings
from tests.ui.people import rows_in
from ui.access import ACTING, Access, Visitor, acting, guarded, name_of
from ui.frame import House
from ui.jobs import Jobs
from ui.language import load_language
from ui.owners import Owners, file_key, file_paths

GUN = Visitor("gun", "reviewer")


class Door(House):
    """A house at whose door stands whoever the test puts there."""

    at_door: Visitor | None = GUN


@pytest.fixture
def house(sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    settings = Settings(access="local")
    house = Door(sessions, settings, Jobs("sqlite://", settings), load_language("sv"))
    monkeypatch.setattr(Access, "identify", lambda _self, request: house.at_door if request else None)
    yield house
    house.jobs.close()


REQUEST = gr.Request(request="somebody")  # type: ignore[arg-type]


def test_handler_runs_as_the_person_and_only_meanwhile(house: House) -> None:
    run = guarded(house, "decide", lambda value: (house.reviewer(), value))
    assert run(REQUEST, 7) == ("gun", 7)
    assert ACTING.get() is None
    with pytest.raises(gr.Error):
        house.reviewer()


def test_failing_handler_leaves_nobody_acting(house: House) -> None:
    def fail() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        guarded(house, "see", fail)(REQUEST)
    assert ACTING.get() is None


def test_every_step_of_a_long_handler_is_the_persons(house: House) -> None:
    closed = []

    def steps(count: int) -> Iterator[str]:
        try:
            for number in range(count):
                yield f"{house.reviewer()} {number}"
        finally:
            closed.append(True)

    walk = guarded(house, "see", steps)
    assert inspect.isgeneratorfunction(walk)
    taken = []
    for step in walk(REQUEST, 3):
        assert ACTING.get() is None  # what runs in between is not theirs
        taken.append(step)
    assert taken == ["gun 0", "gun 1", "gun 2"]
    broken_off = walk(REQUEST, 3)
    next(broken_off)
    broken_off.close()
    assert closed == [True, True]


def test_right_is_asked_for_each_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    run = guarded(house, "decide", lambda: "done")
    assert run(REQUEST) == "done"
    monkeypatch.setattr(Door, "at_door", Visitor("gun", "reader"))
    with pytest.raises(gr.Error, match="läsare"):
        run(REQUEST)
    monkeypatch.setattr(Door, "at_door", None)
    with pytest.raises(gr.Error, match="inte inloggad"):
        run(REQUEST)


def test_right_that_does_not_exist_is_a_fault_when_the_page_is_built(house: House) -> None:
    with pytest.raises(KeyError):
        guarded(house, "fly", lambda: None)


def test_gradio_sees_what_the_handler_wants(house: House) -> None:
    def handle(value: int, event: gr.SelectData) -> None:
        """Says what it does."""

    guard = guarded(house, "see", handle)
    assert list(inspect.signature(guard).parameters) == ["request_of_visitor", "value", "event"]
    assert guard.__annotations__["event"] is gr.SelectData and guard.__annotations__["request_of_visitor"] is gr.Request
    assert guard.__doc__ == "Says what it does."


def test_names_of_handlers() -> None:
    class Page:
        def making(self) -> Any:
            def handle() -> None: ...

            return handle

        def deciding(self) -> Any:
            return lambda: None

    scope = "test_names_of_handlers"
    assert name_of(Page().making()) == scope  # a class within a function is not a page
    assert "<lambda>" in name_of(Page().deciding())
    assert name_of(House.log) == "House.log"


def test_log_goes_with_the_commit_or_not_at_all(house: House, sessions: sessionmaker[Session]) -> None:
    with acting(GUN):
        with house.session() as session:
            decide(session, 1, reviewer="gun", decision="confirm")
            house.log("decide", "pair 1", decision="confirm")
            session.commit()
        with pytest.raises(gr.Error), house.session() as session:
            decide(session, 2, reviewer="gun", decision="confirm")
            house.log("decide", "pair 2")
            raise UsageError("det gick inte")
        with house.session() as session:
            decide(session, 3, reviewer="gun", decision="confirm")
            session.commit()
            house.log("decide", "pair 3")  # after the commit: written when the session ends
        house.log("export", "konflikter.csv", rows=3)  # outside of any
    with sessions() as session:
        rows = audit_rows(session)[::-1]
        assert [(row.person, row.act, row.object) for row in rows] == [
            ("gun", "decide", "pair 1"),
            ("gun", "decide", "pair 3"),
            ("gun", "export", "konflikter.csv"),
        ]
        assert check_audit(session).fault == ""
    assert len(rows_in(sessions, ["reviews"])["reviews"]) == 2


def test_may_and_require_follow_the_person(house: House) -> None:
    with acting(GUN):
        assert house.may("decide") and not house.may("adjudicate")
        house.require("decide")
        with pytest.raises(gr.Error):
            house.require("adjudicate")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "styrsignal.polisen.se"])
def test_open_access_is_refused_where_others_reach_it(host: str) -> None:
    with pytest.raises(UsageError, match='access = "open"'):
        check_exposure(Settings(), host, ())
    with pytest.raises(UsageError, match='access = "open"'):
        check_exposure(Settings(), "127.0.0.1", (host,))
    for access in ("local", "header"):
        check_exposure(Settings(access=access), host, ())  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost", "::1", "[::1]"])
def test_open_access_is_for_this_machine(host: str) -> None:
    check_exposure(Settings(), host, ())


@pytest.mark.parametrize(
    "settings", [{"access": "header"}, {"trusted_proxies": ("nowhere",)}, {"role_groups": {"alla": "chef"}}]
)
def test_settings_that_would_let_in_anybody_are_refused(
    sessions: sessionmaker[Session], settings: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        Access(sessions, Settings(**settings))


def test_owners_forget_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.owners.MOST", 3)
    owners = Owners()
    for number in range(5):
        owners.add(f"thing {number}", "gun")
    assert [owners.owns(f"thing {number}", "gun") for number in range(5)] == [False, False, True, True, True]
    assert owners.claim("thing 4", "ada") is False and owners.claim("new", "ada") is True


def test_files_are_found_however_deep_and_named_once() -> None:
    value = [{"a": [{"path": "/tmp/x/a.txt"}]}, {"path": 3}, "text", [("b", {"path": "/tmp/x/../x/b.txt"})]]
    assert [file_key(path) for path in file_paths(value)] == ["file:/tmp/x/a.txt", "file:/tmp/x/b.txt"]
