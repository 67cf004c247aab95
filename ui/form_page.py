"""Pages of our own that need no script: one column with a form, in the colours of the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ui.language import LANGUAGES, Language
from ui.page import OWN_FILES

#: Longest form that is read.
MOST_BYTES = 8192

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form. `attributes` are HTML as it stands."""

    name: str
    label: str
    attributes: str


async def read_form(request: Request, names: Sequence[str]) -> dict[str, str] | None:
    """The named fields of a form that was sent; None where it is longer than any of ours."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    form = await request.form(max_files=0, max_fields=8)
    return {name: str(form.get(name, "")) for name in names}


def other_language(t: Language) -> str:
    """The code of the language that the page is not in."""
    return LANGUAGES[1] if t.code == LANGUAGES[0] else LANGUAGES[0]


def note_lines(told: str, error: str) -> str:
    """What happened, read aloud: an error where there is one."""
    if error:
        return f'<p class="error" id="error" role="alert">{escape(error)}</p>'
    return f'<p class="told" role="status">{escape(told)}</p>' if told else ""


def form_lines(action: str, fields: Sequence[Field], button: str, *, hidden: str = "", error: str = "") -> str:
    """A form. `hidden` is HTML as it stands; an error is said to be about every field."""
    described = ' aria-describedby="error" aria-invalid="true"' if error else ""
    inputs = "".join(
        f"""<label for="{one.name}">{escape(one.label)}</label>
<input id="{one.name}" name="{one.name}" required {one.attributes}{described}>
"""
        for one in fields
    )
    return f"""<form method="post" action="{action}">
{inputs}{hidden}
<button type="submit">{escape(button)}</button></form>
"""


def form_page(t: Language, title: str, body: str, other: str, *, status: int = 200) -> HTMLResponse:
    """The whole page around a body of HTML; `other` is its address in the other language.

    With the pages' own rule for referrers the browser would send the form from origin "null", which the shield refuses.
    """
    code = other_language(t)
    html = f"""<!doctype html>
<html lang="{t.code}"><head><meta charset="utf-8"><meta name="referrer" content="same-origin">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{OWN_FILES}/login.css"></head>
<body><main>{body}
<p><a href="{other}" hreflang="{code}" lang="{code}">{escape(t("app.other_language"))}</a></p></main>
</body></html>
"""
    return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})


def form_routes(paths: Mapping[str, str], show: Handler, take: Handler) -> list[Route]:
    """A form's address in every language: shown when it is asked for, taken when it is sent."""
    return [
        route
        for path in paths.values()
        for route in (Route(path, show, methods=["GET"]), Route(path, take, methods=["POST"]))
    ]
