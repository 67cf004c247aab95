"""The printed line, as PDF pages give it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; distances in points from the page's top left corner."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    #: Height of the page.
    height: float
    size: float
    bold: bool
    #: (left edge, text) of the parts that wide gaps divide the line into; one part for running text.
    cells: tuple[tuple[float, str], ...]
