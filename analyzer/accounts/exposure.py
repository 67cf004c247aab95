"""Whom the interface would be open to, before it is started."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import UsageError
from analyzer.settings import Settings
from analyzer.store.schema import UserRow


def is_this_machine(host: str) -> bool:
    """Whether a server at this address can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_exposure(settings: Settings, host: str, names: Sequence[str]) -> None:
    """Refuse to serve without log-in where others can reach it: at another address, or under names of its own.

    Raises:
        UsageError: it would be so.
    """
    if settings.access != "open":
        return
    reached = next((name for name in (host, *names) if not is_this_machine(name)), None)
    if reached is not None:
        raise UsageError(
            f'Med access = "open" har alla som når {reached} alla rättigheter; sätt access = "local" eller "header" i '
            "styrsignal.toml, eller svara bara på 127.0.0.1."
        )


def advise(sessions: sessionmaker[Session], settings: Settings, host: str) -> None:
    """Say on standard error what is easily forgotten with local accounts."""
    if settings.access != "local":
        return
    with sessions() as session:
        count = session.execute(select(func.count()).select_from(UserRow)).scalar_one()
    if not count:
        print(
            "styrsignal: det finns inga konton; lägg till det första med "
            "styrsignal users add NAMN --role administratör",
            file=sys.stderr,
        )
    if not is_this_machine(host) and not settings.trusted_proxies:
        print(
            "styrsignal: lösenord går okrypterade över nätet; sätt en proxy med https framför och skriv dess adress i "
            "trusted_proxies",
            file=sys.stderr,
        )
