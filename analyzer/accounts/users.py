"""Local accounts: adding them, changing role and password, shutting them. They are never removed: decisions name them.

Every change ends the person's sessions, so that a new role or a shut account holds from the next click.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from analyzer.accounts.passwords import check_rules, make_hash
from analyzer.accounts.roles import ROLES
from analyzer.errors import UsageError
from analyzer.store.schema import LoginRow, UserRow, now

NAME = re.compile(r"[^\W_][\w.@-]{1,63}")


def normal_name(text: str) -> str:
    """A name as it is kept: lower case, composed letters, no space around it."""
    return unicodedata.normalize("NFC", text).strip().lower()


def list_users(session: Session) -> Sequence[UserRow]:
    """Every account by name, shut ones too."""
    return session.scalars(select(UserRow).order_by(UserRow.name)).all()


def find_user(session: Session, name: str) -> UserRow:
    """The account of this name.

    Raises:
        UsageError: there is none.
    """
    user = session.scalar(select(UserRow).where(UserRow.name == normal_name(name)))
    if user is None:
        raise UsageError(f"Kontot {name!r} finns inte; se listan över konton.")
    return user


def add_user(session: Session, name: str, role: str, password: str) -> UserRow:
    """Add an account.

    Raises:
        UsageError: the name is taken or cannot be a name, the role is unknown, or the password breaks the rules.
    """
    name = normal_name(name)
    if not NAME.fullmatch(name):
        raise UsageError(
            "Namnet går inte att använda; skriv 2 till 64 bokstäver, siffror eller . @ - _ utan mellanslag."
        )
    if session.scalar(select(UserRow.id).where(UserRow.name == name)) is not None:
        raise UsageError(f"Kontot {name!r} finns redan; välj ett annat namn eller ändra det som finns.")
    check_role(role)
    check_rules(name, password)
    user = UserRow(name=name, role=role, password_hash=make_hash(password), disabled=False)
    session.add(user)
    session.flush()
    return user


def set_role(session: Session, name: str, role: str) -> UserRow:
    """Give the account another role.

    Raises:
        UsageError: unknown account or role, or nobody would be left to manage accounts.
    """
    check_role(role)
    user = find_user(session, name)
    if role != "administrator":
        keep_an_administrator(session, user)
    user.role = role
    end_sessions(session, user)
    return user


def set_disabled(session: Session, name: str, disabled: bool) -> UserRow:
    """Shut an account, or open it again.

    Raises:
        UsageError: unknown account, or nobody would be left to manage accounts.
    """
    user = find_user(session, name)
    if disabled:
        keep_an_administrator(session, user)
    user.disabled = disabled
    end_sessions(session, user)
    return user


def set_password(session: Session, name: str, password: str) -> UserRow:
    """Give the account another password.

    Raises:
        UsageError: unknown account, or the password breaks the rules.
    """
    user = find_user(session, name)
    check_rules(user.name, password)
    user.password_hash = make_hash(password)
    end_sessions(session, user)
    return user


def check_role(role: str) -> None:
    """Refuse unknown roles."""
    if role not in ROLES:
        raise UsageError(f"Rollen {role!r} finns inte; välj en av {', '.join(ROLES)}.")


def keep_an_administrator(session: Session, user: UserRow) -> None:
    """Refuse to take the last open account that may manage accounts."""
    others = select(func.count()).where(
        UserRow.role == "administrator", UserRow.disabled.is_(False), UserRow.id != user.id
    )
    if user.role == "administrator" and not user.disabled and not session.execute(others).scalar_one():
        raise UsageError(f"{user.name} är den sista administratören; gör en annan till administratör först.")


def end_sessions(session: Session, user: UserRow) -> None:
    """Log the person out everywhere."""
    session.execute(
        update(LoginRow).where(LoginRow.user_id == user.id, LoginRow.ended_at.is_(None)).values(ended_at=now())
    )
    session.flush()
