"""Sources: one Markdown file a document, with front matter that says what it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parent
#: Where sources lie, and the folder that their rendered documents go to.
FOLDERS = {ROOT / "sources": ROOT / "examples", ROOT / "sources" / "drafts": ROOT / "drafts"}
FIELDS = ("file", "title", "issuer", "date", "header")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, one list item or a table. `level` counts from 1 for headings."""

    kind: Literal["heading", "paragraph", "item", "table"]
    runs: tuple[Run, ...] = ()
    level: int = 0
    #: What stands before a list item: "•" or "1.".
    marker: str = ""
    #: Cells by row, the header row first; only for tables.
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """The words without their styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Source:
    """One document before it is rendered. `body` is the Markdown without front matter."""

    target: Path
    title: str
    issuer: str
    date: date
    header: str
    body: str
    blocks: tuple[Block, ...]


def read_sources() -> Iterator[Source]:
    """Every source in `FOLDERS`, by file name; ValueError names the file whose front matter is not as it should be."""
    for folder, target in FOLDERS.items():
        for path in sorted(folder.glob("*.md")):
            yield _read_source(path, target)


def _read_source(path: Path, target: Path) -> Source:
    opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    if opening or tuple(fields) != FIELDS:
        raise ValueError(f"{path.name}: front matter must hold exactly {', '.join(FIELDS)}, found {', '.join(fields)}")
    return Source(
        target / fields["file"],
        fields["title"],
        fields["issuer"],
        date.fromisoformat(fields["date"]),
        fields["header"],
        body,
        tuple(_blocks(MarkdownIt().enable("table").parse(body))),
    )


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    """Blocks in reading order. Lists are flat in these documents: an item holds one paragraph."""
    markers: list[str] = []
    heading = 0
    rows: list[list[str]] | None = None
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "list_item_open":
            markers.append(f"{token.info}." if token.info else "•")
        elif token.type == "list_item_close":
            markers.pop()
        elif token.type == "table_open":
            rows = []
        elif token.type == "tr_open" and rows is not None:
            rows.append([])
        elif token.type == "table_close" and rows is not None:
            yield Block("table", rows=tuple(tuple(row) for row in rows))
            rows = None
        elif token.type == "inline":
            runs = tuple(_runs(token.children or []))
            if rows is not None:
                rows[-1].append("".join(run.text for run in runs))
            elif heading:
                yield Block("heading", runs, level=heading)
                heading = 0
            elif markers:
                yield Block("item", runs, marker=markers[-1])
            else:
                yield Block("paragraph", runs)


def _runs(children: list[Token]) -> Iterator[Run]:
    bold = italic = False
    for child in children:
        if child.type in ("strong_open", "strong_close"):
            bold = child.type == "strong_open"
        elif child.type in ("em_open", "em_close"):
            italic = child.type == "em_open"
        elif child.type == "text" and child.content:
            yield Run(child.content, bold, italic)
        elif child.type == "softbreak":
            yield Run(" ", bold, italic)
