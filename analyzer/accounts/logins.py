"""Logging in and out. A session is a random token with the browser; the store has only its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from analyzer.accounts.attempts import forgive_attempt, take_attempt
from analyzer.accounts.audit import append_audit
from analyzer.accounts.passwords import is_right, make_hash, needs_new_hash
from analyzer.accounts.users import normal_name
from analyzer.store.schema import LoginRow, UserRow, now

#: A use is written down only when this share of the idle time has passed since the last one that was.
SEEN_SHARE = 0.1
#: Sessions are forgotten so long after their last use; what they did stands in the audit log.
KEPT = timedelta(days=30)
UNKNOWN = "okänd"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lives: since its last use, and in all."""

    idle: timedelta
    whole: timedelta


@dataclass(frozen=True, slots=True)
class LoginAnswer:
    """A token for the browser, or none: then `wait` is the seconds until the next attempt, 0 for at once."""

    token: str | None = None
    wait: float = 0.0


def log_in(sessions: sessionmaker[Session], name: str, password: str, address: str) -> LoginAnswer:
    """Try a name and a password. Unknown names, wrong passwords and shut accounts cannot be told apart."""
    name = normal_name(name)[:64]
    with sessions.begin() as session:
        wait = take_attempt(session, name, address)
        user = session.scalar(select(UserRow).where(UserRow.name == name))
        if wait:
            return LoginAnswer(wait=wait)
    good = is_right(user.password_hash if user else None, password)
    if user is None or not good or user.disabled:
        with sessions.begin() as session:
            # A name that is no account may be a password that was typed in the wrong field.
            append_audit(session, user.name if user else UNKNOWN, "login_failed", address=address)
        return LoginAnswer()
    with sessions.begin() as session:
        present = session.get_one(UserRow, user.id)
        if present.disabled or present.password_hash != user.password_hash:  # changed while we compared
            return LoginAnswer()
        forgive_attempt(session, name, address)
        session.execute(delete(LoginRow).where(LoginRow.seen_at < now() - KEPT))
        token = begin_session(session, present)
        if needs_new_hash(user.password_hash):
            present.password_hash = make_hash(password)
        append_audit(session, user.name, "login", address=address)
    return LoginAnswer(token)


def begin_session(session: Session, user: UserRow) -> str:
    """A new session of this person's. Returns its token, which is kept nowhere here."""
    token, moment = secrets.token_urlsafe(32), now()
    session.add(LoginRow(token_hash=hash_token(token), user_id=user.id, created_at=moment, seen_at=moment))
    return token


def user_of(sessions: sessionmaker[Session], token: str, lifetime: Lifetime) -> UserRow | None:
    """The person whose session this is; None where it has ended, expired, or never was."""
    moment = now()
    with sessions() as session:
        found = session.execute(
            select(LoginRow, UserRow)
            .join(UserRow, UserRow.id == LoginRow.user_id)
            .where(LoginRow.token_hash == hash_token(token), LoginRow.ended_at.is_(None), UserRow.disabled.is_(False))
        ).one_or_none()
        if found is None:
            return None
        login, user = found
        unused = moment - aware(login.seen_at)
        if unused > lifetime.idle or moment - aware(login.created_at) > lifetime.whole:
            return None
        if unused > lifetime.idle * SEEN_SHARE:
            session.execute(update(LoginRow).where(LoginRow.token_hash == login.token_hash).values(seen_at=moment))
            session.commit()
        return user


def log_out(sessions: sessionmaker[Session], token: str, lifetime: Lifetime) -> None:
    """End the session, if it is one."""
    user = user_of(sessions, token, lifetime)
    if user is None:
        return
    with sessions.begin() as session:
        session.execute(update(LoginRow).where(LoginRow.token_hash == hash_token(token)).values(ended_at=now()))
        append_audit(session, user.name, "logout")


def hash_token(token: str) -> str:
    """What the store keeps of a token. It is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def aware(moment: datetime) -> datetime:
    """SQLite gives moments without their zone; they are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
