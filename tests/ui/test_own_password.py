"""The page on which people change their own password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from analyzer.accounts.audit import audit_rows
from analyzer.accounts.logins import log_in
from tests.ui.people import HOME, PASSWORD, Town, town
from ui.access import COOKIE

NEW = "helt andra ord nu"
PAGE = {"accept": "text/html"}


def send(client: TestClient, old: str, new: str, again: str | None = None, **more: Any) -> Any:
    return client.post("/byt-losenord", data={"old": old, "new": new, "again": again or new}, **more)


def test_reader_changes_the_password_and_stays_in_here_alone(tmp_path: Path) -> None:
    with town(tmp_path / "store.db") as place:
        here, elsewhere = place.client("reader"), place.client()
        elsewhere.cookies.set(COOKIE, log_in(place.sessions, "rut", PASSWORD, "").token or "", domain="127.0.0.1")
        form = here.get("/byt-losenord", headers=PAGE)
        assert form.status_code == 200 and "rut (läsare)" in form.text
        for old, new, again, status, told in (
            (PASSWORD, NEW, NEW + "x", 422, "inte lika"),
            (PASSWORD, "kort", None, 422, "för kort"),
            ("fel lösenord", NEW, None, 403, "stämmer inte"),
        ):
            answer = send(here, old, new, again)
            assert answer.status_code == status and told in answer.text and NEW not in answer.text
        answer = send(here, PASSWORD, NEW)
        assert answer.status_code == 200 and "Lösenordet är bytt" in answer.text
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie
        assert here.get("/", headers=PAGE).status_code == 200
        assert elsewhere.get("/", headers=PAGE).headers["location"] == "/logga-in"
        with place.sessions() as session:
            told = [row.act for row in audit_rows(session, person="rut")]
        assert told[:2] == ["password_changed", "password_refused"]


def test_nobody_else_can(tmp_path: Path) -> None:
    with town(tmp_path / "store.db") as place:
        assert place.client().get("/byt-losenord", headers=PAGE).headers["location"] == "/logga-in"
        assert send(place.client(), PASSWORD, NEW).status_code == 401
        foreign = send(place.client("reader"), PASSWORD, NEW, headers={"origin": "https://example.com"})
        assert foreign.status_code == 403 and "annan adress" in foreign.text
        assert send(place.client("reader"), PASSWORD, NEW * 1000).status_code == 413
        assert log_in(place.sessions, "rut", PASSWORD, "").token


@pytest.mark.parametrize("access", ["open", "header"])
def test_where_passwords_are_not_ours_the_page_leads_home(tmp_path: Path, access: str) -> None:
    proxies = {"trusted_proxies": ("127.0.0.1",)} if access == "header" else {}
    with town(tmp_path / "store.db", access=access, **proxies) as place:
        client = caller(place)
        named = {"x-forwarded-preferred-username": "rut", "x-forwarded-groups": "reader"}
        for path, home in (("/byt-losenord", "/"), ("/en/change-password", "/en/")):
            for answer in (client.get(path, headers=named), client.post(path, headers=named, data={"old": "x"})):
                assert answer.status_code == 303 and answer.headers["location"] == home


def caller(place: Town) -> TestClient:
    """A browser, or a proxy, on this machine."""
    return TestClient(place.app, base_url=HOME, follow_redirects=False, client=("127.0.0.1", 5))
