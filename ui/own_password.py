"""Changing one's own password: a page of our own that needs no script, so that password keepers know it."""

from __future__ import annotations

import math
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from analyzer.accounts.own_password import change_own_password
from analyzer.accounts.passwords import LEAST_LENGTH
from analyzer.errors import UsageError
from ui.access import VISITOR, Access, Visitor
from ui.form_page import Field, form_lines, form_page, form_routes, note_lines, other_language, read_form
from ui.language import Language, load_language
from ui.login import HOME, OLD_PASSWORD, give_token
from ui.page import language_of

PASSWORD = {"sv": "/byt-losenord", "en": "/en/change-password"}
NEW_PASSWORD = f'type="password" autocomplete="new-password" minlength="{LEAST_LENGTH}" maxlength="256"'


class PasswordPage:
    """The routes; the gate lets through only who has logged in. Where people are known otherwise they lead home."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def routes(self) -> list[Route]:
        """For the application, before Gradio's."""
        return form_routes(PASSWORD, self.show, self.change)

    async def show(self, request: Request) -> Response:
        """The empty form."""
        code = language_of(request.url.path)
        if self.access.mode != "local":
            return RedirectResponse(HOME[code], status_code=303)
        return page(load_language(code), request.scope[VISITOR])

    async def change(self, request: Request) -> Response:
        """Try what was filled in."""
        code = language_of(request.url.path)
        t, visitor = load_language(code), request.scope[VISITOR]
        if self.access.mode != "local":
            return RedirectResponse(HOME[code], status_code=303)
        form = await read_form(request, ("old", "new", "again"))
        if form is None:
            return PlainTextResponse("", status_code=413)
        if form["new"] != form["again"]:
            return page(t, visitor, error=t("password.unequal"), status=422)
        address = self.access.address_of(request)
        try:
            answer = await run_in_threadpool(
                change_own_password, self.access.sessions, visitor.name, form["old"], form["new"], address
            )
        except UsageError as error:
            return page(t, visitor, error=str(error), status=422)
        if answer.wait:
            seconds = math.ceil(answer.wait)
            refused = page(t, visitor, error=t("login.wait", seconds=seconds), status=429)
            refused.headers["retry-after"] = str(seconds)
            return refused
        if answer.token is None:
            return page(t, visitor, error=t("password.wrong"), status=403)
        changed = page(t, visitor, told=t("password.changed"))
        give_token(changed, answer.token, https=self.access.is_https(request))
        return changed


def page(t: Language, visitor: Visitor, *, told: str = "", error: str = "", status: int = 200) -> HTMLResponse:
    """The form with the first field in focus; once the password is changed only that it is, and the way back."""
    fields = [
        Field("old", t("password.old"), f"{OLD_PASSWORD} autofocus"),
        Field("new", t("password.new"), NEW_PASSWORD),
        Field("again", t("password.again"), NEW_PASSWORD),
    ]
    # Password keepers want to know whose it is.
    whose = f'<input type="hidden" name="name" autocomplete="username" value="{escape(visitor.name)}">'
    form = "" if told else form_lines(PASSWORD[t.code], fields, t("password.change"), hidden=whose, error=error)
    who = escape(t("login.who", name=visitor.name, role=t.name("roles", visitor.role).lower()))
    rules = "" if told else f"<p>{escape(t('password.rules', least=LEAST_LENGTH))}</p>"
    back = f'<p><a href="{HOME[t.code]}">{escape(t("password.back"))}</a></p>'
    body = f"<h1>{escape(t('password.title'))}</h1><p>{who}</p>{rules}{note_lines(told, error)}\n{form}{back}"
    return form_page(t, t("password.title"), body, PASSWORD[other_language(t)], status=status)
