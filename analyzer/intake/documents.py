"""One file or record becomes one `Document`: the right reader, mended blocks, stored text, metadata."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePosixPath

from analyzer.records import Document

from .blocks import Extracted, assemble
from .cleaning import Cleaner
from .formats import choose_reader
from .limits import ReadLimits
from .lines import refine
from .metadata import guess_metadata
from .reasons import refuse


def read_document(
    name: str, data: bytes, *, key: str, limits: ReadLimits, fields: dict[str, str] | None = None
) -> Document:
    """Reads `data` as the format that `name` ends with. In this process: use `read_files` for files not trusted.

    Raises `ReadError`.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise refuse("empty")
    extracted = choose_reader(name, data)(data, limits)
    return finish(extracted, source=name, key=key, limits=limits, fields={})


def finish(extracted: Extracted, *, source: str, key: str, limits: ReadLimits, fields: dict[str, str]) -> Document:
    """The document of what a reader found. An empty text is an error, never a document.

    `fields` are facts known from elsewhere (a record's own); they win over what the text suggests.
    """
    cleaner = Cleaner()
    blocks = [replace(block, text=cleaner.clean(block.text)) for block in extracted.blocks]
    text, passages = assemble(refine(blocks))
    if not any(character.isalpha() for character in text):
        raise refuse("empty", "front_matter_only" if extracted.properties else None)
    if len(text) > limits.text_chars:
        raise refuse("too_large", "characters", limit=limits.text_chars)
    metadata = guess_metadata(text, passages, extracted.properties, fields, PurePosixPath(source).stem)
    return Document(
        key=key,
        source=source,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        text=text,
        passages=passages,
        metadata=metadata,
        warnings=tuple(dict.fromkeys(extracted.warnings + cleaner.warnings())),
    )
