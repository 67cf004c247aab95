"""HTML read as a stream of events: no tree, so nesting has no price. Nothing is fetched and nothing is run."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

from .blocks import Block, Extracted
from .cleaning import Cleaner
from .encoding import decode
from .limits import ReadLimits
from .lines import split_lines
from .reasons import warn
from .tables import has_header, label_rows

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DATA = tomllib.loads(files(__package__).joinpath("html.toml").read_text(encoding="utf-8"))
_BREAKING, _ACTIVE, _CONTENT, _VOID, _BOLD = (
    frozenset(_DATA[name]) for name in ("breaking", "active", "content", "void", "bold")
)
_DROPPED = _ACTIVE | frozenset(_DATA["furniture"])
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.IGNORECASE)
_MAX_HEADING = 120
_PROPERTIES: dict[str, str] = _DATA["properties"]


def read_html(data: bytes, limits: ReadLimits) -> Extracted:
    text, warnings = decode(data, limits, markup=True)
    extracted = parse_html(text)
    return replace(extracted, warnings=warnings + extracted.warnings)


def parse_html(text: str) -> Extracted:
    """Blocks, properties from the head, and warnings of an HTML text or fragment."""
    cleaner = Cleaner()
    reader = _Reader()
    reader.feed(cleaner.clean(text))
    reader.close()
    reader.flush()
    reader.end_table()
    warnings = [*cleaner.warnings()]
    if reader.active:
        warnings.append(warn("scripts", reader.active))
    if reader.images:
        warnings.append(warn("images", reader.images))
    return Extracted(reader.blocks, reader.properties, tuple(warnings))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.properties: dict[str, str] = {}
        self.active = self.images = 0
        self._text: list[str] = []
        self._bold_chars = self._chars = self._bold = 0
        self._heading = 0
        self._lists: list[int | None] = []
        self._marker = ""
        self._dropping = ""
        self._drop_depth = 0
        self._title = False
        self._rows: list[list[str]] | None = None
        self._tables = 0
        self._header = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._note_head(tag, values)
        self.active += tag in _ACTIVE
        if self._dropping:
            if tag in _CONTENT and self._dropping in ("nav", "head"):
                self._dropping = ""  # never closed: better furniture in the text than text lost with it
            else:
                self._drop_depth += tag == self._dropping
                return
        hidden = "hidden" in values or _HIDDEN.search(values.get("style") or "")
        if (tag in _DROPPED or hidden) and tag not in _VOID:
            self._dropping, self._drop_depth = tag, 1
        elif tag == "br":
            self._text.append("\n")
        elif tag == "img":
            self.images += not values.get("alt")
            self._text.append(values.get("alt") or "")
        elif tag in _BOLD:
            self._bold += 1
        elif tag in ("table", "tr", "td", "th"):
            self._open_table_part(tag)
        elif tag in _HEADINGS or tag in _BREAKING:
            self.flush()
            self._heading = _HEADINGS.get(tag, 0)
            if tag in ("ul", "ol"):
                start = values.get("start") or "1"
                self._lists.append(None if tag == "ul" else int(start) if start.isdecimal() and len(start) < 6 else 1)
            elif tag == "li":
                self._marker = self._next_marker()

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._title = False
        if self._dropping:
            self._drop_depth -= tag == self._dropping
            if self._drop_depth == 0:
                self._dropping = ""
            return
        if tag in _BOLD:
            self._bold = max(0, self._bold - 1)
        elif tag in ("table", "tr", "td", "th"):
            self._close_table_part(tag)
        elif tag in _HEADINGS or tag in _BREAKING:
            self.flush()
            self._heading = 0
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()

    def handle_data(self, data: str) -> None:
        if self._title:
            self.properties["title"] = (self.properties.get("title", "") + data).strip()
        if self._title or self._dropping:
            return
        # Line feeds in the source are only spaces; those that break a line came from <br>.
        data = data.replace("\n", " ")
        visible = len(data.replace(" ", ""))
        self._chars += visible
        self._bold_chars += visible if self._bold else 0
        self._text.append(data)

    def flush(self) -> None:
        """Ends the running block."""
        text = "".join(self._text)
        if self._rows is not None:
            self._text.append(" ")
            return
        bold = self._chars > 0 and self._bold_chars == self._chars
        self._text.clear()
        self._chars = self._bold_chars = 0
        if not text.strip():
            return
        depth = len(self._lists)
        flat = " ".join(text.split())
        if self._heading:
            self.blocks.append(Block("heading", flat, level=self._heading))
        elif self._marker:
            first, *rest = split_lines(text, level=depth, numbers=False)
            self.blocks += [replace(first, kind="list_item", level=depth, marker=self._marker), *rest]
        elif bold and not depth and len(flat) <= _MAX_HEADING and flat[-1] not in ".,:;":
            self.blocks.append(Block("heading", flat, level=6))
        else:
            for chunk in re.split(r"\n\s*\n", text):
                self.blocks += split_lines(chunk, level=depth)
        self._marker = ""

    def end_table(self) -> None:
        rows, self._rows, self._tables = self._rows, None, 0
        if rows is None:
            return
        if rows:
            rows[-1:] = [[*rows[-1][:-1], "".join(self._text)]] if rows[-1] and self._text else rows[-1:]
        self._text.clear()
        self._chars = self._bold_chars = 0
        if max((len(row) for row in rows), default=0) < 2:
            # One column is a box around text, not a table.
            self.blocks += [block for row in rows for cell in row for block in split_lines(cell.strip())]
        else:
            self.blocks += label_rows(rows, header=self._header or has_header(rows), depth=len(self._lists))

    def _open_table_part(self, tag: str) -> None:
        if tag == "table":
            if self._rows is None:
                self.flush()
                self._rows, self._header = [], False
            self._tables += 1
        if self._rows is None or self._tables > 1:
            self._text.append(" ")
        elif tag == "tr":
            self._end_cell()
            self._rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            if not self._rows:
                self._rows.append([])
            self._header |= tag == "th" and len(self._rows) == 1
            self._rows[-1].append("")

    def _close_table_part(self, tag: str) -> None:
        if tag == "table" and self._tables > 1:
            self._tables -= 1
        elif tag == "table" and self._rows is not None:
            self._end_cell()
            self.end_table()
        elif self._tables == 1:
            self._end_cell()
        else:
            self._text.append(" ")

    def _end_cell(self) -> None:
        """Puts the text since the cell opened into it; text outside any cell becomes a row of its own."""
        text = "".join(self._text)
        self._text.clear()
        if not text.strip() or self._rows is None:
            return
        if self._rows and self._rows[-1]:
            self._rows[-1][-1] = f"{self._rows[-1][-1]} {text}"
        else:
            self._rows.append([text])

    def _next_marker(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "•"
        number = self._lists[-1]
        self._lists[-1] = number + 1
        return f"{number}."

    def _note_head(self, tag: str, values: dict[str, str | None]) -> None:
        self._title = tag == "title" and "title" not in self.properties
        if tag == "meta":
            name = (values.get("name") or values.get("property") or "").lower()
            if name in _PROPERTIES and values.get("content"):
                self.properties.setdefault(_PROPERTIES[name], values["content"] or "")
