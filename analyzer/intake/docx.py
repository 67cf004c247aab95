"""DOCX by a walk over its own XML: styles, lists, tables, text boxes, footnotes. Nothing deleted is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from .blocks import Block, Extracted
from .docx_styles import Numbering, Style, read_number, read_numbering, read_outline, read_styles
from .limits import ReadLimits
from .lines import split_lines
from .package import Package, attribute, child, children, local_name, read_properties
from .reasons import refuse, warn
from .tables import has_header, label_rows

_MAX_HEADING = 300
#: Deleted or moved-away text, field codes, and the older copy of what a newer reader shows.
_SKIPPED = frozenset(("del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "tblPr", "sdtPr"))
_SYMBOLS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}


def read_docx(data: bytes, limits: ReadLimits) -> Extracted:
    package = Package(data, limits)
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        raise refuse("macro")
    root = package.parse("word/document.xml")
    walk = _Walk(
        styles=read_styles(package.parse_optional("word/styles.xml")),
        numbering=read_numbering(package.parse_optional("word/numbering.xml")),
        footnotes=_read_notes(package),
    )
    blocks = list(walk.blocks(child(root, "body")))
    properties = read_properties(package.parse_optional("docProps/core.xml"))
    margins = [_read_margin(package, name) for name in sorted(package.names) if _is_margin(name)]
    if any(margins):
        properties["margin"] = "\n".join(margins)
    counts = walk.counts
    counts["comments"] = len(list(children(package.parse_optional("word/comments.xml"), "comment")))
    counts["attachments"] = sum(name.startswith("word/embeddings/") for name in package.names)
    return Extracted(blocks, properties, tuple(warn(name, count) for name, count in sorted(counts.items()) if count))


def _is_margin(name: str) -> bool:
    return name.startswith(("word/header", "word/footer")) and name.endswith(".xml")


def _read_margin(package: Package, name: str) -> str:
    """Headers and footers are no part of the text, but often the only place with the registration number."""
    walk = _Walk({}, Numbering(), {})
    return "\n".join(block.text for block in walk.blocks(package.parse(name)))


def _read_notes(package: Package) -> dict[str, Element]:
    notes = {}
    for kind in ("footnote", "endnote"):
        for note in children(package.parse_optional(f"word/{kind}s.xml"), kind):
            # Separators between text and notes are notes with a type.
            if attribute(note, "type") is None:
                notes[f"{kind}{attribute(note, 'id')}"] = note
    return notes


@dataclass(slots=True)
class _Walk:
    styles: dict[str, Style]
    numbering: Numbering
    footnotes: dict[str, Element]
    counts: Counter[str] = field(default_factory=Counter)
    _notes: int = 0

    def blocks(self, container: Element | None) -> Iterator[Block]:
        for element in container if container is not None else ():
            match local_name(element):
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._table(element)
                case "sdt":
                    yield from self.blocks(child(element, "sdtContent"))
                case "ins" | "moveTo" | "customXml" | "smartTag" | "sdtContent":
                    yield from self.blocks(element)
                case "AlternateContent":
                    yield from self.blocks(child(element, "Choice"))
                case "del" | "moveFrom":
                    self.counts["tracked_deletions"] += 1

    def _paragraph(self, element: Element) -> Iterator[Block]:
        properties = child(element, "pPr")
        name = child(properties, "pStyle")
        style = self.styles.get((attribute(name, "val") or "") if name is not None else "", Style())
        if style.contents:
            return
        inside: list[Element] = []
        text = "".join(self._text(element, inside)).strip()
        outline = read_outline(properties)
        heading = style.heading if style.heading is not None else outline
        number = read_number(properties) or style.number
        marker = self.numbering.next_marker(*number) if number and number[0] != "0" and text else ""
        if heading is not None and len(text) <= _MAX_HEADING:
            yield Block("heading", text, level=heading, marker=marker.replace("•", ""))
        elif marker or style.list_depth:
            level = number[1] + 1 if number else style.list_depth
            first, *rest = split_lines(text, level=level, numbers=False) or [Block("paragraph", "")]
            yield replace(first, kind="list_item", level=level, marker=marker or "•")
            yield from rest
        elif text:
            yield from self._plain(element, text)
        for part in inside:
            if local_name(part) == "txbxContent":
                yield from self.blocks(part)
            else:
                self._notes += 1
                note = " ".join(block.text for block in self.blocks(part))
                yield Block("paragraph", note, marker=f"[{self._notes}]")

    def _plain(self, element: Element, text: str) -> Iterator[Block]:
        """A paragraph without a telling style: bold from end to end and short, it is somebody's heading."""
        if len(text) <= 120 and text[-1] not in ".,:;" and "\n" not in text and self._all_bold(element):
            yield Block("heading", text, level=9)
        else:
            yield from split_lines(text)

    def _all_bold(self, element: Element) -> bool:
        runs = [run for run in element.iter() if local_name(run) == "r" and any(True for _ in children(run, "t"))]
        return bool(runs) and all(_is_on(child(run, "rPr", "b")) for run in runs)

    def _text(self, element: Element, inside: list[Element]) -> Iterator[str]:
        """Text of a paragraph; boxes and notes met on the way are put into `inside`."""
        for part in element:
            name = local_name(part)
            if name == "t":
                yield part.text or ""
            elif name in _SYMBOLS:
                yield _SYMBOLS[name]
            elif name in ("footnoteReference", "endnoteReference"):
                note = self.footnotes.get(f"{name.removesuffix('Reference')}{attribute(part, 'id')}")
                if note is not None:
                    inside.append(note)
            elif name == "txbxContent":
                inside.append(part)
            elif name in ("pic", "imagedata"):
                self.counts["images"] += 1
            elif name in ("del", "moveFrom"):
                self.counts["tracked_deletions"] += 1
            elif name not in _SKIPPED and not (name == "r" and _is_on(child(part, "rPr", "vanish"))):
                yield from self._text(part, inside)

    def _table(self, table: Element) -> Iterator[Block]:
        rows: list[list[str]] = []
        header = False
        for position, row in enumerate(self._rows(table)):
            header |= position == 0 and child(row, "trPr", "tblHeader") is not None
            rows.append(self._cells(row, rows[-1] if rows else []))
        if max((len(row) for row in rows), default=0) < 2:
            for row in self._rows(table):
                for cell in children(row, "tc"):
                    yield from self.blocks(cell)
        else:
            yield from label_rows(rows, header=header or has_header(rows))

    def _rows(self, table: Element) -> Iterator[Element]:
        for element in table:
            if local_name(element) == "tr":
                yield element
            elif local_name(element) in ("sdt", "sdtContent", "ins", "customXml"):
                yield from self._rows(element)

    def _cells(self, row: Element, above: list[str]) -> list[str]:
        cells: list[str] = []
        for cell in children(row, "tc"):
            properties = child(cell, "tcPr")
            merged = child(properties, "vMerge")
            if merged is not None and attribute(merged, "val") != "restart" and len(cells) < len(above):
                # A cell merged downwards says the same for every row that it spans.
                cells.append(above[len(cells)])
            else:
                cells.append(" ".join(f"{block.marker} {block.text}".strip() for block in self.blocks(cell)))
            span = child(properties, "gridSpan")
            width = (attribute(span, "val") or "1") if span is not None else "1"
            cells += [""] * (min(int(width), 64) - 1 if width.isdecimal() else 0)
        return cells


def _is_on(toggle: Element | None) -> bool:
    return toggle is not None and attribute(toggle, "val") not in ("0", "false", "off")
