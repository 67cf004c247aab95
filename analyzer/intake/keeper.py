"""The small process that forks one throw-away reader for each file and watches over it.

It holds no models and no threads, so that a fork is cheap and safe. It reads requests on standard input and
writes frames on standard output: `{"i", "document"}` or `{"i", "skipped"}` for each result, then `{"end": outcome}`
with the outcome `ok`, `timeout`, `memory` or `damaged`.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

from analyzer.errors import ReadError
from analyzer.records import Document, Skipped

from .codec import pack_document, read_frame, split_frames, write_frame
from .documents import read_document
from .formats import is_records
from .jsonlines import read_records
from .limits import MIB, ReadLimits
from .reasons import skip
from .sandbox import confine

_EXIT_MEMORY = 86
_CHUNK = 1 << 16
#: A reader that was killed by its own code while this full did not find the memory that it needed.
_FULL = 0.8


def read_source(request: dict[str, Any]) -> Any:
    """(index, result) of everything in the file that the request names. Raises nothing but MemoryError."""
    limits = ReadLimits(**request["limits"])
    path, source, key = Path(os.fsdecode(bytes.fromhex(request["path"]))), request["source"], request["key"]
    try:
        if is_records(source):
            yield from read_records(
                path, source=source, key=key, limits=limits, start=request["start"], step=request["step"]
            )
            return
        if path.stat().st_size > limits.file_bytes:
            yield 0, skip(source, "too_large", "size", limit=limits.file_bytes // MIB)
            return
        yield 0, read_document(source, path.read_bytes(), key=key, limits=limits)
    except ReadError as error:
        yield 0, Skipped(source, error.code, str(error))
    except OSError:
        yield 0, skip(source, "unreadable")
    except RecursionError:
        yield 0, skip(source, "damaged")


def _run_reader(request: dict[str, Any], out: int) -> None:
    """The forked reader's whole life."""
    status = 1
    try:
        confine(ReadLimits(**request["limits"]))
        with os.fdopen(out, "wb") as stream:
            for index, result in read_source(request):
                if isinstance(result, Document):
                    write_frame(stream, {"i": index, "document": pack_document(result)})
                else:
                    write_frame(stream, {"i": index, "skipped": [result.source, result.code, result.reason]})
        status = 0
    except MemoryError:
        status = _EXIT_MEMORY
    finally:
        os._exit(status)


def _watch(request: dict[str, Any], out: BinaryIO) -> None:
    """Forks a reader, passes its whole frames on, and ends it when it is silent for too long."""
    limits = ReadLimits(**request["limits"])
    source, sink = os.pipe()
    reader = os.fork()
    if reader == 0:
        os.close(source)
        _run_reader(request, sink)
    os.close(sink)
    buffer = bytearray()
    timed_out = False
    deadline = time.monotonic() + limits.seconds
    while True:
        ready, _, _ = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            timed_out = True
            os.kill(reader, signal.SIGKILL)
            break
        chunk = os.read(source, _CHUNK)
        if not chunk:
            break
        buffer += chunk
        for frame in split_frames(buffer):
            out.write(frame)
            out.flush()
            # The clock starts anew with each record, after the taker has had its time.
            deadline = time.monotonic() + limits.seconds
    os.close(source)
    _, status, usage = os.wait4(reader, 0)
    full = usage.ru_maxrss * 1024 > _FULL * limits.memory_bytes
    out_of_memory = os.waitstatus_to_exitcode(status) == _EXIT_MEMORY or (status != 0 and full)
    outcome = "timeout" if timed_out else "memory" if out_of_memory else "damaged" if status else "ok"
    write_frame(out, {"end": outcome})


def main() -> None:
    # The parsers are loaded once, here, and shared by every fork.
    from . import docx, html, markdown, odt, pdf, plain  # noqa: F401

    while request := read_frame(sys.stdin.buffer):
        _watch(request, sys.stdout.buffer)


if __name__ == "__main__":
    main()
