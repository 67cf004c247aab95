"""Nobody comes past without being known: every request but those for the log-in page, before Gradio sees it."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.access import VISITOR, Access, Visitor
from ui.language import load_language
from ui.login import LOGIN_PATHS, PUBLIC, login_path
from ui.owners import UploadAnswer, file_key, page_key
from ui.page import language_of

API = re.compile(r"^(?:/en)?/gradio_api/(.*)$", re.DOTALL)
#: What the pages use of Gradio's own interface. The rest (proxies, profiling, streams, calls by name) is closed.
API_OPEN = re.compile(
    r"(?:queue/(?:join|data)|run/\w+/?|upload|upload_progress|file=.*|heartbeat/\w+|startup-events|theme\.css|info/?"
    r"|cancel|reset/?|app_id/?|user/?|login_check/?)",
    re.DOTALL,
)
#: A page that one may be sent back to after logging in.
PAGE = re.compile(r"/(?:en/?)?")


class Gate:
    """ASGI middleware: finds out who is asking, and lets strangers no further than to the log-in page."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its visitor, or answer it here."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # web sockets: nothing here uses them
            await send({"type": "websocket.close", "code": 1008})
            return
        path = scope["path"]
        if path in LOGIN_PATHS or path.startswith(PUBLIC):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        visitor = await run_in_threadpool(self.access.identify, connection)
        if visitor is None:
            await self.stranger(Request(scope))(scope, receive, send)
            return
        scope[VISITOR] = visitor
        api = API.match(path)
        if api is not None:
            if not API_OPEN.fullmatch(api[1]) or not self.belongs(api[1], connection, visitor):
                await PlainTextResponse("", status_code=404)(scope, receive, send)
                return
            if api[1] == "upload":
                send = UploadAnswer(send, self.access.owners, visitor.name)
        await self.app(scope, receive, send)

    def belongs(self, name: str, connection: HTTPConnection, visitor: Visitor) -> bool:
        """Whether the file or the page's session that the request names is the visitor's own."""
        if name.startswith("file="):
            return self.access.owners.owns(file_key(name.removeprefix("file=")), visitor.name)
        session = ""
        if name == "queue/data":
            session = connection.query_params.get("session_hash", "")
        elif name.startswith("heartbeat/"):  # its end empties the page's memory
            session = name.removeprefix("heartbeat/")
        return not session or self.access.owners.claim(page_key(session), visitor.name)

    def stranger(self, request: Request) -> Response:
        """What somebody unknown gets: the way to the log-in page, or a plain no."""
        language = language_of(request.url.path)
        t = load_language(language)
        if self.access.mode == "header":
            return PlainTextResponse(t("login.no_proxy"), status_code=403)
        wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if not wants_page or API.match(request.url.path):
            return JSONResponse({"error": t("access.log_in_again"), "detail": "Not authenticated"}, status_code=401)
        if request.headers.get("sec-fetch-site") == "cross-site" and not request.cookies:
            # A link from elsewhere, an e-mail say: the browser keeps the strict cookie back until we ask from here.
            return HTMLResponse(f'<!doctype html><html lang="{language}"><meta http-equiv="refresh" content="0">')
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        keep = f"?next={quote(back, safe='')}" if PAGE.fullmatch(request.url.path) and back not in ("/", "/en/") else ""
        return RedirectResponse(login_path(language) + keep, status_code=303)
