"""JSON Lines: one document a line, with fields that are facts where a text only gives guesses."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from analyzer.errors import ReadError
from analyzer.records import Document, Skipped

from .cleaning import clean_label
from .documents import finish
from .limits import MIB, ReadLimits
from .markdown import parse_markdown
from .reasons import describe_detail, refuse, skip

_MIN_CHECKED = 10 * MIB
_FIELD_CHARS = 1_000
_FIELDS = ("title", "published", "kind", "department", "issued", "in_force")


def read_records(
    path: Path, *, source: str, key: str, limits: ReadLimits, start: int = 0, step: int = 1
) -> Iterator[tuple[int, Document | Skipped]]:
    """(index, document or refusal) for every `step`-th non-empty line from `start` on, in the file's order.

    What breaks the whole file is reported once, by the share that owns the line where it broke.
    """
    index = -1
    number = 0
    try:
        for number, line in _lines(path, limits):
            index += 1
            if index >= start and (index - start) % step == 0:
                yield index, _read_record(line, number, source=source, key=key, limits=limits)
        if index < 0 and start == 0:
            yield 0, skip(source, "empty")
    except ReadError as error:
        if (index + 1 - start) % step == 0:
            yield index + 1, Skipped(source, error.code, str(error))
    except (OSError, EOFError, zlib.error):
        if (index + 1 - start) % step == 0:
            yield index + 1, skip(source, "damaged", "after_line", line=number)


def _lines(path: Path, limits: ReadLimits) -> Iterator[tuple[int, bytes]]:
    """(1-based line number, line) of the lines that hold anything, with the bounds of `limits` watched."""
    packed = path.stat().st_size
    compressed = path.suffix.lower() == ".gz"
    total = 0
    with path.open("rb") as raw:
        if compressed and raw.read(2) != b"\x1f\x8b":
            raise refuse("not_what_it_says")
        raw.seek(0)
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if compressed else raw
        number = 0
        while line := stream.readline(limits.record_bytes + 1):
            number += 1
            total += len(line)
            if (
                compressed and total > _MIN_CHECKED and total > packed * limits.zip_ratio
            ) or total > limits.stream_bytes:
                raise refuse("bomb", "after_line", line=number)
            if len(line) > limits.record_bytes:
                total += _skip_line(stream, limits)
                line = line[: limits.record_bytes + 1]
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                yield number, line


def _skip_line(stream: BinaryIO, limits: ReadLimits) -> int:
    skipped = 0
    while (part := stream.readline(MIB)) and skipped <= limits.stream_bytes:
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _read_record(line: bytes, number: int, *, source: str, key: str, limits: ReadLimits) -> Document | Skipped:
    def bad(reason: str, **values: object) -> Skipped:
        detail = describe_detail(reason, **values)
        return skip(f"{source}#rad {number}", "bad_record", "line_reason", line=number, reason=detail)

    if len(line) > limits.record_bytes:
        return bad("record_size", limit=limits.record_bytes // MIB)
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):
        return bad("json")
    if not isinstance(record, dict):
        return bad("object")
    name = record.get("id")
    if not isinstance(name, str | int) or not (name := clean_label(str(name))):
        return bad("no_id")
    text = record.get("text")
    if not isinstance(text, str):
        return bad("no_text_field")
    fields = {
        field: clean_label(value, limit=_FIELD_CHARS)
        for field in _FIELDS
        if isinstance(value := record.get(field), str) and value
    }
    try:
        extracted = parse_markdown(text)
        return finish(
            extracted, source=f"{source}#{name}", key=f"{key}#{name}", limits=limits, fields={"id": name, **fields}
        )
    except ReadError as error:
        return Skipped(f"{source}#{name}", error.code, str(error))
