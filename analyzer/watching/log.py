"""Log lines for machines: one JSON object a line with time, level and event. Never a word of a document."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from analyzer.errors import StyrsignalError

FIELDS = "fields"


class JsonLines(logging.Formatter):
    """A record as JSON: `event` is its message, the rest what `tell` was given."""

    def format(self, record: logging.LogRecord) -> str:
        """One line without its end."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, FIELDS, {})
        return json.dumps(line, ensure_ascii=False)


class Log:
    """Writes events to a stream; what other parts of the program log goes the same way."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        self.logger = logging.getLogger("analyzer")
        handler = logging.StreamHandler(stream or sys.stdout)
        handler.setFormatter(JsonLines())
        self.logger.handlers = [handler]
        self.logger.propagate = False
        self.logger.setLevel(logging.WARNING if quiet else logging.INFO)

    def tell(self, event: str, **fields: Any) -> None:
        """Something went as it should."""
        self.logger.info(event, extra={FIELDS: fields})

    def warn(self, event: str, **fields: Any) -> None:
        """Something to look at; the watch goes on."""
        self.logger.warning(event, extra={FIELDS: fields})

    def fail(self, event: str, error: BaseException, **fields: Any) -> None:
        """An error. Only our own sentences are told: a library's message may quote what it choked on."""
        told = str(error) if isinstance(error, StyrsignalError) else type(error).__name__
        self.logger.error(event, extra={FIELDS: {"error": told, "at": place_of(error), **fields}})


def place_of(error: BaseException) -> str:
    """File and line where the error was raised, the innermost that is ours."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        places.append((Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno))
        trace = trace.tb_next
    ours = [(path, line) for path, line in places if "analyzer" in path.parts]
    return "{0[0].name}:{0[1]}".format((ours or places or [(Path("?"), 0)])[-1])
