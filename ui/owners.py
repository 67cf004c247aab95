"""Whose the things are that Gradio itself would give to anybody who can name them: files and page sessions."""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from starlette.types import Message, Send

#: More things than this and the oldest are forgotten, which only means that they can no longer be had.
MOST = 100_000


class Owners:
    """Names of people by thing. A thing may have several: Gradio names a file after what is in it."""

    def __init__(self) -> None:
        self.names: OrderedDict[str, set[str]] = OrderedDict()
        self.lock = threading.Lock()

    def add(self, thing: str, name: str) -> None:
        """The thing is this person's (too)."""
        with self.lock:
            self.names.setdefault(thing, set()).add(name)
            self.names.move_to_end(thing)
            while len(self.names) > MOST:
                self.names.popitem(last=False)

    def owns(self, thing: str, name: str) -> bool:
        """Whether the thing is this person's."""
        with self.lock:
            return name in self.names.get(thing, ())

    def claim(self, thing: str, name: str) -> bool:
        """The thing becomes this person's where it is nobody's yet. Returns whether it is theirs now."""
        with self.lock:
            known = self.names.get(thing)
        if known is None:
            self.add(thing, name)
        return self.owns(thing, name)


def file_key(path: str) -> str:
    """The name of a file among the things; the same file has one name whichever way it is written."""
    return f"file:{os.path.realpath(path)}"


def page_key(session_hash: str) -> str:
    """The name of a page's session, which each loading of a page makes up anew."""
    return f"page:{session_hash}"


def file_paths(value: Any) -> Iterator[str]:
    """The paths of all files that a value of Gradio's holds."""
    if isinstance(value, dict):
        if isinstance(value.get("path"), str):
            yield value["path"]
        for part in value.values():
            yield from file_paths(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from file_paths(part)
    elif hasattr(value, "model_dump"):
        yield from file_paths(value.model_dump())


class UploadAnswer:
    """Sends Gradio's answer to an upload on, and notes whose the files are that it names."""

    def __init__(self, send: Send, owners: Owners, name: str) -> None:
        self.send = send
        self.owners = owners
        self.name = name
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                for path in read_paths(self.body):
                    self.owners.add(file_key(path), self.name)
        await self.send(message)


def read_paths(body: bytes) -> list[str]:
    """The paths in an answer to an upload; none where it tells of an error."""
    try:
        paths = json.loads(body)
    except ValueError:
        return []
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
