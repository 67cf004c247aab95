"""The log-in page and logging out: pages of our own that need no script."""

from __future__ import annotations

import math
from html import escape
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from analyzer.accounts.logins import log_in, log_out
from ui.access import COOKIE, SECURE_COOKIE, Access
from ui.language import LANGUAGES, Language, load_language
from ui.page import OWN_FILES, language_of

LOGIN = {"sv": "/logga-in", "en": "/en/log-in"}
LOGOUT = {"sv": "/logga-ut", "en": "/en/log-out"}
HOME = {"sv": "/", "en": "/en/"}
#: What a stranger may see: these pages and their style.
LOGIN_PATHS = frozenset([*LOGIN.values(), *LOGOUT.values()])
PUBLIC = (f"{OWN_FILES}/",)
#: Longest form that is read.
MOST_BYTES = 8192


def login_path(language: str) -> str:
    """Address of the log-in page in this language."""
    return LOGIN[language]


class LoginPages:
    """The routes for logging in and out. Where people are known otherwise they lead to the pages."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def routes(self) -> list[Route]:
        """For the application, before Gradio's."""
        return [
            route
            for code in LANGUAGES
            for route in (
                Route(LOGIN[code], self.show, methods=["GET"]),
                Route(LOGIN[code], self.enter, methods=["POST"]),
                Route(LOGOUT[code], self.leave, methods=["GET", "POST"]),
            )
        ]

    async def show(self, request: Request) -> Response:
        """The empty form."""
        code = language_of(request.url.path)
        back = safe_target(request.query_params.get("next", ""), code)
        visitor = await run_in_threadpool(self.access.identify, request)
        if self.access.mode != "local" or visitor is not None:
            return RedirectResponse(back, status_code=303)
        t = load_language(code)
        return page(t, back, told=t("login.left") if "left" in request.query_params else "")

    async def enter(self, request: Request) -> Response:
        """Try what was filled in."""
        code = language_of(request.url.path)
        t = load_language(code)
        if self.access.mode != "local":
            return RedirectResponse(HOME[code], status_code=303)
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return PlainTextResponse("", status_code=413)
        form = await request.form(max_files=0, max_fields=8)
        name, password, target = (str(form.get(field, "")) for field in ("name", "password", "next"))
        back = safe_target(target, code)
        address = self.access.address_of(request)
        answer = await run_in_threadpool(log_in, self.access.sessions, name, password, address)
        if answer.wait:
            seconds = math.ceil(answer.wait)
            refused = page(t, back, name=name, error=t("login.wait", seconds=seconds), status=429)
            refused.headers["retry-after"] = str(seconds)
            return refused
        if answer.token is None:
            return page(t, back, name=name, error=t("login.wrong"), status=401)
        await run_in_threadpool(self.end_session, request)  # one browser, one session
        entered = RedirectResponse(back, status_code=303)
        https = self.access.is_https(request)
        entered.set_cookie(
            SECURE_COOKIE if https else COOKIE, answer.token, path="/", httponly=True, samesite="strict", secure=https
        )
        return entered

    async def leave(self, request: Request) -> Response:
        """End the session. Only a click on a page of ours does: a picture or a frame somewhere does not."""
        code = language_of(request.url.path)
        if request.headers.get("sec-fetch-dest", "document") == "document":
            await run_in_threadpool(self.end_session, request)
        left = RedirectResponse(f"{LOGIN[code]}?left=1", status_code=303)
        for cookie in (COOKIE, SECURE_COOKIE):
            left.delete_cookie(cookie, path="/", httponly=True, samesite="strict", secure=cookie == SECURE_COOKIE)
        return left

    def end_session(self, request: Request) -> None:
        """End the session that the browser has now, if any."""
        token = self.access.token_of(request)
        if token:
            log_out(self.access.sessions, token, self.access.lifetime)


def safe_target(target: str, code: str) -> str:
    """Where to go after logging in: a page of ours, never an address elsewhere."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path not in ("/", "/en", "/en/") or "\\" in target or "\n" in target:
        return HOME[code]
    return target


def page(t: Language, back: str, *, name: str = "", told: str = "", error: str = "", status: int = 200) -> HTMLResponse:
    """The form. After an error the password has the focus, else the name.

    With the pages' own rule for referrers the browser would send the form from origin "null", which the shield refuses.
    """
    other = LANGUAGES[1] if t.code == LANGUAGES[0] else LANGUAGES[0]
    note = f'<p class="told" role="status">{escape(told)}</p>' if told else ""
    if error:
        note = f'<p class="error" id="error" role="alert">{escape(error)}</p>'
    described = ' aria-describedby="error" aria-invalid="true"' if error else ""
    at_name, at_password = ("", " autofocus") if error else (" autofocus", "")
    html = f"""<!doctype html>
<html lang="{t.code}"><head><meta charset="utf-8"><meta name="referrer" content="same-origin">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(t("login.title"))}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{OWN_FILES}/login.css"></head>
<body><main><h1>{escape(t("app.title"))}</h1><p>{escape(t("app.intro"))}</p>{note}
<form method="post" action="{LOGIN[t.code]}">
<label for="name">{escape(t("login.name"))}</label>
<input id="name" name="name" value="{escape(name[:64])}" autocomplete="username" autocapitalize="none"
 spellcheck="false" required maxlength="64"{described}{at_name}>
<label for="password">{escape(t("login.password"))}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="256"{described}{at_password}>
<input type="hidden" name="next" value="{escape(back)}">
<button type="submit">{escape(t("login.enter"))}</button></form>
<p><a href="{LOGIN[other]}" hreflang="{other}" lang="{other}">{escape(t("app.other_language"))}</a></p></main>
</body></html>
"""
    return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})
