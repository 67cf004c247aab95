import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.accounts.logins import log_in, user_of
from analyzer.accounts.passwords import is_right
from analyzer.accounts.users import add_user, find_user, list_users, set_disabled, set_password, set_role
from analyzer.errors import UsageError
from tests.accounts.conftest import GOOD, Clock
from tests.accounts.test_logins import LIFE, enter

pytestmark = pytest.mark.usefixtures("quick_hashes")


def test_names_are_kept_in_one_form(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        add_user(session, "  Åsa.Ek ", "reader", GOOD)
        assert [user.name for user in list_users(session)] == ["åsa.ek"]
        assert find_user(session, "ÅSA.EK").role == "reader"
        with pytest.raises(UsageError, match="finns redan"):
            add_user(session, "åsa.EK", "reader", GOOD)


@pytest.mark.parametrize("name", ["", "a", "a b", "<b>", "-anna", "a" * 65, "anna\n"])
def test_names_that_are_none(sessions: sessionmaker[Session], name: str) -> None:
    with sessions() as session, pytest.raises(UsageError):
        add_user(session, name if name != "anna\n" else "an\nna", "reader", GOOD)


def test_unknown_role_or_poor_password_adds_nobody(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        for role, password in (("chef", GOOD), ("reader", "kort")):
            with pytest.raises(UsageError):
                add_user(session, "anna", role, password)
        assert list_users(session) == []


def test_last_administrator_stays(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        add_user(session, "anna", "administrator", GOOD)
        for act in (lambda: set_role(session, "anna", "reader"), lambda: set_disabled(session, "anna", True)):
            with pytest.raises(UsageError, match="sista administratören"):
                act()
        add_user(session, "bo", "administrator", GOOD)
        set_disabled(session, "bo", True)
        with pytest.raises(UsageError, match="sista administratören"):
            set_role(session, "anna", "reader")
        set_disabled(session, "bo", False)
        assert set_role(session, "anna", "reader").role == "reader"


@pytest.mark.parametrize("act", ["role", "shut", "password"])
def test_every_change_ends_the_sessions(sessions: sessionmaker[Session], clock: Clock, act: str) -> None:
    enter(sessions, "anna")
    enter(sessions, "bo")
    tokens = [log_in(sessions, name, GOOD, "10.0.0.1").token for name in ("anna", "bo")]
    with sessions.begin() as session:
        if act == "role":
            set_role(session, "anna", "strategist")
        elif act == "shut":
            set_disabled(session, "anna", True)
        else:
            set_password(session, "anna", GOOD + " nytt")
    assert tokens[0] and user_of(sessions, tokens[0], LIFE) is None
    assert tokens[1] and user_of(sessions, tokens[1], LIFE) is not None


def test_new_password_replaces_the_old(sessions: sessionmaker[Session]) -> None:
    enter(sessions, "anna")
    with sessions.begin() as session:
        kept = set_password(session, "anna", "ett helt annat ord").password_hash
    assert is_right(kept, "ett helt annat ord") and not is_right(kept, GOOD)
