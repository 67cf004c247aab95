"""The Swedish domain texts that the encoder learns from, as cleaned paragraphs of documents.

Reads `regeringsuppdrag`, `regeringen_texts` and `sfs` (JSON Lines, gzip) from the data folder. What a paragraph is:
one block between blank lines, list items each on their own and remembering the paragraph that leads them in.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILES = ("regeringsuppdrag", "regeringen_texts", "sfs")
#: Statutes run to thousands of paragraphs; one of them must not outweigh a year of assignments.
MAX_PARAGRAPHS = 400

_ITEM = re.compile(r"^\s*(?:[*+•–-]|\d{1,2}[.)]|[a-z]\))\s+")
_INVISIBLE = {ord(c): None for c in "\u00ad\u200b\u200c\u200d\ufeff"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph or list item; `lead_in` is the index of the paragraph that introduces the item, else None."""

    text: str
    heading: str | None = None
    lead_in: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One document of a corpus."""

    corpus: str
    id: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def read_sources(data: Path, names: tuple[str, ...] = FILES) -> Iterator[Source]:
    """The documents of the named corpora, in file order."""
    for name in names:
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield Source(name, record["id"], clean(record["title"]), tuple(split_paragraphs(record["text"])))


def clean(text: str) -> str:
    """One line, composed letters, no soft hyphens and no invisible characters."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def split_paragraphs(markdown: str) -> list[Paragraph]:
    """Paragraphs and list items of a Markdown text, at most `MAX_PARAGRAPHS`; headings become their attribute."""
    paragraphs: list[Paragraph] = []
    heading: str | None = None
    lead_in: int | None = None
    for block in re.split(r"\n\s*\n", markdown):
        if block.lstrip().startswith("#"):
            first, _, block = block.strip().partition("\n")
            heading, lead_in = clean(first.lstrip("# ")), None
        for text, is_item in _blocks(block):
            if not is_item:
                lead_in = len(paragraphs)
            paragraphs.append(Paragraph(text, heading, lead_in if is_item else None))
        if len(paragraphs) >= MAX_PARAGRAPHS:
            break
    return paragraphs[:MAX_PARAGRAPHS]


def _blocks(block: str) -> Iterator[tuple[str, bool]]:
    """The running text and the list items of one block, as (text, is item)."""
    lines: list[str] = []
    is_item = False
    for line in block.split("\n"):
        if _ITEM.match(line):
            if text := clean(" ".join(lines)):
                yield text, is_item
            lines, is_item = [_ITEM.sub("", line)], True
        else:
            lines.append(line)
    if text := clean(" ".join(lines)):
        yield text, is_item
