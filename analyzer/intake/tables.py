"""Tables as readable rows: each cell is written "Kolumn: värde", so that a row means something on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .blocks import Block

_MAX_HEADER_CELL = 80
_NUMBER = re.compile(r"[\d\s.,%–-]+")


def label_rows(
    rows: Sequence[Sequence[str]], *, header: bool, page: int | None = None, depth: int = 0
) -> Iterator[Block]:
    """One block a row, cells joined by " | ".

    With a header row its cells name the columns: `Indikator: Lagföring | Mål 2026: 85 %`. The header row itself
    is not repeated, as every row carries it; a table that is only a header keeps it. Empty cells are left out.
    """
    cleaned = [[" ".join(cell.split()) for cell in row] for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    names: Sequence[str] = ()
    if header and len(cleaned) > 1:
        names, cleaned = cleaned[0], cleaned[1:]
    for row in cleaned:
        cells = []
        for column, cell in enumerate(row):
            name = names[column].rstrip(":") if column < len(names) else ""
            if cell:
                cells.append(f"{name}: {cell}" if name and name != cell else cell)
        if cells:
            yield Block("table_row", " | ".join(cells), level=depth, page=page)


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row reads as column names: at least two, all short, none a number or a sentence."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    if len(set(first)) < len(first):
        return False
    return all(
        cell and len(cell) <= _MAX_HEADER_CELL and cell[-1] not in ".;" and not _NUMBER.fullmatch(cell)
        for cell in first
    )
