"""From the lines of a PDF to blocks: margins dropped, paragraphs joined, headings told by outline, size and weight."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile

from .blocks import Block
from .lines import join_lines, looks_like_heading, match_marker, number_level
from .pdf_lines import Line
from .pdf_tables import Table, find_tables
from .tables import has_header, label_rows

#: Share of the page's height, at the top and at the bottom, where running heads live.
_ZONE = 0.12
_SAME_SHARE = 0.5
#: Running heads have at most so many lines.
_EDGE_LINES = 6
#: Lines whose tops are this close stand in the same place, points.
_ROW = 6
_LARGER = 1.12
#: An average character is so many sizes wide.
_CHARACTER = 0.55
#: A step this much longer than the usual one stands between paragraphs.
_GAP = 1.3
_USUAL_SPACING = 1.3
_MAX_HEADING = 200
_PAGE_NUMBER = re.compile(
    r"(?:sida|sid\.|s\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?\s*(?:(?:av|\(|/|of)\s*\d{1,4}\s*\)?)?", re.IGNORECASE
)
_CONTENTS = re.compile(r"(?:\.[ ]?){5,}[ ]*\d{1,4}$")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Layout:
    blocks: list[Block]
    #: How many lines of running heads, feet and page numbers were dropped, and the different ones among them.
    repeated: int
    #: Lines of a table of contents, told by their dots, that were left out.
    contents: int
    #: Pages with text of their own.
    pages: frozenset[int]
    margin: str


def squeeze(text: str) -> str:
    """A title as it can be compared: bookmarks and pages differ in spaces and case."""
    return "".join(text.split()).lower()


def build_blocks(lines: list[Line], outline: dict[tuple[int, str], int]) -> Layout:
    """`outline` maps (page, squeezed title) to a heading level."""
    normal = _normal_size(lines)
    body, dropped = _drop_margins(lines, normal)
    contents = [line for line in body if _CONTENTS.search(line.text)]
    body = [line for line in body if not _CONTENTS.search(line.text)]
    larger = sorted({line.size for line in body if line.size >= normal * _LARGER}, reverse=True)
    headings = _Headings(normal, {size: level for level, size in enumerate(larger, start=1)}, outline)
    blocks: list[Block] = []
    for run in find_tables(body):
        if isinstance(run, Table):
            blocks += label_rows(run.rows, header=has_header(run.rows), page=run.page)
        else:
            blocks += [_make_block(group, headings) for group in _group(run, headings)]
    margin = "\n".join(dict.fromkeys(line.text for line in dropped))
    return Layout(blocks, len(dropped), len(contents), frozenset(line.page for line in body), margin)


def _normal_size(lines: list[Line]) -> float:
    """The size that most of the text is set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], -size))


def _drop_margins(lines: list[Line], normal: float) -> tuple[list[Line], list[Line]]:
    """(kept, dropped). Running heads and feet, from the edges of a page inwards, up to the first line of text.

    A line is one when it stands in the same place on half of the pages or more, numbers aside, and is set no
    larger than the text; page numbers need no company.
    """
    by_page: defaultdict[int, list[Line]] = defaultdict(list)
    places: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for line in lines:
        by_page[line.page].append(line)
        # Neighbouring rows count too: rounding must not tear one place in two.
        for near in (-1, 0, 1):
            places[_DIGITS.sub("#", line.text), round(line.top / _ROW) + near].add(line.page)

    def runs(line: Line) -> bool:
        alike = len(places[_DIGITS.sub("#", line.text), round(line.top / _ROW)])
        repeated = alike >= 2 and alike >= len(by_page) * _SAME_SHARE and line.size <= normal * 1.05
        return repeated or _PAGE_NUMBER.fullmatch(line.text) is not None

    dropped: set[Line] = set()
    for page in by_page.values():
        page = sorted(page, key=lambda line: line.top)
        head = takewhile(lambda line: line.bottom < line.height * _ZONE and runs(line), page)
        foot = takewhile(lambda line: line.top > line.height * (1 - _ZONE) and runs(line), reversed(page))
        dropped.update(islice(head, _EDGE_LINES), islice(foot, _EDGE_LINES))
    return [line for line in lines if line not in dropped], [line for line in lines if line in dropped]


@dataclass(frozen=True, slots=True)
class _Headings:
    normal: float
    levels: dict[float, int]
    outline: dict[tuple[int, str], int]

    def lists(self, line: Line) -> bool:
        return (line.page, squeeze(line.text)) in self.outline

    def level(self, lines: list[Line]) -> int | None:
        """The level of a heading that these lines make, or None."""
        text = " ".join(line.text for line in lines)
        listed = self.outline.get((lines[0].page, squeeze(text)))
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
    spacing = _line_spacing(lines)
    # How far lines reach that start at the same place: the column that a paragraph is set in.
    reach: defaultdict[tuple[int, int], float] = defaultdict(float)
    for line in lines:
        reach[_column(line)] = max(reach[_column(line)], line.right)
    group: list[Line] = []
    for line in lines:
        if group and _breaks(group, line, spacing, reach[_column(group[-1])], headings):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _line_spacing(lines: list[Line]) -> float:
    """Steps from line to line inside paragraphs, in sizes. Some steps are between paragraphs: those are the longer."""
    ratios = sorted(
        (after.top - before.top) / before.size
        for before, after in pairwise(lines)
        if before.page == after.page and before.size == after.size and before.size <= after.top - before.top
    )
    return ratios[len(ratios) // 10] if ratios else _USUAL_SPACING


def _column(line: Line) -> tuple[int, int]:
    return line.page, round(line.left / 4)


def _breaks(group: list[Line], line: Line, spacing: float, reach: float, headings: _Headings) -> bool:
    before = group[-1]
    if match_marker(line.text) and before.text[-1:] != "-":
        return True
    if abs(line.size - before.size) > 0.6 or line.bold != before.bold:
        # A bold word may open or end a line of running text; a heading stands in another size or ends before it.
        return abs(line.size - before.size) > 0.6 or before.bold or headings.level([line]) is not None
    if headings.lists(before) or headings.lists(line):
        return True
    ended = before.text[-1:] in ".!?:"
    if line.page != before.page:
        return before.text[-1:] != "-" and (ended or not line.text[:1].islower())
    if line.top - before.top > _GAP * spacing * before.size or line.top < before.top - before.size:
        return before.text[-1:] != "-"
    # The last line of a paragraph is short: the next word would have fitted on it.
    word = len(line.text.split(maxsplit=1)[0]) * _CHARACTER * line.size
    fits = reach - before.right > word + before.size
    return fits and (ended or not line.text[0].islower()) and line.left <= group[0].left + 1


def _make_block(group: list[Line], headings: _Headings) -> Block:
    level = headings.level(group)
    text = join_lines(line.text for line in group)
    page = group[0].page
    if level is not None:
        return Block("heading", text, level=level, page=page)
    found = match_marker(text)
    if found:
        return Block("list_item", found[1], level=1, page=page, marker=found[0])
    return Block("paragraph", text, page=page)
