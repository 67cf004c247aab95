"""A real server and a real Chromium. What any page asks of any host is written down."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright
from sqlalchemy.orm import Session, sessionmaker

from analyzer.settings import Settings
from analyzer.store.database import open_database
from tests.ui.planted import fill
from ui.app import create_app

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: A busy machine may be slow; a test that waits is still exact.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Site:
    """One running server over one store."""

    address: str
    sessions: sessionmaker[Session]
    #: Requests of all browsers to other hosts, and what their consoles complained of.
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def start_site(database: Path, *, planted: bool) -> tuple[Site, uvicorn.Server, threading.Thread]:
    """Serve a store on a free port."""
    sessions = open_database(str(database))
    if planted:
        fill(sessions)
    config = uvicorn.Config(
        create_app(sessions, Settings(workers=1)),
        host="127.0.0.1",
        port=0,
        log_level="error",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    limit = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive() and time.monotonic() < limit, "the server did not start"
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    return Site(f"http://127.0.0.1:{port}", sessions), server, thread


def serve(database: Path, *, planted: bool) -> Iterator[Site]:
    """A site for as long as the fixture lives; at its end no page may have asked or complained."""
    site, server, thread = start_site(database, planted=planted)
    yield site
    server.should_exit = True
    thread.join(30)
    assert site.foreign == []
    assert site.complaints == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site over the planted store, shared by all tests: they leave its flags open."""
    yield from serve(tmp_path_factory.mktemp("site") / "store.db", planted=True)


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site over an empty store."""
    yield from serve(tmp_path_factory.mktemp("site") / "store.db", planted=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; `make` installs it where it may."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.geteuid() != 0:
            pytest.skip("Chromium saknas och kan inte installeras utan root; installera paketet chromium.")
        pytest.fail("Chromium saknas; kör make setup.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def watch(context: BrowserContext, site: Site) -> None:
    """Write down requests to other hosts and complaints, a broken content policy among them."""
    own = (site.address, "data:", "blob:")

    def note_request(url: str) -> None:
        if not url.startswith(own):
            site.foreign.append(url)

    context.on("request", lambda request: note_request(request.url))
    context.on("console", lambda message: site.complaints.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: site.complaints.append(str(error.error)))


class Visitor:
    """An English-speaking visitor, whose browser keeps Gradio's files between the tests. One page is open at a time."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: dict[tuple[str, str], BrowserContext] = {}
        self.pages: list[Page] = []

    def open(self, site: Site, path: str = "/", scheme: Literal["light", "dark"] = "light") -> Page:
        """A page that is ready to use."""
        page = self.context(site, scheme).new_page()
        self.pages.append(page)
        page.goto(site.address + path)
        page.get_by_role("tab").first.wait_for()
        page.locator("#figures p").first.wait_for(state="attached")
        return page

    def context(self, site: Site, scheme: Literal["light", "dark"]) -> BrowserContext:
        """The browser in this scheme, watched on behalf of the site."""
        known = self.contexts.get((site.address, scheme))
        if known is None:
            size: ViewportSize = {"width": 1440, "height": 900}
            known = self.browser.new_context(locale="en-GB", viewport=size, color_scheme=scheme)
            known.set_default_timeout(PATIENCE_MS)
            watch(known, site)
            self.contexts[site.address, scheme] = known
        return known

    def leave(self) -> None:
        """Close every page."""
        while self.pages:
            self.pages.pop().close()


@pytest.fixture(scope="session")
def regular(browser: Browser) -> Iterator[Visitor]:
    """Somebody who comes again."""
    visitor = Visitor(browser)
    yield visitor
    for context in visitor.contexts.values():
        context.close()


@pytest.fixture
def visitor(regular: Visitor) -> Iterator[Visitor]:
    """Somebody at a screen, who leaves after the test."""
    yield regular
    regular.leave()
