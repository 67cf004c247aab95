from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from analyzer.accounts import logins
from analyzer.accounts.attempts import FREE, delay
from analyzer.accounts.audit import audit_rows, check_audit
from analyzer.accounts.logins import UNKNOWN, Lifetime, LoginAnswer, log_in, log_out, user_of
from analyzer.accounts.users import add_user, set_disabled
from analyzer.store.schema import LoginRow
from tests.accounts.conftest import GOOD, Clock

pytestmark = pytest.mark.usefixtures("quick_hashes")
LIFE = Lifetime(timedelta(minutes=60), timedelta(hours=12))
HERE = "10.0.0.1"


def enter(sessions: sessionmaker[Session], name: str, role: str = "reviewer") -> None:
    """Add an account."""
    with sessions.begin() as session:
        add_user(session, name, role, GOOD)


def token_for(sessions: sessionmaker[Session], name: str = "anna") -> str:
    """Log in."""
    token = log_in(sessions, name, GOOD, HERE).token
    assert token is not None
    return token


def is_in(sessions: sessionmaker[Session], token: str) -> bool:
    return user_of(sessions, token, LIFE) is not None


def test_right_password_gives_a_session_and_wrong_ones_none(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    user = user_of(sessions, token_for(sessions, " ANNA "), LIFE)
    assert user is not None and (user.name, user.role) == ("anna", "reviewer")
    for name, password in (("anna", "fel"), ("anna", ""), ("bo", GOOD), ("", "")):
        assert log_in(sessions, name, password, HERE) == LoginAnswer()
    assert not is_in(sessions, "") and not is_in(sessions, "x" * 43)


def test_store_has_only_the_hash_of_the_token(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    token = token_for(sessions)
    with sessions() as session:
        dump = [
            row for table in ("logins", "audit", "users") for row in session.execute(text(f"SELECT * FROM {table}"))
        ]
    assert dump and token not in str(dump) and GOOD not in str(dump)


def test_session_ends_when_it_is_not_used(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    token = token_for(sessions)
    for _ in range(4):
        clock.move(minutes=50)
        assert is_in(sessions, token)
    clock.move(minutes=61)
    assert not is_in(sessions, token)
    clock.move(minutes=-61)  # a clock that is set back opens nothing that was used up for good
    assert is_in(sessions, token)


def test_session_ends_after_its_whole_life_however_used(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    token = token_for(sessions)
    for _ in range(14):
        clock.move(minutes=50)
        assert is_in(sessions, token)
    clock.move(minutes=25)
    assert not is_in(sessions, token)


def test_logging_out_ends_this_session_only(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    first, second = token_for(sessions), token_for(sessions)
    log_out(sessions, first, LIFE)
    log_out(sessions, "no such token", LIFE)
    assert not is_in(sessions, first) and is_in(sessions, second)


def test_shut_account_looks_like_a_wrong_password(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    with sessions.begin() as session:
        set_disabled(session, "anna", True)
    assert log_in(sessions, "anna", GOOD, HERE) == LoginAnswer()


def test_password_changed_while_it_was_compared_gives_no_session(
    sessions: sessionmaker[Session], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(sessions, "anna")

    def compare(_hash: str | None, _password: str) -> bool:
        with sessions.begin() as session:
            set_disabled(session, "anna", True)
        return True

    monkeypatch.setattr(logins, "is_right", compare)
    assert log_in(sessions, "anna", GOOD, HERE) == LoginAnswer()
    with sessions() as session:
        assert session.scalars(select(LoginRow)).all() == []


def test_waits_grow_from_a_second_to_a_lock_out() -> None:
    waits = [delay(failures, 5).total_seconds() for failures in range(30)]
    assert waits[:9] == [0, 0, 0, 0, 0, 1, 2, 4, 8]
    assert waits == sorted(waits) and waits[-1] == 15 * 60


def test_account_is_locked_whatever_the_password_and_opens_by_itself(
    sessions: sessionmaker[Session], clock: Clock
) -> None:
    enter(sessions, "anna")
    for number in range(FREE["account"]):
        assert log_in(sessions, "anna", "fel", f"10.0.1.{number}") == LoginAnswer()
    assert log_in(sessions, "anna", GOOD, HERE).wait == pytest.approx(1)
    clock.move(seconds=1.1)
    assert log_in(sessions, "anna", "fel", HERE) == LoginAnswer()
    assert log_in(sessions, "anna", GOOD, HERE).wait == pytest.approx(2)
    clock.move(seconds=2.1)
    token = token_for(sessions)
    assert is_in(sessions, token)
    assert log_in(sessions, "anna", "fel", HERE) == LoginAnswer()  # forgiven: it starts anew


def test_locked_attempts_do_not_lengthen_the_lock(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    for _ in range(FREE["account"]):
        log_in(sessions, "anna", "fel", HERE)
    waits = [log_in(sessions, "anna", "fel", HERE).wait for _ in range(5)]
    assert waits == [pytest.approx(1)] * 5


def test_unknown_names_are_locked_like_known_ones(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    answers = {
        name: [log_in(sessions, name, "fel", f"10.0.{at}.9").wait for _ in range(8)]
        for at, name in enumerate(("anna", "ingen"))
    }
    assert answers["anna"] == pytest.approx(answers["ingen"])


def test_address_that_tries_many_names_is_locked(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    for number in range(FREE["address"]):
        assert log_in(sessions, f"namn{number}", "fel", HERE) == LoginAnswer()
    assert log_in(sessions, "anna", GOOD, HERE).wait > 0
    assert log_in(sessions, "anna", GOOD, "10.9.9.9").token


def test_own_account_does_not_wash_the_address_clean(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    tried = 0
    for number in range(100):
        if log_in(sessions, f"namn{number}", "fel", HERE).wait:
            break
        tried += 1
        log_in(sessions, "anna", GOOD, HERE)
    assert tried == FREE["address"]


def test_failures_are_forgiven_after_a_while(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    for _ in range(FREE["account"]):
        log_in(sessions, "anna", "fel", HERE)
    clock.move(minutes=16)
    with sessions() as session:
        for _ in range(FREE["account"]):
            assert log_in(sessions, "anna", "fel", HERE) == LoginAnswer()
        assert session.execute(text("SELECT count(*) FROM attempts")).scalar_one() == 2


def test_many_attempts_at_once_get_no_more_guesses(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda at: log_in(sessions, "anna", "fel", f"10.1.0.{at}"), range(24)))
    assert sum(answer.wait == 0 for answer in answers) == FREE["account"]


def test_log_tells_of_log_ins_but_not_what_was_typed(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    log_in(sessions, "anna", "fel", HERE)
    log_in(sessions, "mitt hemliga lösenord", "anna", HERE)
    log_out(sessions, token_for(sessions), LIFE)
    with sessions() as session:
        rows = audit_rows(session)[::-1]
        assert [(row.person, row.act) for row in rows] == [
            ("anna", "login_failed"),
            (UNKNOWN, "login_failed"),
            ("anna", "login"),
            ("anna", "logout"),
        ]
        assert all("hemliga" not in f"{row.object}{row.details}" for row in rows)
        assert check_audit(session).rows == 4
