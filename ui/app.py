"""The web application: pages in both languages behind the shield, and what they need while they run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker
from starlette.staticfiles import StaticFiles

from analyzer.settings import Settings
from ui.access import VISITOR, Access, Visitor, guard_all
from ui.downloads import Downloads
from ui.frame import House
from ui.gate import Gate
from ui.jobs import Jobs
from ui.language import LANGUAGES, load_language
from ui.login import LoginPages
from ui.own_password import PasswordPage
from ui.page import OWN_FILES, edit_page
from ui.pages import build_pages
from ui.security import LOOPBACK, Shield
from ui.theme import ASSETS, STYLE, make_theme

MAX_FILE_SIZE = "200mb"
MOUNT: dict[str, Any] = {
    "footer_links": [],
    "run_history": False,
    "show_error": False,
    "allowed_paths": [],
    "max_file_size": MAX_FILE_SIZE,
    "ssr_mode": False,
    "mcp_server": False,
    "enable_monitoring": False,
    "pwa": False,
    "app_kwargs": {"openapi_url": None, "docs_url": None, "redoc_url": None},
}


def create_app(sessions: sessionmaker[Session], settings: Settings, *, hosts: Sequence[str] = LOOPBACK) -> FastAPI:
    """The whole interface over one database. `hosts`: names by which browsers may call it, "*" for any."""
    access = Access(sessions, settings)
    uploads = Path(tempfile.mkdtemp(prefix="styrsignal-"))
    # Gradio reads this when pages are built and when files arrive; the folder is ours alone (mode 700).
    os.environ["GRADIO_TEMP_DIR"] = str(uploads)
    jobs, downloads = Jobs(database_address(sessions), settings), Downloads()

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            jobs.close()
            shutil.rmtree(uploads, ignore_errors=True)

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=life)
    app.add_middleware(Gate, access=access)
    app.add_middleware(Shield, hosts=hosts, edit_page=edit_page)  # added last, so it comes first
    app.router.routes.extend([*LoginPages(access).routes(), *PasswordPage(access).routes()])
    app.router.routes.append(downloads.route())
    app.mount(OWN_FILES, StaticFiles(directory=ASSETS))
    for code in reversed(LANGUAGES):  # the mount at "/" takes all that no earlier one took
        house = House(sessions, settings, jobs, load_language(code), access, downloads)
        path = "/" if code == LANGUAGES[0] else f"/{code}"
        pages = build_pages(house)
        guard_all(house, pages)
        pages.queue(max_size=64, api_open=False)
        gr.mount_gradio_app(
            app,
            pages,
            path=path,
            theme=make_theme(),
            css_paths=[STYLE],
            auth_dependency=known_name,
            **MOUNT,
        )
    return app


def known_name(request: Request) -> str | None:
    """The name that the gate has found, for Gradio's own check of every request."""
    visitor: Visitor | None = request.scope.get(VISITOR)
    return visitor.name if visitor else None


def database_address(sessions: sessionmaker[Session]) -> str:
    """The URL of the database behind the sessions, for other processes in other working folders."""
    engine: Engine = sessions.kw["bind"]
    url = make_url(engine.url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=os.path.abspath(url.database))
    return url.render_as_string(hide_password=False)
