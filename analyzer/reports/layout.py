"""What a report is made of, before it is DOCX, HTML or PDF: headings, paragraphs, quotes, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

#: What XML cannot hold, and what would turn the reading direction of the text around it.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look. `mark` is for evidence: it must be seen without colour too."""

    text: str
    bold: bool = False
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 begins a chapter."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    runs: tuple[Run, ...]
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a document: a head that says which, the words with evidence marked, and where they stand."""

    head: str
    runs: tuple[Run, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one a line."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a header row. `widths` are shares of the page's width."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own."""


Block = Heading | Paragraph | Quote | Bullets | Facts | Grid | NewPage


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `subtitle` stands under the title and at the head of each page."""

    title: str
    subtitle: str
    day: date
    blocks: tuple[Block, ...]


def say_plain(text: str, *, muted: bool = False) -> Paragraph:
    """A paragraph of one look."""
    return Paragraph((Run(text),), muted)


def say_named(name: str, text: str) -> Paragraph:
    """A paragraph that begins with its name in bold."""
    return Paragraph((Run(f"{name}: ", bold=True), Run(text)))


def printable(text: str) -> str:
    """The text without what no report may hold."""
    return UNPRINTABLE.sub("", text)


def mark_evidence(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Run, ...]:
    """The text as runs, with the spans marked. Spans are offsets into `text`; they may touch but not cross."""
    runs, at = [], 0
    for start, end in sorted(spans):
        runs += [Run(text[at:start]), Run(text[start:end], mark=True)]
        at = end
    return tuple(run for run in (*runs, Run(text[at:])) if run.text)
