"""A chat server of the tests' own on loopback, whose every reply a test decides, and readers and pairs for it."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from analyzer.records import Frame, Side
from analyzer.second_reader.chat import ChatReader
from analyzer.second_reader.chat_server import ChatServer


class Asked(BaseHTTPRequestHandler):
    """One request. A behaviour answers it with `say`, `reply` or by writing to `wfile` itself."""

    server: ChatHTTPServer
    body: dict[str, Any]

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append(Call(self.path, dict(self.headers), self.body))
        try:
            self.server.behaviour(self)
        # The client has hung up, as it should on a server that dawdles.
        except OSError:
            self.close_connection = True

    def pair(self) -> dict[str, Any]:
        """The pair that the question holds as data."""
        content = self.body["messages"][-1]["content"]
        return json.loads(content[content.index("{") : content.rindex("}") + 1])

    def reply(self, data: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def say(self, content: Any) -> None:
        """A reply in the OpenAI-compatible form whose message is `content`."""
        self.reply(
            json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]}).encode()
        )

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


Behaviour = Callable[[Asked], None]


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class ChatHTTPServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.behaviour = behaviour
        self.calls: list[Call] = []

    def handle_error(self, *_: Any) -> None:
        """A client that refuses our certificate is no matter for the tests' output."""


@dataclass
class Chat:
    """A running server: its address up to `/v1`, and what it was asked."""

    address: str
    calls: list[Call] = field(default_factory=list)


@contextmanager
def serving(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Chat]:
    with ChatHTTPServer(behaviour) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield Chat(f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}/v1", server.calls)
        finally:
            server.shutdown()
            thread.join()


def side(text: str, **known: Any) -> Side:
    return Side(text, Frame(), **known)


OPEN = side("Receptionen i Ekhaga ska hållas öppen varje vardag.", document="Plan för Ekhaga", level="local")
SHUT = side("Receptionen i Ekhaga ska vara stängd alla vardagar.")
OTHER = side("Hundförarna ska årligen genomföra ett prov i mörkerspår.")
CONFLICT = {
    "evidence_a": "ska hållas öppen",
    "evidence_b": "ska vara stängd",
    "reason": "Samma reception ska vara både öppen och stängd.",
    "type": "contradiction",
    "grade": 2,
    "probability": 0.9,
}
NONE = {
    "evidence_a": None,
    "evidence_b": None,
    "reason": "Olika saker.",
    "type": "none",
    "grade": 0,
    "probability": 0.1,
}


def judge_well(asked: Asked) -> None:
    """Open against shut is a conflict, all else is none."""
    pair = asked.pair()
    texts = pair["a"]["text"], pair["b"]["text"]
    if OPEN.text in texts and SHUT.text in texts:
        swapped = texts[0] == SHUT.text
        quotes = (CONFLICT["evidence_a"], CONFLICT["evidence_b"])[:: -1 if swapped else 1]
        asked.say(json.dumps(CONFLICT | {"evidence_a": quotes[0], "evidence_b": quotes[1]}, ensure_ascii=False))
    else:
        asked.say(json.dumps(NONE))


def saying(content: Any) -> Behaviour:
    return lambda asked: asked.say(content)


def make_reader(address: str, folder: Path, **limits: Any) -> ChatReader:
    limits = {"seconds": 5.0, "total_seconds": 30.0, "pairs": 50} | limits
    return ChatReader(ChatServer(address, limits.pop("key", None)), "test-model", folder / "chat.db", **limits)


def many(count: int) -> list[tuple[Side, Side]]:
    return [(side(f"Enheten ska genomföra {number} kontroller."), OTHER) for number in range(count)]
