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
#: Lines closer than this many sizes belong to one row of wrapped cells, if the table has wider steps as well.
_TIGHT = 1.35
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
    full = 1
    end = last_full = start + 1
    while end < len(lines) and _fits(lines[end], lines[end - 1], columns):
        if len(lines[end].cells) >= 2:
            full, last_full = full + 1, end + 1
        end += 1
    # A last line in the first column alone may as well be the paragraph after the table.
    while end > last_full and lines[end - 1].cells[0][0] <= columns[0] + _TOLERANCE:
        end -= 1
    return end if full >= 2 else start


def _fits(line: Line, before: Line, columns: list[float]) -> bool:
    if line.page != before.page or not 0 < line.top - before.top < 4 * before.size or not line.cells:
        return False
    return all(_column(left, columns) is not None for left, _ in line.cells)


def _column(left: float, columns: list[float]) -> int | None:
    near = [index for index, column in enumerate(columns) if abs(column - left) <= _TOLERANCE]
    return near[0] if near else None


def _make_rows(lines: list[Line]) -> list[list[str]]:
    columns = [left for left, _ in lines[0].cells]
    steps = [after.top - before.top for before, after in pairwise(lines)]
    spaced = any(step > _TIGHT * lines[0].size for step in steps)
    rows: list[list[list[str]]] = []
    for line, step in zip(lines, [None, *steps], strict=True):
        wrapped = rows and step is not None and (len(line.cells) < 2 or spaced) and step <= _TIGHT * line.size
        if not wrapped:
            rows.append([[] for _ in columns])
        for left, text in line.cells:
            column = _column(left, columns)
            if column is not None:
                rows[-1][column].append(text)
    return [[join_lines(cell) for cell in row] for row in rows]
