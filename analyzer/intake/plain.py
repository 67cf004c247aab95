"""Plain text: paragraphs between blank lines, wrapped lines joined, headings by the look of them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest

from .blocks import Block, Extracted
from .cleaning import Cleaner
from .encoding import decode
from .limits import ReadLimits
from .lines import looks_like_heading, match_marker, number_level, split_lines

_UNDERLINE = re.compile(r"[=\-_~]{3,}\s*$")
_BREAK = re.compile(r"\n[ \t]*\n\s*")


def read_plain(data: bytes, limits: ReadLimits) -> Extracted:
    text, warnings = decode(data, limits)
    cleaner = Cleaner()
    blocks = parse_plain(cleaner.clean(text))
    return Extracted(blocks, warnings=warnings + cleaner.warnings())


def parse_plain(text: str) -> list[Block]:
    """Blocks of a cleaned text."""
    blocks: list[Block] = []
    for chunk in _BREAK.split(text.strip("\n")):
        lines = [line for line in chunk.split("\n") if line.strip()]
        if len(lines) >= 2 and _UNDERLINE.match(lines[1].strip()):
            blocks.append(Block("heading", lines[0], level=1 if lines[1].strip()[0] == "=" else 2))
            lines = lines[2:]
        elif len(lines) >= 2 and _stands_above(lines[0].strip(), lines[1].strip()):
            # A short line straight above a full one is its heading, though no blank line says so.
            blocks.append(Block("heading", lines[0], level=_level(lines[0].strip())))
            lines = lines[1:]
        blocks.extend(split_lines("\n".join(lines), divided=True))
    return [_promote(block, after) for block, after in zip_longest(blocks, blocks[1:])]


def _stands_above(line: str, below: str) -> bool:
    """Whether a line reads as the heading of a paragraph that starts right under it."""
    if match_marker(line) and number_level(line) is None:
        return False
    return looks_like_heading(line) and len(below) > 2 * len(line) and not below[0].islower()


def _level(text: str) -> int:
    return number_level(text) or (1 if text.isupper() else 2)


def _promote(block: Block, after: Block | None) -> Block:
    """A short block that introduces running text is a heading; one that introduces a list is its lead-in."""
    text = f"{block.marker} {block.text}".strip() if block.marker[:1].isdigit() else block.text
    if block.kind == "heading" or after is None or (block.kind == "list_item" and text == block.text):
        return block
    same_list = after.kind == "list_item" and block.kind == "list_item"
    lead_in = after.kind == "list_item" and not text.isupper() and number_level(text) is None
    if same_list or lead_in or not looks_like_heading(text):
        return block
    return replace(block, kind="heading", text=text, marker="", level=_level(text))
