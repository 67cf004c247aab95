import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.accounts.attempts import FREE
from analyzer.accounts.audit import audit_rows, check_audit
from analyzer.accounts.logins import LoginAnswer, log_in
from analyzer.accounts.own_password import change_own_password
from analyzer.accounts.users import set_disabled
from analyzer.errors import UsageError
from tests.accounts.conftest import GOOD, Clock
from tests.accounts.test_logins import HERE, enter, is_in, token_for

pytestmark = pytest.mark.usefixtures("quick_hashes", "clock")
NEW = "helt andra ord nu"


def acts(sessions: sessionmaker[Session], person: str) -> list[str]:
    with sessions() as session:
        assert not check_audit(session).fault
        return [row.act for row in reversed(audit_rows(session, person=person))]


def test_new_password_holds_and_every_other_session_ends(sessions: sessionmaker[Session]) -> None:
    for name in ("anna", "bo"):
        enter(sessions, name)
    before, others = [token_for(sessions), token_for(sessions)], token_for(sessions, "bo")
    answer = change_own_password(sessions, "anna", GOOD, NEW, HERE)
    assert answer.token and is_in(sessions, answer.token) and is_in(sessions, others)
    assert not any(is_in(sessions, token) for token in before)
    assert log_in(sessions, "anna", GOOD, HERE) == LoginAnswer()
    assert log_in(sessions, "anna", NEW, HERE).token
    assert acts(sessions, "anna") == ["login", "login", "password_changed", "login_failed", "login"]
    with sessions() as session:
        assert not any(NEW in row.details or GOOD in row.details for row in audit_rows(session))


def test_wrong_old_password_changes_nothing_and_is_counted(sessions: sessionmaker[Session], clock: Clock) -> None:
    enter(sessions, "anna")
    token = token_for(sessions)
    for _ in range(FREE["account"]):
        assert change_own_password(sessions, "anna", "fel lösenord", NEW, HERE) == LoginAnswer()
    assert change_own_password(sessions, "anna", GOOD, NEW, HERE).wait > 0
    assert acts(sessions, "anna").count("password_refused") == FREE["account"]
    clock.move(minutes=20)
    assert is_in(sessions, token)
    assert change_own_password(sessions, "anna", GOOD, NEW, HERE).token


@pytest.mark.parametrize(("new", "told"), [("kort", "för kort"), (GOOD, "detsamma"), ("aaaaaaaaaaaaa", "för enkelt")])
def test_poor_new_passwords_are_refused(sessions: sessionmaker[Session], new: str, told: str) -> None:
    enter(sessions, "anna")
    token = token_for(sessions)
    with pytest.raises(UsageError, match=told):
        change_own_password(sessions, "anna", GOOD, new, HERE)
    assert is_in(sessions, token) and acts(sessions, "anna") == ["login"]


def test_shut_and_unknown_accounts_change_nothing(sessions: sessionmaker[Session]) -> None:
    enter(sessions, "anna")
    with sessions.begin() as session:
        set_disabled(session, "anna", True)
    for name in ("anna", "bo"):
        assert change_own_password(sessions, name, GOOD, NEW, HERE) == LoginAnswer()
