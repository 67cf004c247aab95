"""Roles and the table of what each may do."""

from __future__ import annotations

import tomllib
from pathlib import Path

from analyzer.errors import UsageError

#: From least to most; each may all that those before it may.
ROLES = ("reader", "reviewer", "strategist", "administrator")
#: What people call them.
ROLE_NAMES = {"reader": "läsare", "reviewer": "granskare", "strategist": "strateg", "administrator": "administratör"}
#: Right → the least role that has it.
LEAST_ROLE: dict[str, str] = tomllib.loads((Path(__file__).parent / "roles.toml").read_text(encoding="utf-8"))
RIGHTS = tuple(LEAST_ROLE)


def may(role: str, right: str) -> bool:
    """Whether the role has the right. An unknown role has none.

    Raises:
        KeyError: there is no such right.
    """
    least = LEAST_ROLE[right]
    return role in ROLES and ROLES.index(role) >= ROLES.index(least)


def read_role(text: str) -> str:
    """The role that a person means by its code or its Swedish name.

    Raises:
        UsageError: there is no such role.
    """
    wanted = text.strip().lower()
    for role in ROLES:
        if wanted in (role, ROLE_NAMES[role]):
            return role
    raise UsageError(f"Rollen {text!r} finns inte; välj en av {', '.join(ROLE_NAMES.values())}.")
