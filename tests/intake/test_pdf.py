"""PDF: pages, headings, wrapped and divided words, tables; running heads dropped and nothing else."""

from __future__ import annotations

import io

import pikepdf
import pytest
from fpdf import FPDF

from analyzer.errors import ReadError

from .builders import outline, pdf, read

LONG = "Polisregionen ska öka den synliga närvaron i utsatta områden och varje månad redovisa hur det har gått till. "


def page(number: int) -> list[tuple[str, str, float]]:
    return [
        (f"Mål {number}", "B", 18),
        ("Närvaro", "B", 12),
        (LONG * 4, "", 11),
        (
            "Regionen ska samtidigt arbeta med kort-\noch långsiktiga åtgärder enligt EU-\nregler för närva-\nron.",
            "",
            11,
        ),
        ("Regionen ska:", "", 11),
        (
            f"- minska övertiden,\n- öka lagföringen på ort {number} och därför avsätta tid för utbildning,",
            "",
            11,
        ),
    ]


def test_layout_becomes_structure() -> None:
    document = read(
        "a.pdf",
        pdf(page(1), page(2), page(3), header="Polisregion Mitt   Dnr A123.456/2026", footer="Sida {page} av 3"),
    )
    first = [(p.kind, document.text[p.start : p.end]) for p in document.passages if p.page == 1]
    assert first == [
        ("heading", "Mål 1"),
        ("heading", "Närvaro"),
        ("paragraph", (LONG * 4).strip()),
        (
            "paragraph",
            "Regionen ska samtidigt arbeta med kort- och långsiktiga åtgärder enligt EU-regler för närvaron.",
        ),
        ("paragraph", "Regionen ska:"),
        ("list_item", "minska övertiden,"),
        ("list_item", "öka lagföringen på ort 1 och därför avsätta tid för utbildning,"),
    ]
    assert [p.page for p in document.passages if p.kind == "heading"] == [1, 1, 2, 2, 3, 3]
    assert document.passages[-1].heading_path == ("Mål 3", "Närvaro")
    assert "Sida" not in document.text and "Dnr" not in document.text
    assert any("6 återkommande" in warning for warning in document.warnings)
    assert document.metadata.registration_number == "A123.456/2026"
    assert document.metadata.issuer == "Polisregion Mitt"


def test_a_paragraph_goes_on_over_the_page() -> None:
    document = read("a.pdf", pdf([("Enheten ska mäta farten på alla", "", 11)], [("vägar i länet.", "", 11)]))
    assert outline(document) == [("paragraph", "Enheten ska mäta farten på alla vägar i länet.")]
    assert document.passages[0].page == 1


def test_a_page_without_text_is_named() -> None:
    document = read("a.pdf", pdf([(LONG, "", 11)], [], [("Chefen ska följa upp.", "", 11)]))
    assert any("1 sidor" in warning and "sidan 2" in warning for warning in document.warnings)


def test_the_lines_of_a_head_stay_apart() -> None:
    head = "Polismyndigheten, region Syd\nDatum: 2026-01-22\nDiarienr: A011.408/2026\nGäller: 2026-02-01 - 2027-01-31"
    document = read("a.pdf", pdf([("Plan för trafik", "B", 16), (head, "", 11), (LONG * 3, "", 11)]))
    assert [text for kind, text in outline(document) if kind == "paragraph"] == [*head.split("\n"), (LONG * 3).strip()]
    assert document.metadata.date == "2026-01-22"
    assert document.metadata.registration_number == "A011.408/2026"
    assert (document.metadata.valid_from, document.metadata.valid_to) == ("2026-02-01", "2027-01-31")


def test_a_document_of_running_heads_alone_has_no_text() -> None:
    with pytest.raises(ReadError) as caught:
        read("a.pdf", pdf([], [], [], header="Polisregion Mitt", footer="Sida {page}"))
    assert caught.value.code == "no_text"


def test_outline_decides_what_is_a_heading() -> None:
    source = pikepdf.open(
        io.BytesIO(pdf([("Bakgrund till planen", "", 11), (LONG * 2, "", 11), ("Delmål", "", 11), (LONG * 2, "", 11)]))
    )
    with source.open_outline() as entries:
        top = pikepdf.OutlineItem("Bakgrund till planen", 0)
        top.children.append(pikepdf.OutlineItem("Delmål", 0))
        entries.root.append(top)
    out = io.BytesIO()
    source.save(out)
    document = read("a.pdf", out.getvalue())
    assert [text for kind, text in outline(document) if kind == "heading"] == ["Bakgrund till planen", "Delmål"]
    assert document.passages[-1].heading_path == ("Bakgrund till planen", "Delmål")


TABLE = (
    ("Område", "Indikator", "Mål 2026"),
    ("Trafik", "Nykterhetskontroller på vägar där många olyckor med personskada har skett", "minst 11 000"),
    ("Larm", "Svarstid på 112 i hela länet", "högst 10 sekunder"),
)


@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("wrapped", [False, True])
def test_columns_become_rows(padding: float, wrapped: bool) -> None:
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=11)
    paper.multi_cell(0, 6, LONG * 2, new_x="LMARGIN", new_y="NEXT")
    rows = TABLE if wrapped else (TABLE[0], TABLE[2])
    with paper.table(padding=padding, line_height=5.5) as table:
        for cells in rows:
            row = table.row()
            for text in cells:
                row.cell(text)
    paper.multi_cell(0, 6, "Uppföljning sker varje månad.", new_x="LMARGIN", new_y="NEXT")
    found = outline(read("a.pdf", bytes(paper.output())))
    assert found[0] == ("paragraph", (LONG * 2).strip())
    assert found[-1] == ("paragraph", "Uppföljning sker varje månad.")
    if padding or not wrapped:
        assert found[1:-1] == [
            ("table_row", f"Område: {area} | Indikator: {indicator} | Mål 2026: {goal}")
            for area, indicator, goal in rows[1:]
        ]
    # Without padding nothing tells a wrapped cell from a new row; the words must all be there.
    words = " ".join(text for _, text in found).split()
    assert all(word in words for cells in rows[1:] for cell in cells for word in cell.split())


def test_a_list_of_contents_is_left_out() -> None:
    document = read("a.pdf", pdf([("Inledning ............ 3\nMål .............. 5", "", 11), (LONG, "", 11)]))
    assert document.text == LONG.strip()
    assert any("innehållsförteckning" in warning for warning in document.warnings)


def test_text_repeated_in_the_body_stays() -> None:
    pages = [[("Rubrik som återkommer", "B", 16), (LONG * 3, "", 11)] for _ in range(4)]
    document = read("a.pdf", pdf(*pages))
    assert document.text.count("Rubrik som återkommer") == 4
    assert document.text.count("närvaron") == 12


def test_a_broken_part_is_never_passed_over_in_silence() -> None:
    whole = pdf([(LONG * 8, "", 11)])
    assert not any("skadade" in warning for warning in read("a.pdf", whole).warnings)
    start = whole.index(b"stream\n") + 7
    middle = (start + whole.index(b"endstream")) // 2
    broken = whole[:middle] + b"\xff\x00\xff\x00" + whole[middle + 4 :]
    try:
        document = read("a.pdf", broken)
    except ReadError as error:
        assert error.code in ("no_text", "damaged")
    else:
        assert any("skadade" in warning for warning in document.warnings)
