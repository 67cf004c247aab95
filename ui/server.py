"""The server that pages come from, and its end: quiet, and within seconds whatever pages are open.

A page keeps a stream open for as long as it is shown, so that a server which waits for its streams would not end. Other
requests are given `PATIENCE` seconds to finish. Then all are hung up, as if the browsers had gone; what does not hear
that either, a long answer in the making, is cut off.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from analyzer.errors import UsageError

#: Seconds for requests that are being answered, for those that were hung up, and for threads at work when all is over.
PATIENCE, LAST_WORDS, THREADS = 1, 2, 5


class Ending(logging.Filter):
    """Lets no log tell of requests that were cut off because the server ends."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be told."""
        cut_off = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
        return not cut_off and not record.getMessage().startswith("Cancel ")


class Server(uvicorn.Server):
    """Ends when it is told to, by Ctrl+C or SIGTERM, and takes that as the usual end of a command."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end. Said twice it goes no faster: what runs must be stopped and removed."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what has been asked, hang up, and stop what the application has started."""
        logging.getLogger("uvicorn.error").addFilter(Ending())
        asyncio.get_running_loop().call_later(PATIENCE, self.hang_up)
        await super().shutdown(sockets)

    def hang_up(self) -> None:
        """Break off what is still connected."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def open_port(host: str, port: int) -> socket.socket:
    """A socket at the address, before anything that takes long is done.

    Raises:
        UsageError: the port is taken or not ours to take, or there is no such address here.
    """
    opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError as error:
        opened.close()
        raise UsageError(
            f"Port {port} på {host} går inte att använda ({error.strerror}); välj en annan med --port eller --host."
        ) from error
    return opened


def run_server(application: ASGIApp, opened: socket.socket) -> None:
    """Serve at the socket until told to end."""
    config = uvicorn.Config(
        application,
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # whom to believe is our setting: trusted_proxies
        timeout_graceful_shutdown=PATIENCE + LAST_WORDS,
    )
    Server(config).run([opened])
    # Python waits for threads at its end, and one may be at work on an answer that nobody awaits.
    late = threading.Timer(THREADS, os._exit, [0])
    late.daemon = True
    late.start()
