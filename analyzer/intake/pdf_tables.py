"""Tables of a PDF: lines that fall into the same columns, one under the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from .lines import join_lines
from .pdf_lines import Line

#: How far apart the starts of two cells may be and still share a column, points.
_TOLERANCE = 3.0
#: Gaps that differ by this many sizes are of two kinds: between the lines of a row, and between rows.
_UNEVEN = 0.3
_BARE_MARKER = re.compile(r"[^\w\s]|\(?[\w.]{1,5}[.)]")


@dataclass(frozen=True, slots=True)
class Table:
    page: int
    rows: list[list[str]]


def find_tables(lines: list[Line]) -> Iterator[list[Line] | Table]:
    """The lines in order, with each run of two or more lines in columns turned into a table."""
    merged = list(_merge_level(lines))
    running: list[Line] = []
    position = 0
    while position < len(merged):
        end = _table_end(merged, position)
        if end - position >= 2:
            if running:
                yield running
                running = []
            yield Table(merged[position].page, _make_rows(merged[position:end]))
            position = end
        else:
            running.append(merged[position])
            position += 1
    if running:
        yield running


def _merge_level(lines: list[Line]) -> Iterator[Line]:
    """Cells that were written one by one on the same level become one line."""
    held: Line | None = None
    for line in lines:
        if held and line.page == held.page and abs(line.top - held.top) < 0.3 * held.size and line.left > held.right:
            text, cells = f"{held.text} {line.text}", held.cells + line.cells
            held = replace(held, text=text, cells=cells, right=line.right, bold=held.bold and line.bold)
        else:
            if held:
                yield held
            held = line
    if held:
        yield held


def _table_end(lines: list[Line], start: int) -> int:
    """One past the last line of the table that starts at `start`; `start` itself when none does."""
    first = lines[start]
    if len(first.cells) < 2 or _BARE_MARKER.fullmatch(first.cells[0][1]):
        return start
    columns = [left for left, _ in first.cells]
    end, lowest = start + 1, first.bottom
    while end < len(lines) and _fits(lines[end], first, lowest, columns):
        lowest = max(lowest, lines[end].bottom)
        end += 1
    # A last line in the first column alone may as well be the heading or paragraph after the table.
    while end > start + 1 and len(lines[end - 1].cells) == 1 and _column(lines[end - 1].cells[0][0], columns) == 0:
        end -= 1
    return end if any(len(line.cells) >= 2 for line in lines[start + 1 : end]) else start


def _fits(line: Line, first: Line, lowest: float, columns: list[float]) -> bool:
    """Whether a line lies in the columns. Wrapped cells are written one after the other, so lines may jump upwards."""
    if line.page != first.page or not first.top < line.top < lowest + 3 * first.size:
        return False
    places = [_column(left, columns) for left, _ in line.cells]
    last = places[-1]
    if last is None or None in places:
        return False
    return last == len(columns) - 1 or line.right <= columns[last + 1] + _TOLERANCE


def _column(left: float, columns: list[float]) -> int | None:
    near = [index for index, column in enumerate(columns) if abs(column - left) <= _TOLERANCE]
    return near[0] if near else None


def _make_rows(lines: list[Line]) -> list[list[str]]:
    columns = [left for left, _ in lines[0].cells]
    bands = _bands(lines)
    gaps = [after[0].top - max(line.bottom for line in before) for before, after in pairwise(bands)]
    spaced = max(gaps) - min(gaps) > _UNEVEN * lines[0].size
    middle = (max(gaps) + min(gaps)) / 2
    rows: list[list[list[str]]] = []
    for band, gap in zip(bands, [None, *gaps], strict=True):
        first_column = any(_column(left, columns) == 0 for line in band for left, _ in line.cells)
        # Rows stand further apart than the lines in them; where all steps are alike, a row starts in the first column.
        # The first line holds all the columns, so that the second row starts under it.
        if gap is None or (gap > middle if spaced else first_column or len(rows) == 1):
            rows.append([[] for _ in columns])
        for line in band:
            for left, text in line.cells:
                rows[-1][_column(left, columns) or 0].append(text)
    return [[join_lines(cell) for cell in row] for row in rows]


def _bands(lines: list[Line]) -> list[list[Line]]:
    """Lines from the top down, those that overlap in height together."""
    bands: list[list[Line]] = []
    bottom = 0.0
    for line in sorted(lines, key=lambda line: line.top):
        if bands and line.top < bottom - 1:
            bands[-1].append(line)
        else:
            bands.append([line])
            bottom = line.bottom
        bottom = max(bottom, line.bottom)
    return bands
