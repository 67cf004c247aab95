"""Gradio's pages with two things added: rights are looked at before anything of a request is read, and a file is given
to nobody but the person who brought it or asked for it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import gradio as gr

from ui.access import VISITOR, Guarding, Visitor, right_of
from ui.owners import file_key, file_paths

#: The person whose request is being answered.
ASKING: ContextVar[Visitor | None] = ContextVar("asking", default=None)


class GuardedBlocks(gr.Blocks):
    """Blocks that look at who calls a handler, and at the files that go in and out of it."""

    house: Guarding

    async def process_api(self, block_fn: Any, inputs: list[Any], *args: Any, **options: Any) -> dict[str, Any]:
        """Run a handler, unless the person may not, or hands over another's file or an address to fetch one from.

        The handler's own guard looks again, and at the store: a session may have ended while its request stood in line.
        """
        requests = options.get("request")
        visitor = visitor_of(requests[0] if isinstance(requests, list) else requests)
        handler = self.fns[block_fn].fn if isinstance(block_fn, int) else block_fn.fn
        if visitor is None or not visitor.may(right_of(handler)):
            raise self.house.refusal(visitor)
        if not all(self.house.access.owners.owns(file_key(path), visitor.name) for path in file_paths(inputs)):
            raise self.house.refusal(None)
        token = ASKING.set(visitor)
        try:
            return await super().process_api(block_fn, inputs, *args, **options)
        finally:
            ASKING.reset(token)

    async def postprocess_data(self, *args: Any, **options: Any) -> list[Any]:
        """What goes to the browser; its files are from now on (also) the asking person's."""
        data = await super().postprocess_data(*args, **options)
        visitor = ASKING.get()
        if visitor is not None:
            for path in file_paths(data):
                self.house.access.owners.add(file_key(path), visitor.name)
        return data


def visitor_of(request: gr.Request | None) -> Visitor | None:
    """The person whom the gate has found behind the request."""
    return request.request.scope.get(VISITOR) if request is not None and request.request is not None else None
