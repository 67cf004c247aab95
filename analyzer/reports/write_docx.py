"""A report as DOCX (python-docx), in Word's own styles, so that it can be gone on with in Word."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time
from functools import singledispatchmethod
from typing import Any

import docx
from docx.enum.text import WD_BREAK, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Text

from analyzer.reports.layout import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    NewPage,
    Paragraph,
    Quote,
    Report,
    Run,
    printable,
)

GREY, BLUE = RGBColor(85, 85, 85), RGBColor(31, 78, 121)
PAGE_MM, MARGIN_MM = (210, 297), 25


def write_docx(report: Report) -> bytes:
    """The file's bytes."""
    writer = Writer(report)
    for block in report.blocks:
        writer.draw(block)
    buffer = io.BytesIO()
    writer.document.save(buffer)
    return buffer.getvalue()


class Writer:
    """One document as it grows."""

    def __init__(self, report: Report) -> None:
        self.document: Any = docx.Document()
        self.end = self.document.element.body.sectPr
        self.style_ids = {style.name: style.style_id for style in self.document.styles}
        self.describe(report)
        self.set_styles()
        section = self.document.sections[0]
        section.page_width, section.page_height = (Mm(size) for size in PAGE_MM)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
        header = section.header.paragraphs[0].add_run(printable(f"{report.title} · {report.subtitle}"))
        header.font.size, header.font.color.rgb = Pt(8), GREY
        add_fields(section.footer.paragraphs[0], ("Sida ", "PAGE", " av ", "NUMPAGES"))
        self.add_runs(self.add_paragraph("Title"), [Run(report.title)])
        self.add_runs(self.add_paragraph(), [Run(f"{report.subtitle} · {report.day.isoformat()}")], GREY)

    def describe(self, report: Report) -> None:
        """What the file says of itself."""
        properties = self.document.core_properties
        properties.title, properties.subject = printable(report.title)[:255], printable(report.subtitle)[:255]
        properties.author = properties.last_modified_by = "styrsignal"
        properties.comments, properties.language = "", "sv-SE"
        properties.created = properties.modified = datetime.combine(report.day, time(12))

    def set_styles(self) -> None:
        """Swedish as the language of the text, so that its spelling is checked as such; calm sizes."""
        styles = self.document.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "sv-SE")
        normal = styles["Normal"]
        normal.font.size = Pt(10.5)
        normal.paragraph_format.space_after = Pt(6)
        for name, points in (("Title", 22), ("Heading 1", 16), ("Heading 2", 13), ("Heading 3", 11)):
            styles[name].font.size = Pt(points)
            styles[name].font.color.rgb = BLUE
            styles[name].paragraph_format.keep_with_next = True

    def add_paragraph(self, style: str = "") -> Any:
        """A paragraph at the end. python-docx's own way looks through all that is there already for each one."""
        element = OxmlElement("w:p")
        self.end.addprevious(element)
        if style:
            element.get_or_add_pPr().style = self.style_ids[style]
        return Text(element, self.document._body)

    def add_runs(self, paragraph: Any, runs: Sequence[Run], colour: RGBColor | None = None) -> None:
        """Evidence is highlighted and underlined, so that it is seen without colour too."""
        for run in runs:
            added = paragraph.add_run(printable(run.text))
            added.bold = run.bold or None
            if run.mark:
                added.font.highlight_color, added.underline = WD_COLOR_INDEX.YELLOW, True
            if colour is not None:
                added.font.color.rgb = colour

    @singledispatchmethod
    def draw(self, block: Block) -> None:
        """One block."""
        raise TypeError(f"no such block: {block!r}")

    @draw.register
    def _(self, block: Heading) -> None:
        self.add_runs(self.add_paragraph(f"Heading {block.level}"), [Run(block.text)])

    @draw.register
    def _(self, block: Paragraph) -> None:
        self.add_runs(self.add_paragraph(), block.runs, GREY if block.muted else None)

    @draw.register
    def _(self, block: Quote) -> None:
        for runs, colour, last in (
            ([Run(block.head, bold=True)], None, False),
            (block.runs, None, False),
            ([Run(block.source)], GREY, True),
        ):
            paragraph = self.add_paragraph()
            paragraph.paragraph_format.left_indent = Mm(6)
            paragraph.paragraph_format.space_after = Pt(8 if last else 2)
            paragraph.paragraph_format.keep_with_next = not last
            self.add_runs(paragraph, runs, colour)

    @draw.register
    def _(self, block: Bullets) -> None:
        for item in block.items:
            self.add_runs(self.add_paragraph("List Bullet"), [Run(item)])

    @draw.register
    def _(self, block: Facts) -> None:
        for name, value in block.rows:
            paragraph = self.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            self.add_runs(paragraph, [Run(f"{name}: ", bold=True), Run(value)])

    @draw.register
    def _(self, block: Grid) -> None:
        table = self.document.add_table(rows=1, cols=len(block.headers), style="Table Grid")
        repeat_head(table.rows[0])
        width = PAGE_MM[0] - 2 * MARGIN_MM
        for cells, bold in ((block.headers, True), *((row, False) for row in block.rows)):
            row = table.rows[0] if bold else table.add_row()
            for cell, text, share in zip(row.cells, cells, block.widths, strict=True):
                cell.width = Mm(width * share)
                self.add_runs(cell.paragraphs[0], [Run(text, bold=bold)])
                cell.paragraphs[0].paragraph_format.space_after = Pt(2)
        self.add_paragraph()

    @draw.register
    def _(self, block: NewPage) -> None:
        self.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def repeat_head(row: Any) -> None:
    """Word repeats the row on each page that the table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def add_fields(paragraph: Any, parts: Sequence[str]) -> None:
    """Text and, in capitals, fields that Word fills in."""
    for part in parts:
        run = paragraph.add_run("" if part.isupper() else part)
        run.font.size = Pt(8)
        if not part.isupper():
            continue
        for kind in ("begin", "", "end"):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = part
            run._r.append(element)
