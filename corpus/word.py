"""DOCX through python-docx, in Word's own styles."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from corpus.archive import pack
from corpus.sources import Source


def render_docx(source: Source) -> bytes:
    """The document with Word's own styles for headings, lists and tables, a header line and a page number."""
    document = Document()
    when = datetime.combine(source.date, time(9))
    properties = document.core_properties
    properties.title, properties.author, properties.comments = source.title, source.issuer, ""
    properties.created = properties.modified = when
    properties.language = "sv-SE"
    section = document.sections[0]
    section.header.paragraphs[0].text = source.header
    _add_page_number(section.footer.paragraphs[0])
    for block in source.blocks:
        if block.kind == "heading":
            document.add_heading(block.text, 0 if block.level == 1 else block.level - 1)
        elif block.kind == "table":
            table = document.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
            for row, cells in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        else:
            style = {"•": "List Bullet", "": "Normal"}.get(block.marker, "List Number")
            paragraph = document.add_paragraph(style=style)
            for run in block.runs:
                added = paragraph.add_run(run.text)
                added.bold, added.italic = run.bold or None, run.italic or None
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return pack([(name, archive.read(name)) for name in archive.namelist()])


def _add_page_number(paragraph: Paragraph) -> None:
    run = paragraph.add_run("Sida ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)
