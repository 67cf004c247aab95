"""A person's own password: the old one is asked for, and every session of theirs ends but the one it is changed in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.accounts.attempts import forgive_attempt, take_attempt
from analyzer.accounts.audit import append_audit
from analyzer.accounts.logins import LoginAnswer, begin_session
from analyzer.accounts.passwords import check_rules, is_right
from analyzer.accounts.users import set_password
from analyzer.errors import UsageError
from analyzer.store.schema import UserRow


def change_own_password(sessions: sessionmaker[Session], name: str, old: str, new: str, address: str) -> LoginAnswer:
    """Replace the password of whoever knows the old one. The answer's token is a new session's: all others have ended.

    Wrong old passwords count as failed log-ins do, so that a browser left open does not let anybody guess.

    Raises:
        UsageError: the new password breaks the rules or is the old one.
    """
    with sessions.begin() as session:
        wait = take_attempt(session, name, address)
        user = session.scalar(select(UserRow).where(UserRow.name == name))
        if wait:
            return LoginAnswer(wait=wait)
    if not is_right(user.password_hash if user else None, old) or user is None:
        with sessions.begin() as session:
            append_audit(session, name, "password_refused", name, address=address)
        return LoginAnswer()
    with sessions.begin() as session:
        forgive_attempt(session, name, address)
    check_rules(name, new)
    if is_right(user.password_hash, new):
        raise UsageError("Det nya lösenordet är detsamma som det gamla; välj ett annat.")
    with sessions.begin() as session:
        present = session.get_one(UserRow, user.id)
        if present.disabled or present.password_hash != user.password_hash:  # changed while we compared
            return LoginAnswer()
        changed = set_password(session, name, new)
        append_audit(session, name, "password_changed", name, address=address)
        return LoginAnswer(begin_session(session, changed))
