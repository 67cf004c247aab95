"""PDF with a running header, page numbers and an outline, set in the standard fonts so that no font file is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.recorder import FPDFRecorder

from corpus.sources import Block, Run, Source

HEADING_POINTS = {1: 17, 2: 13, 3: 11}
BODY_POINTS = 10.5
LINE_MM = 5.2
INDENT_MM = 6


class _Page(FPDF):
    """A4 with the document's header line at the top and "Sida 1 (3)" at the foot."""

    running: str = ""

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.cell(0, 5, self.running, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 5, f"Sida {self.page_no()} ({{nb}})", align="C")


def render_pdf(source: Source) -> bytes:
    """The document as PDF; uncompressed, so that the bytes do not hang on the version of zlib."""
    page = _Page()
    page.running = source.header
    page.core_fonts_encoding = "windows-1252"
    page.set_compression(False)
    page.set_creation_date(datetime.combine(source.date, time(9), UTC))
    page.set_title(source.title)
    page.set_author(source.issuer)
    page.set_lang("sv-SE")
    page.set_margins(25, 15, 25)
    page.set_auto_page_break(True, 22)
    page.add_page()
    for blocks in _kept_together(source.blocks):
        with page.offset_rendering() as trial:
            _draw_all(trial, blocks)
        if trial.page_break_triggered:
            page.add_page()
        _draw_all(page, blocks)
    return bytes(page.output())


def _kept_together(blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """No block is torn by a page break, and headings stay with what they head."""
    headings: list[Block] = []
    for block in blocks:
        headings.append(block)
        if block.kind != "heading":
            yield headings
            headings = []


def _draw_all(page: FPDF | FPDFRecorder, blocks: list[Block]) -> None:
    for block in blocks:
        _draw(page, block)


def _draw(page: FPDF | FPDFRecorder, block: Block) -> None:
    if block.kind == "heading":
        page.ln(3)
        page.start_section(block.text, level=block.level - 1)
        page.set_font("Helvetica", "B", HEADING_POINTS[block.level])
        page.multi_cell(0, HEADING_POINTS[block.level] * 0.46, block.text, align="L", new_x=XPos.LMARGIN)
        page.ln(1.5)
        return
    page.set_font("Times", size=BODY_POINTS)
    if block.kind == "table":
        with page.table(line_height=LINE_MM, text_align="LEFT", padding=1) as table:
            for row in block.rows:
                table.row(row)
        page.ln(3)
    elif block.kind == "item":
        page.set_x(page.l_margin + 2)
        page.cell(INDENT_MM, LINE_MM, block.marker)
        page.multi_cell(0, LINE_MM, _marked(block.runs), align="L", markdown=True, new_x=XPos.LMARGIN)
        page.ln(1)
    else:
        page.multi_cell(0, LINE_MM, _marked(block.runs), align="L", markdown=True, new_x=XPos.LMARGIN)
        page.ln(2.8)


def _marked(runs: tuple[Run, ...]) -> str:
    """Runs in fpdf2's own marks: ** for bold, __ for italic."""
    marks = ((("**" if run.bold else "") + ("__" if run.italic else ""), run.text) for run in runs)
    return "".join(f"{mark}{text}{mark[::-1]}" for mark, text in marks)
