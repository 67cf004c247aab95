"""What every reader yields, and how it becomes the stored text with passages that point into it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from analyzer.records import Passage, PassageKind

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """One block in reading order. `level` is the heading's level, or the depth of a list item."""

    kind: PassageKind
    text: str
    level: int = 0
    page: int | None = None
    #: List marker as it stands ("•", "1.", "a)"); stored before the item but outside its passage.
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file's blocks, what it says of itself (keys of `Metadata`), and what the user must know."""

    blocks: list[Block]
    properties: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def assemble(blocks: Iterable[Block]) -> tuple[str, tuple[Passage, ...]]:
    """The stored text and its passages: `text[p.start:p.end]` is each block's text.

    Runs of white space become one space. Blocks are a blank line apart, items and rows of one run a line feed.
    """
    pieces: list[str] = []
    passages: list[Passage] = []
    path: list[tuple[int, str]] = []
    position, paragraph, previous = 0, 1, ""
    for block in blocks:
        text = _SPACE.sub(" ", block.text).strip()
        if not text:
            continue
        together = block.kind in ("list_item", "table_row") and block.kind == previous
        lead = ("" if not pieces else "\n" if together else "\n\n") + (f"{block.marker} " if block.marker else "")
        start = position + len(lead)
        if block.kind == "heading":
            while path and path[-1][0] >= block.level:
                path.pop()
        passages.append(
            Passage(
                ordinal=len(passages),
                kind=block.kind,
                start=start,
                end=start + len(text),
                page=block.page,
                paragraph=paragraph,
                heading_path=tuple(heading for _, heading in path),
                depth=0 if block.kind == "heading" else block.level,
            )
        )
        if block.kind == "heading":
            path.append((block.level, text))
        else:
            paragraph += 1
        pieces.append(lead + text)
        position = start + len(text)
        previous = block.kind
    return "".join(pieces), tuple(passages)
