"""A report as one HTML file that needs nothing else, and that prints well."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from html import escape
from importlib.resources import files

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

STYLE = files(__package__).joinpath("report.css").read_text(encoding="utf-8")


def write_html(report: Report) -> bytes:
    """The file's bytes, UTF-8. Its own policy forbids scripts and anything from elsewhere."""
    lines = [
        "<!DOCTYPE html>",
        '<html lang="sv">',
        "<head>",
        '<meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width">',
        f"<title>{text(report.title)} – {text(report.subtitle)}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{text(report.title)}</h1>",
        f'<p class="subtitle">{text(report.subtitle)} · {report.day.isoformat()}</p>',
        *(line for block in report.blocks for line in draw(block)),
        "</main>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines).encode("utf-8")


def text(value: str) -> str:
    """Text that is only text; line breaks stay."""
    return escape(printable(value)).replace("\n", "<br>")


def spans(runs: tuple[Run, ...]) -> str:
    """Runs as elements."""
    return "".join(
        f"<mark>{text(run.text)}</mark>" if run.mark else f"<b>{text(run.text)}</b>" if run.bold else text(run.text)
        for run in runs
    )


@singledispatch
def draw(block: Block) -> Iterator[str]:
    """The lines of one block."""
    raise TypeError(f"no such block: {block!r}")


@draw.register
def _(block: Heading) -> Iterator[str]:
    yield f"<h{block.level + 1}>{text(block.text)}</h{block.level + 1}>"


@draw.register
def _(block: Paragraph) -> Iterator[str]:
    yield f'<p class="muted">{spans(block.runs)}</p>' if block.muted else f"<p>{spans(block.runs)}</p>"


@draw.register
def _(block: Quote) -> Iterator[str]:
    yield f"<figure><figcaption><b>{text(block.head)}</b></figcaption><blockquote>{spans(block.runs)}</blockquote>"
    yield f'<p class="source">{text(block.source)}</p></figure>'


@draw.register
def _(block: Bullets) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{text(item)}</li>" for item in block.items)
    yield "</ul>"


@draw.register
def _(block: Facts) -> Iterator[str]:
    yield "<dl>"
    yield from (f"<dt>{text(name)}:</dt> <dd>{text(value)}</dd>" for name, value in block.rows)
    yield "</dl>"


@draw.register
def _(block: Grid) -> Iterator[str]:
    yield "<table><thead><tr>"
    for header, width in zip(block.headers, block.widths, strict=True):
        yield f'<th scope="col" style="width:{100 * width:.0f}%">{text(header)}</th>'
    yield "</tr></thead><tbody>"
    for row in block.rows:
        yield "<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"


@draw.register
def _(block: NewPage) -> Iterator[str]:
    yield '<div class="new-page"></div>'
