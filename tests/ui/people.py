"""A site with log-in and one person of each role, for the tests of who may do what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker
from starlette.requests import Request
from starlette.routing import Mount
from starlette.testclient import TestClient

from analyzer.accounts import passwords
from analyzer.accounts.logins import log_in
from analyzer.accounts.roles import ROLES
from analyzer.accounts.users import add_user
from analyzer.settings import Settings
from analyzer.store.database import open_database
from tests.ui.planted import fill
from ui.access import COOKIE
from ui.app import create_app

HOME = "http://127.0.0.1:7860"
PASSWORD = "korrekt häst batteri"
#: Role → the person who has it.
PEOPLE = dict(zip(ROLES, ("rut", "gun", "siv", "ada"), strict=True))
DENIED = {"sv": "Din roll", "en": "Your role"}


@dataclass
class Town:
    """The application, its store, and who lives there."""

    app: FastAPI
    sessions: sessionmaker[Session]
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, role: str) -> str:
        """The session's token of the person with this role, who logs in once."""
        if role not in self.tokens:
            self.tokens[role] = log_in(self.sessions, PEOPLE[role], PASSWORD, "127.0.0.1").token or ""
        return self.tokens[role]

    def client(self, role: str | None = None, **options: Any) -> TestClient:
        """A browser in which the person has logged in, or nobody."""
        client = TestClient(self.app, base_url=HOME, follow_redirects=False, **options)
        if role:
            client.cookies.set(COOKIE, self.token(role), domain="127.0.0.1")
        return client

    def request(self, role: str | None) -> gr.Request:
        """What Gradio hands to a handler that this person's browser calls."""
        cookie = f"{COOKIE}={self.token(role)}" if role else ""
        headers = [(b"host", b"127.0.0.1:7860"), (b"cookie", cookie.encode())]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "headers": headers,
            "scheme": "http",
            "query_string": b"",
        }
        return gr.Request(request=Request({**scope, "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 7860)}))


@contextmanager
def town(path: Path, **settings: Any) -> Iterator[Town]:
    """A running application with a planted store. Its passwords are hashed with the least that argon2 can do."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", hasher)
        patch.setattr(passwords, "NOBODY", hasher.hash("nobody"))
        sessions = open_database(str(path))
        fill(sessions)
        with sessions.begin() as session:
            for role, name in PEOPLE.items():
                add_user(session, name, role, PASSWORD)
        app = create_app(sessions, Settings(**{"access": "local", "workers": 1, **settings}))
        with TestClient(app):  # starts and stops what the application needs
            yield Town(app, sessions)


def blocks_of(app: FastAPI) -> dict[str, gr.Blocks]:
    """The pages of each language."""
    mounts = [route for route in app.routes if isinstance(route, Mount) and hasattr(route.app, "get_blocks")]
    return {"en" if mount.path == "/en" else "sv": mount.app.get_blocks() for mount in mounts}  # type: ignore[attr-defined]


def rows_in(sessions: sessionmaker[Session], tables: Sequence[str]) -> dict[str, list[Any]]:
    """Everything that these tables hold."""
    from sqlalchemy import text

    with sessions() as session:
        return {table: list(session.execute(text(f"SELECT * FROM {table}"))) for table in tables}
