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
from ui.form_page import Field, form_lines, form_page, form_routes, note_lines, other_language, read_form
from ui.language import Language, load_language
from ui.page import OWN_FILES, language_of

LOGIN = {"sv": "/logga-in", "en": "/en/log-in"}
LOGOUT = {"sv": "/logga-ut", "en": "/en/log-out"}
HOME = {"sv": "/", "en": "/en/"}
#: What a stranger may see: these pages and their style.
LOGIN_PATHS = frozenset([*LOGIN.values(), *LOGOUT.values()])
PUBLIC = (f"{OWN_FILES}/",)
#: Attributes of the field for a password that is known.
OLD_PASSWORD = 'type="password" autocomplete="current-password" maxlength="256"'


def login_path(language: str) -> str:
    """Address of the log-in page in this language."""
    return LOGIN[language]


class LoginPages:
    """The routes for logging in and out. Where people are known otherwise they lead to the pages."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def routes(self) -> list[Route]:
        """For the application, before Gradio's."""
        leave = [Route(path, self.leave, methods=["GET", "POST"]) for path in LOGOUT.values()]
        return [*form_routes(LOGIN, self.show, self.enter), *leave]

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
        form = await read_form(request, ("name", "password", "next"))
        if form is None:
            return PlainTextResponse("", status_code=413)
        name, password, target = form.values()
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
        give_token(entered, answer.token, https=self.access.is_https(request))
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


def give_token(answer: Response, token: str, *, https: bool) -> None:
    """Let the browser keep a session's token, where no script and no other site can have it."""
    name = SECURE_COOKIE if https else COOKIE
    answer.set_cookie(name, token, path="/", httponly=True, samesite="strict", secure=https)


def safe_target(target: str, code: str) -> str:
    """Where to go after logging in: a page of ours, never an address elsewhere."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path not in ("/", "/en", "/en/") or "\\" in target or "\n" in target:
        return HOME[code]
    return target


def page(t: Language, back: str, *, name: str = "", told: str = "", error: str = "", status: int = 200) -> HTMLResponse:
    """The form. After an error the password has the focus, else the name."""
    at_name, at_password = ("", " autofocus") if error else (" autofocus", "")
    given = (
        f'value="{escape(name[:64])}" maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false"'
    )
    fields = [
        Field("name", t("login.name"), given + at_name),
        Field("password", t("login.password"), OLD_PASSWORD + at_password),
    ]
    target = f'<input type="hidden" name="next" value="{escape(back)}">'
    form = form_lines(LOGIN[t.code], fields, t("login.enter"), hidden=target, error=error)
    title, intro = escape(t("app.title")), escape(t("app.intro"))
    body = f"<h1>{title}</h1><p>{intro}</p>{note_lines(told, error)}\n{form}"
    return form_page(t, t("login.title"), body, LOGIN[other_language(t)], status=status)
