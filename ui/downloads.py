"""Files made for one person to fetch. They are kept in memory, never on the disk, and only for a while."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from analyzer.reports.rendering import MEDIA
from ui.access import VISITOR, Visitor

PATH = "/hamta"
#: Seconds that a file can be fetched, and how many of one person's are kept; the oldest go.
LIFETIME, MOST_EACH = 3600, 12
NOT_IN_NAMES = re.compile(r"[^\w .()-]+")
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Download:
    """A file, made when it is fetched."""

    owner: str
    name: str
    format_: str
    make: Callable[[], bytes]
    since: float


class Downloads:
    """The files of all people, by a token that nobody can guess; the owner alone gets them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.kept: OrderedDict[str, Download] = OrderedDict()

    def offer(self, owner: str, name: str, format_: str, make: Callable[[], bytes]) -> str:
        """Keep a file for its owner. Returns the address under which it is fetched."""
        token = secrets.token_urlsafe(24)
        tidy = " ".join(NOT_IN_NAMES.sub(" ", name).split())[:LONGEST_NAME].strip() or "styrsignal"
        with self.lock:
            self.kept[token] = Download(owner, f"{tidy}.{format_}", format_, make, self.clock())
            self.forget_old()
            own = [key for key, one in self.kept.items() if one.owner == owner]
            for key in own[:-MOST_EACH]:
                del self.kept[key]
        return f"{PATH}/{token}"

    def forget_old(self) -> None:
        """Drop what nobody has fetched in time; the lock is held."""
        limit = self.clock() - LIFETIME
        for key in [key for key, one in self.kept.items() if one.since < limit]:
            del self.kept[key]

    def find(self, token: str, visitor: Visitor | None) -> Download | None:
        """The visitor's own file; None for all others."""
        with self.lock:
            self.forget_old()
            found = self.kept.get(token)
        return found if found is not None and visitor is not None and found.owner == visitor.name else None

    async def answer(self, request: Request) -> Response:
        """Send the file, to be saved and not shown."""
        found = self.find(request.path_params["token"], request.scope.get(VISITOR))
        if found is None:
            return PlainTextResponse("Filen finns inte längre. Skapa den igen.", status_code=404)
        content = await run_in_threadpool(found.make)
        headers = {
            "content-disposition": f"attachment; filename*=utf-8''{quote(found.name)}",
            "cache-control": "no-store",
        }
        return Response(content, media_type=MEDIA[found.format_], headers=headers)

    def route(self) -> Route:
        """Where files are fetched."""
        return Route(f"{PATH}/{{token}}", self.answer, methods=["GET"])
