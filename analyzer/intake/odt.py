"""ODT by a walk over its own XML: headings, nested lists, tables, text boxes, notes. Nothing deleted is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from .blocks import Block, Extracted
from .docx_styles import format_number
from .limits import ReadLimits
from .lines import split_lines
from .package import Package, attribute, child, children, local_name, read_properties
from .reasons import refuse, warn
from .tables import has_header, label_rows

_MIMETYPES = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")
_HEADING_STYLE = re.compile(r"(?:Heading|Rubrik)_20_([1-9])")
#: Containers that only group; their content is read as if they were not there.
_GROUPS = frozenset(("section", "index-body", "span", "a", "list-header", "ruby", "ruby-base", "meta", "frame", "g"))
_SKIPPED = frozenset(
    ("tracked-changes", "annotation", "table-of-content", "alphabetical-index", "illustration-index", "ruby-text")
)
_MAX_REPEATED = 64


def read_odt(data: bytes, limits: ReadLimits) -> Extracted:
    package = Package(data, limits)
    if "mimetype" not in package.names or package.read("mimetype").strip() not in _MIMETYPES:
        raise refuse("not_what_it_says")
    manifest = package.parse_optional("META-INF/manifest.xml")
    if manifest is not None and any(local_name(element) == "encryption-data" for element in manifest.iter()):
        raise refuse("encrypted")
    root = package.parse("content.xml")
    styles = package.parse_optional("styles.xml")
    walk = _Walk(_read_parents(root, styles), _read_lists(root, styles))
    blocks = list(walk.blocks(child(root, "body", "text")))
    properties = read_properties(package.parse_optional("meta.xml"))
    margin = _read_margins(styles)
    if margin:
        properties["margin"] = margin
    counts = walk.counts
    counts["scripts"] = sum(
        name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in package.names
    )
    return Extracted(blocks, properties, tuple(warn(name, count) for name, count in sorted(counts.items()) if count))


def _read_parents(*roots: Element | None) -> dict[str, str]:
    """Style → the style that it builds on."""
    parents = {}
    for root in roots:
        for element in root.iter() if root is not None else ():
            if local_name(element) == "style":
                parents[attribute(element, "name") or ""] = attribute(element, "parent-style-name") or ""
    return parents


def _read_lists(*roots: Element | None) -> dict[str, dict[int, tuple[str, str]]]:
    """List style → level → (number format, suffix); bullets are left out."""
    lists: dict[str, dict[int, tuple[str, str]]] = {}
    for root in roots:
        for element in root.iter() if root is not None else ():
            if local_name(element) == "list-style":
                lists[attribute(element, "name") or ""] = {
                    int(level): (attribute(number, "num-format") or "1", attribute(number, "num-suffix") or ".")
                    for number in children(element, "list-level-style-number")
                    if (level := attribute(number, "level") or "").isdecimal()
                }
    return lists


def _read_margins(styles: Element | None) -> str:
    walk = _Walk({}, {})
    parts = [
        block.text
        for element in (styles.iter() if styles is not None else ())
        if local_name(element) in ("header", "footer", "header-first", "footer-first")
        for block in walk.blocks(element)
    ]
    return "\n".join(parts)


@dataclass(slots=True)
class _Walk:
    parents: dict[str, str]
    lists: dict[str, dict[int, tuple[str, str]]]
    counts: Counter[str] = field(default_factory=Counter)
    _notes: int = 0

    def blocks(self, container: Element | None) -> Iterator[Block]:
        for element in container if container is not None else ():
            name = local_name(element)
            if name in ("p", "h"):
                yield from self._paragraph(element)
            elif name == "list":
                yield from self._list(element, 1, "")
            elif name == "table":
                yield from self._table(element)
            elif name in _GROUPS or name == "text-box":
                yield from self.blocks(element)
            elif name == "tracked-changes":
                self.counts["tracked_deletions"] += sum(local_name(part) == "deletion" for part in element.iter())

    def _paragraph(self, element: Element) -> Iterator[Block]:
        inside: list[Element] = []
        text = "".join(self._text(element, inside)).strip()
        level = self._heading_level(element)
        if level is None:
            yield from split_lines(text)
        else:
            yield Block("heading", text, level=level)
        for part in inside:
            if local_name(part) == "text-box":
                yield from self.blocks(part)
            else:
                self._notes += 1
                note = " ".join(block.text for block in self.blocks(part))
                yield Block("paragraph", note, marker=f"[{self._notes}]")

    def _heading_level(self, element: Element) -> int | None:
        if local_name(element) == "h":
            level = attribute(element, "outline-level") or "1"
            return int(level) if level.isdecimal() else 1
        name = attribute(element, "style-name") or ""
        for _ in range(10):
            found = _HEADING_STYLE.fullmatch(name)
            if found:
                return int(found.group(1))
            if name == "Title":
                return 0
            name = self.parents.get(name, "")
        return None

    def _text(self, element: Element, inside: list[Element]) -> Iterator[str]:
        yield element.text or ""
        for part in element:
            name = local_name(part)
            if name == "s" or name == "tab":
                yield " "
            elif name == "line-break":
                yield "\n"
            elif name == "note":
                inside += children(part, "note-body")
            elif name == "text-box":
                inside.append(part)
            elif name == "image":
                self.counts["images"] += 1
            elif name == "annotation":
                self.counts["comments"] += 1
            elif name not in _SKIPPED:
                yield from self._text(part, inside)
            yield part.tail or ""

    def _list(self, element: Element, depth: int, style: str) -> Iterator[Block]:
        style = attribute(element, "style-name") or style
        form = self.lists.get(style, {}).get(depth)
        number = 0
        for item in element:
            if local_name(item) not in ("list-item", "list-header"):
                continue
            number += 1
            marker = format_number(number, form[0]) + form[1] if form else "•"
            for part in item:
                if local_name(part) == "list":
                    yield from self._list(part, depth + 1, style)
                    continue
                for block in self.blocks(_only(part)):
                    if block.kind == "paragraph" and marker and not block.marker:
                        yield replace(block, kind="list_item", level=depth, marker=marker)
                        marker = ""
                    elif block.kind == "paragraph":
                        yield replace(block, level=depth)
                    else:
                        yield block

    def _table(self, table: Element) -> Iterator[Block]:
        rows: list[list[str]] = []
        header = False
        for row, is_header in self._rows(table, False):
            header |= is_header and not rows
            rows.append(self._cells(row))
        if max((len(row) for row in rows), default=0) < 2:
            for row, _ in self._rows(table, False):
                for cell in children(row, "table-cell"):
                    yield from self.blocks(cell)
        else:
            yield from label_rows(rows, header=header or has_header(rows))

    def _rows(self, table: Element, header: bool) -> Iterator[tuple[Element, bool]]:
        for element in table:
            name = local_name(element)
            if name == "table-row":
                yield element, header
            elif name in ("table-header-rows", "table-rows", "table-row-group"):
                yield from self._rows(element, header or name == "table-header-rows")

    def _cells(self, row: Element) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if local_name(cell) not in ("table-cell", "covered-table-cell"):
                continue
            repeated = attribute(cell, "number-columns-repeated") or "1"
            times = min(int(repeated), _MAX_REPEATED) if repeated.isdecimal() else 1
            text = " ".join(f"{block.marker} {block.text}".strip() for block in self.blocks(cell))
            cells += [text] * times
        while cells and not cells[-1]:
            cells.pop()
        return cells


def _only(part: Element) -> Element:
    """A container with nothing but `part`, for a walk that reads what a container holds."""
    container = Element("container")
    container.append(part)
    return container
