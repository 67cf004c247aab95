"""Markdown: CommonMark with tables, read as Swedish documents use it (bold lines as headings, – as a list marker)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .blocks import Block, Extracted
from .cleaning import Cleaner
from .encoding import decode
from .limits import ReadLimits
from .lines import split_lines
from .reasons import warn
from .tables import label_rows

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)(?:\n---[ \t]*(?:\n|\Z)|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(\w[\w-]{0,40}):[ \t]*(.+)$", re.MULTILINE)
# The parser drops what is nested deeper than it cares to follow; no document means such nesting.
_DEEP_QUOTE = re.compile(r"^(?:[ \t]*>){2,}", re.MULTILINE)
_DEEP_LIST = re.compile(r"^([ \t]*[-*+][ \t]+)(?:[-*+][ \t]+){3,}", re.MULTILINE)
_MAX_HEADING = 120


@cache
def _parser() -> MarkdownIt:
    # Indented code is switched off: in exported decisions an indent is an accident, and the text in it counts.
    return MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable("code")


def read_markdown(data: bytes, limits: ReadLimits) -> Extracted:
    text, warnings = decode(data, limits)
    extracted = parse_markdown(text)
    return replace(extracted, warnings=warnings + extracted.warnings)


def parse_markdown(text: str) -> Extracted:
    """Blocks, front matter fields and warnings of a Markdown text."""
    cleaner = Cleaner()
    text = cleaner.clean(text)
    front = _FRONT_MATTER.match(text)
    fields = {}
    if front and _FIELD.search(front.group(1)):
        fields = {key: value.strip().strip("\"'") for key, value in _FIELD.findall(front.group(1))}
        text = text[front.end() :]
    text = _DEEP_LIST.sub(r"\1", _DEEP_QUOTE.sub("> ", text))
    walk = _Walk()
    blocks = list(walk.blocks(_parser().parse(text)))
    warnings = cleaner.warnings() + ((warn("images", walk.images),) if walk.images else ())
    return Extracted(blocks, fields, warnings)


@dataclass(slots=True)
class _Walk:
    images: int = 0

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        depth = 0
        marker = ""
        heading = 0
        index = 0
        while index < len(tokens):
            token = tokens[index]
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    depth -= 1
                case "list_item_open":
                    marker = f"{token.info}{token.markup}" if token.info else "•"
                case "list_item_close":
                    marker = ""
                case "heading_open":
                    heading = int(token.tag[1])
                case "heading_close":
                    heading = 0
                case "table_open":
                    end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                    yield from label_rows(self._rows(tokens[index:end]), header=True)
                    index = end
                case "fence" | "code_block":
                    for chunk in token.content.split("\n\n"):
                        yield from split_lines(chunk, level=depth)
                case "html_block":
                    from .html import parse_html

                    yield from parse_html(token.content).blocks
                case "inline" if heading:
                    yield Block("heading", self._render(token)[0], level=heading)
                case "inline":
                    parts = self._paragraph(token, depth)
                    if marker:
                        parts = (
                            [replace(parts[0], kind="list_item", level=depth, marker=marker), *parts[1:]]
                            if parts
                            else []
                        )
                        marker = ""
                    yield from parts
            index += 1

    def _paragraph(self, token: Token, depth: int) -> list[Block]:
        text, bold = self._render(token)
        lead, rest = text[:bold].strip(), text[bold:].strip()
        # A bold opening is a heading when it stands alone, on its own line, or glued to the text after it.
        alone = not rest or text[bold : bold + 1] == "\n" or (rest[0].isupper() and not text[bold].isspace())
        if depth == 0 and lead and len(lead) <= _MAX_HEADING and lead[-1] not in ".,:;" and alone:
            return [Block("heading", lead, level=5), *split_lines(rest)]
        blocks = split_lines(text, level=depth)
        return [replace(block, level=depth + 1) if block.kind == "list_item" else block for block in blocks]

    def _render(self, token: Token) -> tuple[str, int]:
        """(text with line feeds at breaks, length of the bold run that it opens with)."""
        pieces: list[str] = []
        bold = 0
        opened = False
        for child in token.children or []:
            if child.type == "strong_open" and not "".join(pieces).strip():
                opened = True
            elif child.type == "strong_close" and opened:
                opened, bold = False, len("".join(pieces))
            elif child.type in ("softbreak", "hardbreak") or (child.type == "html_inline" and "<br" in child.content):
                pieces.append("\n")
            elif child.type == "image":
                self.images += 1
                pieces.append(child.content)
            elif child.type in ("text", "code_inline"):
                pieces.append(child.content)
        return "".join(pieces), bold

    def _rows(self, tokens: list[Token]) -> list[list[str]]:
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._render(token)[0])
        return rows
