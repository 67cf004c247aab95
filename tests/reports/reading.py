"""Reports read back, as their readers' programs would read them."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import docx
import pypdfium2

#: Where nothing is said of a line's end, any white space may stand.
SPACE = re.compile(r"\s+")


def read_report(content: bytes, format_: str) -> str:
    """All text of a report, white space made single."""
    readers = {"docx": read_docx, "pdf": read_pdf, "html": read_html}
    return SPACE.sub(" ", readers[format_](content))


def read_docx(content: bytes) -> str:
    """Paragraphs and tables in the order in which they stand."""
    document = docx.Document(io.BytesIO(content))
    lines = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines += [" ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def read_pdf(content: bytes) -> str:
    """The text of every page."""
    document = pypdfium2.PdfDocument(content)
    pages = [document[at].get_textpage().get_text_range() for at in range(len(document))]
    return "\n".join(pages).replace("\ufffe", "")


class Reader(HTMLParser):
    """Collects text, marked text, and the names of elements."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.marked: list[str] = []
        self.elements: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, with its attributes."""
        self.elements.append(tag)
        self.texts.append(" ")
        assert not [name for name, _value in attrs if name.startswith("on") or name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        """Note the text."""
        if self.elements[-1] != "style":
            self.texts.append(data)
        if self.elements[-1] == "mark":
            self.marked.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Text after an element is not in it."""
        self.elements.append(f"/{tag}")


def parse_html(content: bytes) -> Reader:
    """The report as a browser takes it."""
    reader = Reader()
    reader.feed(content.decode("utf-8"))
    return reader


def read_html(content: bytes) -> str:
    """The text that is shown."""
    return "".join(parse_html(content).texts)
