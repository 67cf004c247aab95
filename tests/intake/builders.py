"""Small documents in every format, built by hand so that each test says what is in the file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fpdf import FPDF

from analyzer.intake import ReadLimits, read_files
from analyzer.intake.documents import read_document
from analyzer.records import Document, Skipped

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "drawing", "manifest")
)


def read(name: str, data: bytes | str, limits: ReadLimits | None = None) -> Document:
    """Reads in this process, so that a failure shows where it happened."""
    raw = data.encode() if isinstance(data, str) else data
    return read_document(name, raw, key=name, limits=limits or ReadLimits())


def read_one(path: Path, data: bytes, **options: Any) -> Document | Skipped:
    """Writes a file and reads it the way the program does, in a process of its own."""
    path.write_bytes(data)
    (result,) = read_files([path], **options)
    return result


def outline(document: Document) -> list[tuple[str, str]]:
    """(kind, text) of every passage."""
    return [(passage.kind, document.text[passage.start : passage.end]) for passage in document.passages]


def zip_bytes(parts: dict[str, bytes | str], stored: Iterable[str] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx(body: str, **parts: str | bytes) -> bytes:
    """A DOCX with `body` inside w:body; other parts by name, with "__" for "/" and without ".xml"."""
    content = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": word_part("document", f"<w:body>{body}</w:body>"),
    }
    for name, part in parts.items():
        content[f"{name.replace('__', '/')}.xml"] = part
    return zip_bytes(content)


def word_part(root: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} xmlns:w="{W}">{content}</w:{root}>'


def para(text: str, style: str = "", *, bold: bool = False, number: tuple[int, int] | None = None) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        properties += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r>{weight}<w:t>{text}</w:t></w:r></w:p>"


def odt(body: str, automatic: str = "", **parts: str | bytes) -> bytes:
    """An ODT with `body` inside office:text and `automatic` among the automatic styles."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODF}><office:automatic-styles>{automatic}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    named = {f"{name.replace('__', '/')}.xml": part for name, part in parts.items()}
    mimetype = "application/vnd.oasis.opendocument.text"
    return zip_bytes({"mimetype": mimetype, "content.xml": content, **named}, stored=["mimetype"])


def pdf(*pages: Iterable[tuple[str, str, float]], header: str = "", footer: str = "") -> bytes:
    """A PDF; each page is (text, style, size) blocks, and `footer` may hold {page}."""

    class Paper(FPDF):
        def header(self) -> None:
            if header:
                self.set_font("helvetica", size=9)
                self.cell(0, 8, header, new_x="LMARGIN", new_y="NEXT")

        def footer(self) -> None:
            if footer:
                self.set_y(-15)
                self.set_font("helvetica", size=8)
                self.cell(0, 8, footer.replace("{page}", str(self.page_no())))

    paper = Paper()
    for page in pages:
        paper.add_page()
        for text, style, size in page:
            paper.set_font("helvetica", style, size)
            paper.multi_cell(0, size * 0.55, text, align="L", new_x="LMARGIN", new_y="NEXT")
            paper.ln(3)
    return bytes(paper.output())


def records(*lines: dict[str, Any] | str) -> bytes:
    return "".join(
        (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines
    ).encode()
