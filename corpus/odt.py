"""OpenDocument text, written by hand: three XML files and a manifest."""

from __future__ import annotations

from datetime import datetime, time
from itertools import groupby
from xml.sax.saxutils import escape

from corpus.archive import pack
from corpus.sources import Block, Run, Source

ODT_TYPE = "application/vnd.oasis.opendocument.text"
NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
    )
)


def render_odt(source: Source) -> bytes:
    """The document as OpenDocument text: outline levels, lists, tables, and a page style with header and footer."""
    body = "".join(
        f"<text:list>{''.join(map(_odt_block, group))}</text:list>"
        if kind == "item"
        else "".join(map(_odt_block, group))
        for kind, group in groupby(source.blocks, lambda block: block.kind)
    )
    when = datetime.combine(source.date, time(9)).isoformat()
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    parts = {
        "content.xml": ("content", "", f"<office:automatic-styles>{_FACES}</office:automatic-styles>"
                        f"<office:body><office:text>{body}</office:text></office:body>"),
        "styles.xml": ("styles", "", _page_style(source.header)),
        "meta.xml": ("meta", f" {dc}", f"<office:meta><dc:title>{escape(source.title)}</dc:title>"
                     f"<dc:creator>{escape(source.issuer)}</dc:creator><dc:language>sv-SE</dc:language>"
                     f"<meta:creation-date>{when}</meta:creation-date><dc:date>{when}</dc:date></office:meta>"),
    }  # fmt: skip
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in [("/", ODT_TYPE), *((name, "text/xml") for name in parts)]
    )
    manifest = (
        f'{declaration}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.2">{entries}</manifest:manifest>'
    )
    documents = (
        (
            name,
            f'{declaration}<office:document-{kind} {NAMES}{extra} office:version="1.2">{inner}'
            f"</office:document-{kind}>",
        )
        for name, (kind, extra, inner) in parts.items()
    )
    texts = (("mimetype", ODT_TYPE), *documents, ("META-INF/manifest.xml", manifest))
    return pack((name, text.encode()) for name, text in texts)


_FACES = (
    '<style:style style:name="Bold" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Italic" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>'
)


def _page_style(header: str) -> str:
    return (
        '<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties '
        'fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2.5cm"/></style:page-layout></office:automatic-styles>'
        '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4">'
        f"<style:header><text:p>{escape(header)}</text:p></style:header>"
        "<style:footer><text:p>Sida <text:page-number>1</text:page-number></text:p></style:footer>"
        "</style:master-page></office:master-styles>"
    )


def _odt_block(block: Block) -> str:
    text = "".join(map(_odt_run, block.runs))
    if block.kind == "heading":
        return f'<text:h text:outline-level="{block.level}">{text}</text:h>'
    if block.kind == "item":
        return f"<text:list-item><text:p>{text}</text:p></text:list-item>"
    if block.kind == "paragraph":
        return f"<text:p>{text}</text:p>"
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in block.rows
    )
    columns = f'<table:table-column table:number-columns-repeated="{len(block.rows[0])}"/>'
    return f"<table:table>{columns}{rows}</table:table>"


def _odt_run(run: Run) -> str:
    style = "Bold" if run.bold else "Italic" if run.italic else ""
    text = escape(run.text)
    return f'<text:span text:style-name="{style}">{text}</text:span>' if style else text
