"""One chat server behind an OpenAI-compatible address. No other host is ever asked: no proxy, no redirect."""

from __future__ import annotations

import json
import ssl
from typing import Any

import httpx

from analyzer.errors import UsageError
from analyzer.second_reader.chat_answer import Question

LARGEST_REPLY = 1 << 20
LAST_PORT = 65_535
DONE = 200
#: Statuses by which servers refuse a `response_format` that they do not know, 500 among them.
SCHEMA_REFUSED = {400, 415, 422, 500, 501}
#: Statuses that no further question will change: the key, or the address or model, is wrong.
HOPELESS = {401, 403, 404}


class NoAnswer(Exception):
    """A question stays unanswered. `cause` is one of the prompt file's causes."""

    def __init__(self, cause: str, *, hopeless: bool = False) -> None:
        super().__init__(cause)
        self.cause = cause
        self.hopeless = hopeless


class ChatServer:
    """Asks questions at `address` (up to and with `/v1`); the key goes into a header there and nowhere else."""

    def __init__(self, address: str, key: str | None = None) -> None:
        """Raises UsageError when the address or the key cannot be used; nothing is asked yet."""
        base = check_address(address)
        self.host = base.netloc.decode("ascii")
        self._url = base.copy_with(raw_path=base.raw_path.rstrip(b"/") + b"/chat/completions")
        self._headers = {
            "Content-Type": "application/json",
            # Unpacked data has no bound.
            "Accept-Encoding": "identity",
            "User-Agent": "styrsignal",
        }
        if key:
            if not key.isascii() or not key.isprintable():
                raise UsageError("STYRSIGNAL_CHAT_KEY innehåller otillåtna tecken; ange nyckeln på en enda rad.")
            self._headers["Authorization"] = f"Bearer {key}"
        #: Whether the server takes an answer's schema; None until it has shown it.
        self._takes_schema: bool | None = None

    def open_client(self) -> httpx.AsyncClient:
        """A client without time limits of its own: they would hold for each read, not for the answer."""
        # The system's certificates, not those of a Python package: networks of one's own have issuers of their own.
        verify = ssl.create_default_context()
        return httpx.AsyncClient(
            headers=self._headers, verify=verify, trust_env=False, follow_redirects=False, timeout=None
        )

    async def ask(self, client: httpx.AsyncClient, question: Question) -> str:
        """The text of the model's answer. Raises NoAnswer."""
        try:
            status, data = await self._post_question(client, question)
        except (httpx.HTTPError, OSError, UnicodeError) as error:
            raise NoAnswer("unreachable") from error
        if status != DONE:
            raise NoAnswer("refused", hopeless=status in HOPELESS)
        return read_content(data)

    async def _post_question(self, client: httpx.AsyncClient, question: Question) -> tuple[int, bytes]:
        plain = self._takes_schema is False
        status, data = await self._post(client, question.plain_body if plain else question.body)
        if status == DONE and not plain:
            self._takes_schema = True
        elif status in SCHEMA_REFUSED and self._takes_schema is None:
            status, data = await self._post(client, question.plain_body)
            if status == DONE:
                self._takes_schema = False
        return status, data

    async def _post(self, client: httpx.AsyncClient, body: bytes) -> tuple[int, bytes]:
        data = bytearray()
        async with client.stream("POST", self._url, content=body) as response:
            if response.status_code == DONE:
                async for chunk in response.aiter_raw():
                    data += chunk
                    if len(data) > LARGEST_REPLY:
                        raise NoAnswer("unreadable")
        return response.status_code, bytes(data)


def check_address(address: str) -> httpx.URL:
    """The address as a URL. Raises UsageError unless it is http(s) to a host, with nothing but a path after it."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL("")
    whole = url.scheme in ("http", "https") and url.host and (url.port is None or 0 < url.port <= LAST_PORT)
    # An address with a password in it would end up in logs.
    if not whole or url.userinfo or url.query or url.fragment:
        raise UsageError(
            "chat_address ska vara en adress som http://10.0.0.5:8000/v1, utan lösenord; nyckeln anges i "
            "miljövariabeln STYRSIGNAL_CHAT_KEY."
        )
    return url


def read_content(data: bytes) -> str:
    """The message of the first choice. Raises NoAnswer when the reply holds none."""
    try:
        reply: Any = json.loads(data)
        content = reply["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise NoAnswer("unreadable") from error
    if not isinstance(content, str):
        raise NoAnswer("unreadable")
    return content
