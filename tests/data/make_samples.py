"""Writes the small files beside it, one plan in every format: `python -m tests.data.make_samples`."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
from fpdf import FPDF

from tests.intake.builders import odt

FOLDER = Path(__file__).parent
DAY = datetime(2026, 1, 15, tzinfo=UTC)

TITLE = "Verksamhetsplan 2026 för polisregion Nord"
FACTS = ["Dnr: A401.115/2025", "Datum: 2025-12-09", "Till: Polisområde Norrbotten"]
AIM = "Regionen ska under 2026 öka antalet nykterhetskontroller på de vägar där flest olyckor sker."
LEAD_IN = "Varje polisområde ska"
ITEMS = ["planera kontrollerna månadsvis,", "redovisa utfallet senast den 31 januari 2027."]
TABLE = [["Indikator", "Utfall 2025", "Mål 2026"], ["Nykterhetskontroller", "9 200", "minst 11 000"]]
#: (kind, text) of every passage that a reader of any of the formats must give.
EXPECTED = [
    ("heading", TITLE),
    *(("paragraph", fact) for fact in FACTS),
    ("heading", "Trafik"),
    ("paragraph", AIM),
    ("paragraph", LEAD_IN),
    *(("list_item", item) for item in ITEMS),
    ("table_row", "Indikator: Nykterhetskontroller | Utfall 2025: 9 200 | Mål 2026: minst 11 000"),
]


def make_markdown() -> str:
    facts = "\n\n".join(FACTS)
    items = "\n".join(f"* {item}" for item in ITEMS)
    rows = "\n".join(f"| {' | '.join(row)} |" for row in (TABLE[0], ["---"] * 3, TABLE[1]))
    return f"# {TITLE}\n\n{facts}\n\n## Trafik\n\n{AIM}\n\n{LEAD_IN}\n\n{items}\n\n{rows}\n"


def make_html() -> str:
    facts = "".join(f"<p>{fact}</p>" for fact in FACTS)
    items = "".join(f"<li>{item}</li>" for item in ITEMS)
    head, row = "".join(f"<th>{cell}</th>" for cell in TABLE[0]), "".join(f"<td>{cell}</td>" for cell in TABLE[1])
    return (
        f'<!doctype html>\n<html lang="sv"><head><meta charset="utf-8"><title>{TITLE}</title></head><body>\n'
        f"<h1>{TITLE}</h1>{facts}<h2>Trafik</h2><p>{AIM}</p><p>{LEAD_IN}</p><ul>{items}</ul>\n"
        f"<table><tr>{head}</tr><tr>{row}</tr></table></body></html>\n"
    )


def make_docx() -> bytes:
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = DAY
    document.add_heading(TITLE, 1)
    for fact in FACTS:
        document.add_paragraph(fact)
    document.add_heading("Trafik", 2)
    document.add_paragraph(AIM)
    document.add_paragraph(LEAD_IN)
    for item in ITEMS:
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(rows=0, cols=3)
    for cells in TABLE:
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_odt() -> bytes:
    facts = "".join(f"<text:p>{fact}</text:p>" for fact in FACTS)
    items = "".join(f"<text:list-item><text:p>{item}</text:p></text:list-item>" for item in ITEMS)
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in TABLE
    )
    return odt(
        f'<text:h text:outline-level="1">{TITLE}</text:h>{facts}<text:h text:outline-level="2">Trafik</text:h>'
        f"<text:p>{AIM}</text:p><text:p>{LEAD_IN}</text:p><text:list>{items}</text:list><table:table>{rows}</table:table>"
    )


def make_pdf() -> bytes:
    paper = FPDF()
    paper.set_creation_date(DAY)
    paper.add_page()

    def write(text: str, style: str = "", size: float = 14) -> None:
        paper.set_font("helvetica", style, size)
        paper.multi_cell(0, size * 0.55, text, align="L", new_x="LMARGIN", new_y="NEXT")
        paper.ln(4)

    write(TITLE, "B", 24)
    for fact in FACTS:
        write(fact)
    write("Trafik", "B", 18)
    write(AIM)
    write(LEAD_IN)
    for item in ITEMS:
        write(f"- {item}")
    paper.ln(4)
    with paper.table() as table:
        for cells in TABLE:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    return bytes(paper.output())


def steady(archive: bytes) -> bytes:
    """The same zip with a fixed time on every entry, so that the file is the same whenever it is made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, (2026, 1, 15, 0, 0, 0))
            fixed.compress_type = entry.compress_type
            target.writestr(fixed, source.read(entry))
    return out.getvalue()


def main(folder: Path) -> None:
    record = json.dumps({"id": "plan-nord-2026", "title": TITLE, "text": make_markdown()}, ensure_ascii=False) + "\n"
    plain = make_markdown().replace("# ", "", 1).replace("## ", "").partition("\n\n| ")[0] + "\n"
    files = {
        "plan.md": make_markdown().encode(),
        "plan.txt": plain.encode(),
        "plan.html": make_html().encode(),
        "plan.docx": steady(make_docx()),
        "plan.odt": steady(make_odt()),
        "plan.pdf": make_pdf(),
        "plan.jsonl": record.encode(),
        "plan.jsonl.gz": gzip.compress(record.encode(), mtime=0),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
