"""A report as PDF (fpdf2), with its own font embedded: nothing is asked of the machine that makes or reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import singledispatchmethod
from importlib.resources import as_file, files

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

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

FONT = "DejaVu Sans Condensed"
FILES = {"": "DejaVuSansCondensed.ttf", "B": "DejaVuSansCondensed-Bold.ttf"}
BODY, SMALL, LINE = 9.5, 8.0, 4.9
HEADING_POINTS = {1: 15.0, 2: 12.0, 3: 10.5}
MARGIN_MM, INDENT_MM = 22.0, 4.0
#: Millimetres that must be left under a heading or the head of a quote; else a new page is begun.
ROOM_MM = 32.0
#: A row that is taller than a page cannot be set.
LONGEST_CELL = 600
INK, GREY, BLUE = (27, 27, 27), (85, 85, 85), (31, 78, 121)


def write_pdf(report: Report) -> bytes:
    """The file's bytes; the same report gives the same bytes."""
    page = Pages(report)
    page.draw_front()
    for block in report.blocks:
        page.draw(block)
    return bytes(page.output())


def clean(text: str) -> str:
    """What the font can be asked to show."""
    return printable(text).replace("\t", " ")


class Pages(FPDF):
    """A4 with the report's name at the head of each page and the page's number at its foot."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self.report = report
        for style, name in FILES.items():
            with as_file(files(__package__).joinpath("fonts", name)) as path:
                self.add_font(FONT, style, path)
        self.set_title(clean(report.title))
        self.set_subject(clean(report.subtitle))
        self.set_creator("styrsignal")
        self.set_lang("sv-SE")
        self.set_creation_date(datetime.combine(report.day, time(12), UTC))
        self.set_margins(MARGIN_MM, 18, MARGIN_MM)
        self.set_auto_page_break(True, 20)
        self.look()
        self.add_page()

    def look(self, points: float = BODY, style: str = "", colour: tuple[int, int, int] = INK) -> None:
        """The font from here on."""
        self.set_font(FONT, style, points)
        self.set_text_color(*colour)

    def header(self) -> None:
        """Title and subtitle on one line, from the second page on."""
        if self.page_no() > 1:
            self.look(SMALL, colour=GREY)
            line = clean(f"{self.report.title} · {self.report.subtitle}")
            while self.get_string_width(line) > self.epw and len(line) > 2:
                line = f"{line[:-2]}…"
            self.cell(0, 4, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(4)

    def footer(self) -> None:
        """The day, and which page of how many."""
        self.set_y(-14)
        self.look(SMALL, colour=GREY)
        self.cell(0, 4, f"{self.report.day.isoformat()} · Sida {self.page_no()} av {{nb}}", align="R")

    def draw_front(self) -> None:
        """Title and subtitle."""
        self.look(20, "B")
        self.lines(self.report.title, 8.5)
        self.look(BODY, colour=GREY)
        self.lines(f"{self.report.subtitle} · {self.report.day.isoformat()}", LINE)
        self.ln(3)

    def lines(self, text: str, height: float = LINE) -> None:
        """Text from margin to margin."""
        self.multi_cell(0, height, clean(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def run_on(self, runs: Sequence[Run], points: float = BODY, colour: tuple[int, int, int] = INK) -> None:
        """Runs one after another; evidence is bold and underlined, so that it is seen in print too."""
        for run in runs:
            self.look(points, f"{'B' if run.bold or run.mark else ''}{'U' if run.mark else ''}", colour)
            self.write(LINE, clean(run.text))
        self.ln(LINE)

    def keep_room(self, millimetres: float = ROOM_MM) -> None:
        """Begin a new page where less is left of this one."""
        if self.will_page_break(millimetres):
            self.add_page()

    @singledispatchmethod
    def draw(self, block: Block) -> None:
        """One block."""
        raise TypeError(f"no such block: {block!r}")

    @draw.register
    def _(self, block: Heading) -> None:
        self.keep_room()
        points = HEADING_POINTS[block.level]
        self.ln(points / 4)
        self.look(points, "B", BLUE if block.level == 1 else INK)
        self.start_section(clean(block.text), level=block.level - 1, strict=False)
        self.lines(block.text, points / 2)
        self.ln(1)

    @draw.register
    def _(self, block: Paragraph) -> None:
        self.run_on(block.runs, SMALL if block.muted else BODY, GREY if block.muted else INK)
        self.ln(1.5)

    @draw.register
    def _(self, block: Quote) -> None:
        self.keep_room()
        first_page, top = self.page_no(), self.get_y()
        self.set_left_margin(MARGIN_MM + INDENT_MM)
        self.look(BODY, "B")
        self.lines(block.head)
        self.run_on(block.runs)
        self.look(SMALL, colour=GREY)
        self.lines(block.source, 4)
        self.set_left_margin(MARGIN_MM)
        # The bar at the side is drawn on the page where the quote ends.
        start = top if self.page_no() == first_page else self.t_margin
        self.set_draw_color(*BLUE)
        self.set_line_width(0.7)
        self.line(MARGIN_MM + 1, start, MARGIN_MM + 1, self.get_y())
        self.set_x(MARGIN_MM)
        self.ln(2.5)

    @draw.register
    def _(self, block: Bullets) -> None:
        self.look()
        for item in block.items:
            self.set_x(MARGIN_MM + 1)
            self.cell(4, LINE, "•")
            self.set_left_margin(MARGIN_MM + 5)
            self.lines(item)
            self.set_left_margin(MARGIN_MM)
        self.set_x(MARGIN_MM)
        self.ln(1.5)

    @draw.register
    def _(self, block: Facts) -> None:
        for name, value in block.rows:
            self.run_on((Run(f"{name}: ", bold=True), Run(value)))
        self.ln(1.5)

    @draw.register
    def _(self, block: Grid) -> None:
        self.keep_room()
        self.look(SMALL)
        self.set_draw_color(150, 150, 150)
        self.set_line_width(0.2)
        head = FontFace(emphasis="BOLD", fill_color=(238, 241, 244))
        with self.table(
            col_widths=block.widths, headings_style=head, line_height=4.2, padding=1, text_align="LEFT", align="LEFT"
        ) as table:
            for cells in (block.headers, *block.rows):
                row = table.row()
                for cell in cells:
                    row.cell(clean(shortened(cell)))
        self.ln(3)

    @draw.register
    def _(self, block: NewPage) -> None:
        self.add_page()


def shortened(text: str) -> str:
    """The text, cut where a cell could not hold it."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
