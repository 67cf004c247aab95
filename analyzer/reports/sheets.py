"""Rows as CSV or XLSX, so that no spreadsheet runs anything that stands in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from analyzer.errors import UsageError

Rows = Sequence[Mapping[str, Any]]

#: A spreadsheet takes a cell that begins with one of these for a formula, the full-width signs in some languages.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What a cell and a sheet of XLSX hold.
CELL_CHARS, SHEET_ROWS = 32_767, 1_048_576
CUT = " […]"
#: Widths of columns in characters.
NARROW, MIDDLE, WIDE = 12, 30, 48


def write_csv(rows: Rows) -> bytes:
    """CSV with byte order mark and semicolons, as Swedish spreadsheets expect; formulas defused with an apostrophe."""
    stream = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows({key: defuse(value) for key, value in row.items()} for row in rows)
    return stream.getvalue().encode("utf-8-sig", "replace")


def defuse(value: Any) -> Any:
    """Text that a spreadsheet would run is made text that it shows."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write_xlsx(sheets: Mapping[str, Rows]) -> bytes:
    """One sheet a name, each with a header row that stays in view; strings stay strings.

    Raises:
        UsageError: more rows than a sheet can hold.
    """
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EEF1F4"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in sheets.items():
            fill_sheet(book.add_worksheet(name), rows, bold, wrapped)
    return stream.getvalue()


def fill_sheet(sheet: Any, rows: Rows, bold: Any, wrapped: Any) -> None:
    """Header and rows; columns with long text are wide."""
    if len(rows) >= SHEET_ROWS:
        raise UsageError(f"Urvalet har {len(rows)} rader, fler än ett kalkylblad rymmer; snäva in det eller välj CSV.")
    sheet.freeze_panes(1, 0)
    if not rows:
        return
    names = list(rows[0])
    sheet.write_row(0, 0, names, bold)
    sheet.autofilter(0, 0, len(rows), len(names) - 1)
    for column, name in enumerate(names):
        longest = max(len(str(row[name])) if row[name] is not None else 0 for row in rows[:200])
        sheet.set_column(column, column, WIDE if longest > MIDDLE else max(NARROW, longest + 2))
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row.values()):
            if isinstance(value, str):
                sheet.write_string(at, column, cut(value), wrapped)
            elif value is not None:
                sheet.write_number(at, column, value, wrapped)
            else:
                sheet.write_blank(at, column, None, wrapped)


def cut(text: str) -> str:
    """The text as far as a cell holds it, with a sign where something is left out."""
    return text if len(text) <= CELL_CHARS else text[: CELL_CHARS - len(CUT)] + CUT
