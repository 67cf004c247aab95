"""HTML as an authority's web page, Markdown as it stands, and plain text with underlined headings."""

from __future__ import annotations

from html import escape
from itertools import groupby

from corpus.sources import Block, Run, Source

UNDERLINES = {1: "=", 2: "-", 3: "~"}


def render_html(source: Source) -> bytes:
    """A page with the document in `<main>`, between the site's header and footer."""
    body = "\n".join(
        f"<{name}>\n{inner}\n</{name}>" if name else inner
        for name, inner in (
            (_list_name(first), "\n".join(map(_html_block, blocks))) for first, blocks in _grouped(source.blocks)
        )
    )
    page = (
        '<!DOCTYPE html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(source.title)}</title>\n"
        f'<meta name="author" content="{escape(source.issuer)}">\n'
        f'<meta name="date" content="{source.date.isoformat()}">\n</head>\n<body>\n'
        f"<header>{escape(source.header)}</header>\n<main>\n{body}\n</main>\n"
        f"<footer>Publicerad {source.date.isoformat()}</footer>\n</body>\n</html>\n"
    )
    return page.encode()


def render_markdown(source: Source) -> bytes:
    """The body of the source, untouched."""
    return source.body.encode()


def render_text(source: Source) -> bytes:
    """One paragraph a line, blank lines between, headings underlined, list items behind a dash."""
    pieces: list[str] = []
    for block in source.blocks:
        if block.kind == "heading":
            pieces.append(f"\n{block.text}\n{UNDERLINES[block.level] * len(block.text)}\n")
        elif block.kind == "item":
            pieces.append(f"{'-' if block.marker == '•' else block.marker} {block.text}")
        elif block.kind == "table":
            pieces.append("\n".join("\t".join(row) for row in block.rows) + "\n")
        else:
            pieces.append(f"\n{block.text}\n" if pieces and pieces[-1].startswith("- ") else f"{block.text}\n")
    return "\n".join(pieces).lstrip().encode()


def _grouped(blocks: tuple[Block, ...]) -> list[tuple[Block, list[Block]]]:
    """Neighbouring list items of one sort together, all else alone, each group with its first block."""
    groups = (list(group) for _, group in groupby(blocks, lambda block: _list_name(block) or id(block)))
    return [(group[0], group) for group in groups]


def _list_name(block: Block) -> str:
    if block.kind != "item":
        return ""
    return "ul" if block.marker == "•" else "ol"


def _html_block(block: Block) -> str:
    if block.kind == "table":
        rows = [
            "<tr>" + "".join(f"<{name}>{escape(cell)}</{name}>" for cell in row) + "</tr>"
            for name, row in zip(["th"] + ["td"] * len(block.rows), block.rows, strict=False)
        ]
        return "<table>\n" + "\n".join(rows) + "\n</table>"
    name = {"heading": f"h{block.level}", "item": "li", "paragraph": "p"}[block.kind]
    return f"<{name}>{''.join(map(_html_run, block.runs))}</{name}>"


def _html_run(run: Run) -> str:
    text = escape(run.text, quote=False)
    text = f"<em>{text}</em>" if run.italic else text
    return f"<strong>{text}</strong>" if run.bold else text
