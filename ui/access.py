"""Who is asking, and whether they may: every handler of every page passes here before it runs."""

from __future__ import annotations

import functools
import inspect
import ipaddress
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import gradio as gr
from gradio.utils import get_type_hints
from sqlalchemy.orm import Session, sessionmaker
from starlette.requests import HTTPConnection

from analyzer.accounts.logins import Lifetime, user_of
from analyzer.accounts.roles import ROLES, may, read_role
from analyzer.errors import UsageError
from analyzer.settings import Settings
from ui.owners import Owners, page_key

#: Handler (class and name) → right. What is not here nobody but an administrator may call.
HANDLER_RIGHTS: dict[str, str] = tomllib.loads((Path(__file__).parent / "rights.toml").read_text(encoding="utf-8"))
UNLISTED = "manage_users"
#: Where the gate leaves the visitor in a request's scope.
VISITOR = "styrsignal.visitor"
COOKIE = "styrsignal"
#: Browsers send it only over https, and take it only from the very host, whole.
SECURE_COOKIE = "__Host-styrsignal"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person at a browser."""

    name: str
    role: str

    def may(self, right: str) -> bool:
        """Whether the person's role has the right."""
        return may(self.role, right)


#: The person for whom a handler is running now.
ACTING: ContextVar[Visitor | None] = ContextVar("acting", default=None)


class Access:
    """Tells who a request comes from, in one of the three ways that the settings know.

    Raises:
        UsageError: the settings for a proxy are incomplete or not addresses.
    """

    def __init__(self, sessions: sessionmaker[Session], settings: Settings) -> None:
        self.sessions = sessions
        self.settings = settings
        self.mode = settings.access
        self.lifetime = Lifetime(
            timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
        )
        self.owners = Owners()
        self.proxies = read_networks(settings.trusted_proxies)
        self.groups = {group: read_role(role) for group, role in settings.role_groups.items()}
        if self.mode == "header" and not self.proxies:
            raise UsageError(
                'Med access = "header" behövs trusted_proxies: proxyns adress, till exempel ["127.0.0.1"].'
            )

    def identify(self, connection: HTTPConnection | None) -> Visitor | None:
        """The person behind a request, None for strangers."""
        if self.mode == "open":
            return Visitor(self.settings.reviewer, "administrator")
        if connection is None:
            return None
        return self.by_header(connection) if self.mode == "header" else self.by_session(connection)

    def by_session(self, connection: HTTPConnection) -> Visitor | None:
        """The person who logged in with this browser."""
        token = self.token_of(connection)
        user = user_of(self.sessions, token, self.lifetime) if token else None
        return Visitor(user.name, user.role) if user else None

    def token_of(self, connection: HTTPConnection) -> str | None:
        """The token in the cookie that fits the way the browser came."""
        return connection.cookies.get(SECURE_COOKIE if self.is_https(connection) else COOKIE)

    def by_header(self, connection: HTTPConnection) -> Visitor | None:
        """The person whom the proxy names, with the most that one of the named groups may."""
        if not self.from_proxy(connection):
            return None
        names = connection.headers.getlist(self.settings.user_header)
        # Two headers of the same name: one of them is not the proxy's.
        name = names[0].strip() if len(names) == 1 else ""
        groups = split_list(connection.headers.getlist(self.settings.role_header))
        roles = [role for role in map(self.role_of_group, groups) if role]
        return Visitor(name, max(roles, key=ROLES.index)) if name and roles else None

    def role_of_group(self, group: str) -> str | None:
        """The role that a group of the proxy's stands for."""
        if self.groups:
            return self.groups.get(group)
        try:
            return read_role(group)
        except UsageError:
            return None

    def from_proxy(self, connection: HTTPConnection) -> bool:
        """Whether the request comes straight from a proxy whose headers are believed."""
        return self.is_proxy(connection.client.host if connection.client else "")

    def is_proxy(self, address: str) -> bool:
        """Whether this is the address of a trusted proxy."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.proxies)

    def address_of(self, connection: HTTPConnection) -> str:
        """Where the request comes from: behind trusted proxies the last address that is none of them."""
        address = connection.client.host if connection.client else ""
        hops = [
            hop.strip() for hop in ",".join(connection.headers.getlist("x-forwarded-for")).split(",") if hop.strip()
        ]
        while hops and self.is_proxy(address):
            address = hops.pop()
        return address[:64]

    def is_https(self, connection: HTTPConnection) -> bool:
        """Whether the browser came by https, as far as a trusted proxy or we can tell."""
        if self.from_proxy(connection) and "x-forwarded-proto" in connection.headers:
            return connection.headers["x-forwarded-proto"].strip().lower() == "https"
        return connection.url.scheme == "https"


def read_networks(texts: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks as the settings give them."""
    try:
        return [ipaddress.ip_network(text.strip(), strict=False) for text in texts]
    except ValueError as error:
        raise UsageError(f"trusted_proxies går inte att använda ({error}); skriv adresser eller nät.") from error


def split_list(values: Sequence[str]) -> list[str]:
    """The items of a header that holds a list, in one line or several."""
    return [item.strip() for item in ",".join(values).split(",") if item.strip()]


@contextmanager
def acting(visitor: Visitor | None) -> Iterator[None]:
    """Run what follows as this person."""
    token = ACTING.set(visitor)
    try:
        yield
    finally:
        ACTING.reset(token)


class Guarding(Protocol):
    """What the guard needs of the house."""

    @property
    def access(self) -> Access:
        """How people are known."""

    def refusal(self, visitor: Visitor | None) -> gr.Error:
        """What somebody without the right is told."""


def guarded(house: Guarding, right: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler behind a check of the request's own session, made each time that it runs.

    It takes the request as a first argument of its own, which Gradio fills in; other callers hand one over.

    Raises:
        KeyError: there is no such right.
    """
    may("reader", right)

    def enter(request: gr.Request | None) -> Visitor:
        visitor = house.access.identify(request.request if request is not None else None)
        if visitor is None or not visitor.may(right):
            raise house.refusal(visitor)
        page = request.session_hash if request is not None else None
        if page and not house.access.owners.claim(page_key(page), visitor.name):
            raise house.refusal(None)  # what another person's page has in memory
        return visitor

    if inspect.isgeneratorfunction(handler):

        def guard(request_of_visitor: gr.Request | None, *values: Any) -> Any:
            visitor = enter(request_of_visitor)
            steps = handler(*values)
            while True:
                # Gradio may take each step in another thread, so the person is set anew for each.
                with acting(visitor):
                    try:
                        step = next(steps)
                    except StopIteration:
                        return
                yield step
    else:

        def guard(request_of_visitor: gr.Request | None, *values: Any) -> Any:
            with acting(enter(request_of_visitor)):
                return handler(*values)

    return dressed(guard, handler, right)


def dressed(guard: Callable[..., Any], handler: Callable[..., Any], right: str) -> Callable[..., Any]:
    """The guard with the handler's name and parameters: Gradio reads from them what else to hand over."""
    functools.update_wrapper(guard, handler, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
    first = inspect.Parameter("request_of_visitor", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    guard.__annotations__ = {**get_type_hints(handler), "request_of_visitor": gr.Request}
    guard.__signature__ = inspect.Signature([first, *inspect.signature(handler).parameters.values()])  # type: ignore[attr-defined]
    guard.__dict__["right"] = right
    return guard


def right_of(handler: Callable[..., Any] | None) -> str:
    """The right that a guarded handler asks for."""
    return getattr(handler, "right", UNLISTED)


def name_of(handler: Callable[..., Any]) -> str:
    """Class and name of a handler, also of one that a method has made: `ReviewPage.deciding`.

    A lambda keeps its whole name, so that it cannot pass for the method in which it stands.
    """
    name: str = getattr(handler, "__qualname__", "")
    return name if "<lambda>" in name else name.split(".<locals>")[0]


def guard_all(house: Guarding, pages: gr.Blocks) -> None:
    """Put every handler of the pages behind the right that `rights.toml` names for it."""
    for event in pages.fns.values():
        if event.fn is not None:
            event.fn = guarded(house, HANDLER_RIGHTS.get(name_of(event.fn), UNLISTED), event.fn)
