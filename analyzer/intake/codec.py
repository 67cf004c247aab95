"""Documents on their way between processes: JSON, so that a reader that was taken over can send data only."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from analyzer.records import Document, Metadata, Passage

_LENGTH = 4


def pack_document(document: Document) -> dict[str, Any]:
    metadata = document.metadata
    return {
        "key": document.key,
        "source": document.source,
        "sha256": document.sha256,
        "text": document.text,
        "passages": [[getattr(passage, name) for name in Passage.__slots__] for passage in document.passages],
        "metadata": {name: getattr(metadata, name) for name in Metadata.__slots__},
        "warnings": document.warnings,
    }


def unpack_document(packed: dict[str, Any]) -> Document:
    passages = []
    for values in packed["passages"]:
        named = dict(zip(Passage.__slots__, values, strict=True))
        passages.append(Passage(**{**named, "heading_path": tuple(named["heading_path"])}))
    metadata: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in packed["metadata"].items()
    }
    return Document(
        key=packed["key"],
        source=packed["source"],
        sha256=packed["sha256"],
        text=packed["text"],
        passages=tuple(passages),
        metadata=Metadata(**metadata),
        warnings=tuple(packed["warnings"]),
    )


def write_frame(stream: BinaryIO, message: dict[str, Any]) -> None:
    """One message: four bytes of length, then JSON."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    stream.write(len(body).to_bytes(_LENGTH, "big") + body)
    stream.flush()


def split_frames(buffer: bytearray) -> list[bytes]:
    """Takes the whole frames out of `buffer`, leaving what is not yet complete."""
    frames = []
    position = 0
    while len(buffer) - position >= _LENGTH:
        end = position + _LENGTH + int.from_bytes(buffer[position : position + _LENGTH], "big")
        if end > len(buffer):
            break
        frames.append(bytes(buffer[position:end]))
        position = end
    del buffer[:position]
    return frames


def read_frame(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message, or None when the other side is gone."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    size = int.from_bytes(head, "big")
    body = stream.read(size)
    return json.loads(body) if len(body) == size else None
