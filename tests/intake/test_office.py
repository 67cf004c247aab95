"""DOCX and ODT: styles, lists, tables, notes and boxes read; deleted text, margins and macros not."""

from __future__ import annotations

from .builders import ODF, docx, odt, outline, para, read, word_part

STYLES = word_part(
    "styles",
    '<w:style w:styleId="Rubrik1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Egen"><w:name w:val="Egen rubrik"/><w:basedOn w:val="Rubrik2"/></w:style>'
    '<w:style w:styleId="Rubrik2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="Punkt"><w:name w:val="List Bullet 2"/></w:style>',
)
NUMBERING = word_part(
    "numbering",
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>',
)


def cell(*texts: str, extra: str = "") -> str:
    return f"<w:tc><w:tcPr>{extra}</w:tcPr>{''.join(para(text) for text in texts)}</w:tc>"


def test_docx_styles_and_lists() -> None:
    body = (
        para("Plan", "Titel")
        + para("Innehåll … 3", "TOC1")
        + para("Mål", "Rubrik1")
        + para("Trafik", "Egen")
        + para("Enheten ska:")
        + para("mäta", number=(7, 0))
        + para("på natten", number=(7, 1))
        + para("på dagen", number=(7, 1))
        + para("redovisa", number=(7, 0))
        + para("en punkt", "Punkt")
        + para("Uppföljning", bold=True)
        + para("Chefen ska följa upp.", bold=True)
    )
    document = read("a.docx", docx(body, word__styles=STYLES, word__numbering=NUMBERING))
    assert outline(document) == [
        ("heading", "Plan"),
        ("heading", "Mål"),
        ("heading", "Trafik"),
        ("paragraph", "Enheten ska:"),
        ("list_item", "mäta"),
        ("list_item", "på natten"),
        ("list_item", "på dagen"),
        ("list_item", "redovisa"),
        ("list_item", "en punkt"),
        ("heading", "Uppföljning"),
        ("paragraph", "Chefen ska följa upp."),
    ]
    assert "1. mäta\n1.a) på natten\n1.b) på dagen\n2. redovisa\n• en punkt" in document.text
    assert [p.depth for p in document.passages[4:9]] == [1, 2, 2, 1, 2]
    assert document.passages[3].heading_path == ("Plan", "Mål", "Trafik")
    assert {passage.page for passage in document.passages} == {None}


def test_docx_tracked_changes_boxes_notes_and_hidden_text() -> None:
    body = (
        '<w:p><w:r><w:t>Enheten ska </w:t></w:r><w:del><w:r><w:delText>inte </w:delText></w:r></w:del>'
        "<w:ins><w:r><w:t>alltid </w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>hemligt</w:t></w:r>"
        '<w:r><w:t>mäta.</w:t><w:footnoteReference w:id="2"/></w:r>'
        '<w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><w:txbxContent>' + para("Ruta ska läsas.")
        + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>" + para("Ruta ska läsas.") + "</w:txbxContent>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )  # fmt: skip
    notes = word_part(
        "footnotes", '<w:footnote w:type="separator" w:id="0"/><w:footnote w:id="2">' + para("Noten.") + "</w:footnote>"
    )
    header = word_part("hdr", para("Polisregion Syd") + para("Dnr A123.456/2026"))
    document = read("a.docx", docx(body, word__footnotes=notes, word__header1=header))
    assert document.text == "Enheten ska alltid mäta.\n\n[1] Noten.\n\nRuta ska läsas."
    assert any("borttagning" in warning for warning in document.warnings)
    assert document.metadata.registration_number == "A123.456/2026"
    assert document.metadata.issuer == "Polisregion Syd"
    assert document.metadata.level == "regional"


def test_docx_tables() -> None:
    def row(*cells: str) -> str:
        return f"<w:tr>{''.join(cells)}</w:tr>"

    down, under = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = (
        row(cell("Område"), cell("Indikator"), cell("Mål 2026"))
        + row(cell("Trafik", extra=down), cell("Prov"), cell("minst 500", "per månad"))
        + row(cell("", extra=under), cell("Fart", extra='<w:gridSpan w:val="2"/>'))
    )
    boxed = row(cell("Enheten ska mäta.", "Chefen ska följa upp."))
    document = read("a.docx", docx(f"<w:tbl>{table}</w:tbl><w:tbl>{boxed}</w:tbl>"))
    assert outline(document) == [
        ("table_row", "Område: Trafik | Indikator: Prov | Mål 2026: minst 500 per månad"),
        ("table_row", "Område: Trafik | Indikator: Fart"),
        ("paragraph", "Enheten ska mäta."),
        ("paragraph", "Chefen ska följa upp."),
    ]


def test_odt_structure() -> None:
    styles = (
        '<style:style style:name="P1" style:parent-style-name="Heading_20_2"/>'
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/></text:list-style>'
    )
    body = (
        '<text:h text:outline-level="1">Mål</text:h><text:p text:style-name="P1">Trafik</text:p>'
        "<text:p>Enheten<text:s/>ska <text:span>mäta</text:span>.<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Noten.</text:p></text:note-body></text:note></text:p>"
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Bort</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:list text:style-name="L1"><text:list-item><text:p>ett</text:p><text:list><text:list-item>'
        "<text:p>under</text:p>"
        "</text:list-item></text:list></text:list-item><text:list-item><text:p>två</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Indikator</text:p></table:table-cell>"
        "<table:table-cell><text:p>Mål</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>Prov</text:p></table:table-cell><table:table-cell>"
        '<text:p>500</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/>'
        "</table:table-row>"
        "</table:table>"
    )
    document = read("a.odt", odt(body, automatic=styles))
    assert outline(document) == [
        ("heading", "Mål"),
        ("heading", "Trafik"),
        ("paragraph", "Enheten ska mäta."),
        ("paragraph", "Noten."),
        ("list_item", "ett"),
        ("list_item", "under"),
        ("list_item", "två"),
        ("table_row", "Indikator: Prov | Mål: 500"),
    ]
    assert "1. ett\n• under\n2. två" in document.text
    assert document.passages[2].heading_path == ("Mål", "Trafik")
    assert any("borttagning" in warning for warning in document.warnings)


def test_odt_margins_give_metadata_only() -> None:
    styles = (
        f"<office:document-styles {ODF}><style:master-page><style:header><text:p>Dnr A9/2026</text:p></style:header>"
        "</style:master-page></office:document-styles>"
    )
    document = read("a.odt", odt("<text:p>Enheten ska mäta.</text:p>", styles=styles))
    assert document.text == "Enheten ska mäta."
    assert document.metadata.registration_number == "A9/2026"
