"""From the lines of a PDF to blocks: margins dropped, paragraphs joined, headings told by outline, size and weight."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from .blocks import Block
from .lines import join_divided, looks_like_heading, match_marker, number_level

#: Share of the page's height, at the top and at the bottom, where running heads live.
_ZONE = 0.12
_SAME_SHARE = 0.5
_LARGER = 1.12
_GAP = 1.45
_MAX_HEADING = 200
_PAGE_NUMBER = re.compile(
    r"(?:sida|sid\.|s\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?\s*(?:(?:av|\(|/|of)\s*\d{1,4}\s*\)?)?", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; distances in points from the page's top left corner."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    height: float
    size: float
    bold: bool
    #: Ends with a word that goes on in the next line.
    divided: bool


@dataclass(frozen=True, slots=True)
class Layout:
    blocks: list[Block]
    #: How many lines of running heads, feet and page numbers were dropped, and the different ones among them.
    repeated: int
    margin: str


def build_blocks(lines: list[Line], outline: dict[tuple[int, str], int]) -> Layout:
    """`outline` maps (page, squeezed title) to a heading level."""
    body, dropped = _drop_margins(lines)
    sizes = Counter[float]()
    for line in body:
        sizes[line.size] += len(line.text)
    normal = max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0.0
    larger = sorted({line.size for line in body if line.size >= normal * _LARGER}, reverse=True)
    headings = _Headings(normal, {size: level for level, size in enumerate(larger, start=1)}, outline)
    groups = list(_group(body, headings))
    margin = "\n".join(dict.fromkeys(line.text for line in dropped))
    return Layout([_make_block(group, headings) for group in groups], len(dropped), margin)


def _drop_margins(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """(kept, dropped). A line is a running head when it stands in the same place on half of the pages or more."""
    pages = len({line.page for line in lines})
    places: defaultdict[tuple[str, int], set[int]] = defaultdict(set)

    def place(line: Line) -> tuple[str, int]:
        return _DIGITS.sub("#", line.text), round(line.top / 6)

    def in_zone(line: Line) -> bool:
        return line.bottom < line.height * _ZONE or line.top > line.height * (1 - _ZONE)

    for line in filter(in_zone, lines):
        text, row = place(line)
        # Neighbouring rows count too: rounding must not tear one place in two.
        for near in (row - 1, row, row + 1):
            places[text, near].add(line.page)
    kept, dropped = [], []
    for line in lines:
        alike = len(places[place(line)]) if in_zone(line) else 0
        repeated = pages >= 2 and alike >= 2 and alike >= pages * _SAME_SHARE
        if in_zone(line) and (repeated or _PAGE_NUMBER.fullmatch(line.text)):
            dropped.append(line)
        else:
            kept.append(line)
    return kept, dropped


@dataclass(frozen=True, slots=True)
class _Headings:
    normal: float
    levels: dict[float, int]
    outline: dict[tuple[int, str], int]

    def level(self, lines: list[Line]) -> int | None:
        """The level of a heading that these lines make, or None."""
        text = " ".join(line.text for line in lines)
        listed = self.outline.get((lines[0].page, "".join(text.split()).lower()))
        if listed is not None:
            return listed
        if len(text) > _MAX_HEADING or not any(character.isalpha() for character in text):
            return None
        if lines[0].size in self.levels:
            return self.levels[lines[0].size]
        if all(line.bold for line in lines) and (looks_like_heading(text) or number_level(text)):
            return len(self.levels) + (number_level(text) or 1)
        return None


def _group(lines: list[Line], headings: _Headings) -> Iterator[list[Line]]:
    """Lines that belong to one block."""
    steps = [
        after.top - before.top
        for before, after in zip(lines, lines[1:], strict=False)
        if before.page == after.page and 0 < after.top - before.top < 3 * before.size
    ]
    step = median(steps) if steps else 0.0
    widths = defaultdict[int, float](float)
    for line in lines:
        widths[line.page] = max(widths[line.page], line.right)
    group: list[Line] = []
    for line in lines:
        if group and _breaks(group, line, step, widths[group[-1].page], headings):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _breaks(group: list[Line], line: Line, step: float, width: float, headings: _Headings) -> bool:
    before = group[-1]
    if match_marker(line.text) and not before.divided:
        return True
    if abs(line.size - before.size) > 0.6 or line.bold != before.bold:
        # A bold word may open or end a line of running text; a heading stands in another size or ends before it.
        return abs(line.size - before.size) > 0.6 or before.bold or headings.level([line]) is not None
    if (before.page, "".join(before.text.split()).lower()) in headings.outline:
        return True
    ended = before.text[-1:] in ".!?:"
    if line.page != before.page:
        return not before.divided and (ended or not line.text[:1].islower())
    if line.top - before.top > _GAP * (step or before.size * 1.3) or line.top < before.top - before.size:
        return not before.divided
    # The last line of a paragraph is short; the next word would have fitted on it.
    room = width - before.right
    return ended and room > 6 * before.size and line.left <= group[0].left + 1


def _make_block(group: list[Line], headings: _Headings) -> Block:
    level = headings.level(group)
    text = join_divided([(line.text, line.divided) for line in group])
    page = group[0].page
    if level is not None:
        return Block("heading", text, level=level, page=page)
    found = match_marker(text)
    if found:
        return Block("list_item", found[1], level=1, page=page, marker=found[0])
    return Block("paragraph", text, page=page)
