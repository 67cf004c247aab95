"""What every answer carries and every request must pass, before Gradio sees it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Names by which a browser on this machine may call the server. Any other name in `Host` is a page elsewhere
#: that has pointed its own name here (DNS rebinding).
LOOPBACK = ("127.0.0.1", "localhost", "::1")

#: Scripts come from us as files, or inline with the answer's nonce: no eval, no inline handlers. Styles need
#: 'unsafe-inline' because Svelte and Plotly set them on elements; fonts and images are ours or data.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self' blob:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
#: What Gradio serves whatever it is told: a description of its inside, of use only to programs.
CLOSED = ("/openapi.json",)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SCRIPT_TAG = re.compile(r"<script\b(?![^>]*\bnonce=)")

#: Rewrites a page's HTML for the path it was asked under.
PageEditor = Callable[[str, str], str]


class Shield:
    """ASGI middleware: checks host and origin, sets the headers, gives a page's inline scripts their nonce."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], edit_page: PageEditor) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.edit_page = edit_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to strangers, else pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(16)
        if not self.allows(scope["method"], headers):
            refusal = PlainTextResponse("Begäran kommer från en annan adress och utförs inte.", status_code=403)
            await refusal(scope, receive, Answer(send, nonce, None))
            return
        if scope["path"].endswith(CLOSED):
            await PlainTextResponse("", status_code=404)(scope, receive, Answer(send, nonce, None))
            return
        editor = None
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            # The page is edited, so it must come uncompressed.
            scope = {**scope, "headers": [item for item in scope["headers"] if item[0] != b"accept-encoding"]}
            path = scope["path"]
            editor = lambda html: add_nonce(self.edit_page(html, path), nonce)  # noqa: E731
        await self.app(scope, receive, Answer(send, nonce, editor))

    def allows(self, method: str, headers: Headers) -> bool:
        """Known host; and for what may change something, an origin that is this very server.

        A browser names the origin of every POST; a program that is no browser has no visitor's rights to abuse.
        """
        host = headers.get("host", "").lower()
        if "*" not in self.hosts and host_name(host) not in self.hosts:
            return False
        if method in SAFE_METHODS:
            return True
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc.lower() == host


def host_name(host: str) -> str:
    """A `Host` header without its port and brackets."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def add_nonce(html: str, nonce: str) -> str:
    """Give every script tag of our own page the nonce. Data inside scripts is JSON with "<" escaped."""
    return SCRIPT_TAG.sub(f'<script nonce="{nonce}"', html)


class Answer:
    """Sends an answer on with the headers set; a page is held back until it is whole, then edited."""

    def __init__(self, send: Send, nonce: str, editor: Callable[[str], str] | None) -> None:
        self.send = send
        self.nonce = nonce
        self.editor = editor
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in HEADERS.items():
                headers[name] = value
            headers["content-security-policy"] = POLICY.format(nonce=self.nonce)
            for name in list(headers):
                if name.startswith("access-control-"):
                    del headers[name]
            if self.editor and headers.get("content-type", "").startswith("text/html"):
                headers["cache-control"] = "no-store"
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            if message.get("more_body"):
                return
            await self.send_page()
            return
        await self.send(message)

    async def send_page(self) -> None:
        """The held page, edited."""
        assert self.start is not None and self.editor is not None
        body = self.editor(self.body.decode("utf-8")).encode("utf-8")
        MutableHeaders(raw=self.start["headers"])["content-length"] = str(len(body))
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": body})
