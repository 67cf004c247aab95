"""Passages of a text that no reader has cut: one a line, list marks read off."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"^(?P<indent>\s*)(?P<mark>[-–—*•…]|\d{1,3}[.)]|[a-zåäö]\))\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch `text[start:end]` with its kind and depth, as `Passage` has them."""

    start: int
    end: int
    kind: str
    depth: int = 0
    headings: tuple[str, ...] = ()


def split_blocks(text: str) -> list[Block]:
    """Paragraphs and list items of plain text. A line that neither ends a sentence nor starts a list joins the next."""
    blocks: list[Block] = []
    at = 0
    for line in text.split("\n"):
        start, end = at, at + len(line)
        at = end + 1
        if not line.strip():
            continue
        mark = _MARK.match(line)
        if mark:
            depth = 1 + len(mark["indent"].expandtabs(4)) // 2
            blocks.append(Block(start + mark.end(), end, "list_item", depth))
        elif blocks and _continues(text, blocks[-1].end, start, line):
            blocks[-1] = Block(blocks[-1].start, end, blocks[-1].kind, blocks[-1].depth)
        else:
            blocks.append(Block(start + len(line) - len(line.lstrip()), end, "paragraph"))
    return blocks


def _continues(text: str, previous_end: int, start: int, line: str) -> bool:
    """Whether a line goes on where the block before it broke off: no blank line between and no sentence ended."""
    return (
        text[previous_end:start].count("\n") == 1 and text[previous_end - 1] not in ".:!?;" and not line[:1].isdigit()
    )
