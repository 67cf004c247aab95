"""`python -m corpus.build` renders every source into the format that its file name asks for.

Needs the development dependencies (fpdf2); the rendered files are kept in the repository, so that reading
the example corpus needs neither this module nor them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.odt import render_odt
from corpus.pdf import render_pdf
from corpus.sources import Source, read_sources
from corpus.web import render_html, render_markdown, render_text
from corpus.word import render_docx

RENDERERS: dict[str, Callable[[Source], bytes]] = {
    ".pdf": render_pdf,
    ".docx": render_docx,
    ".odt": render_odt,
    ".html": render_html,
    ".md": render_markdown,
    ".txt": render_text,
}


def build() -> dict[Path, bytes]:
    """Target path → file content, for every source. Same sources and libraries give the same bytes."""
    return {source.target: RENDERERS[source.target.suffix](source) for source in read_sources()}


def main() -> None:
    """Write the rendered files and say how many."""
    built = build()
    for path, content in built.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    print(f"{len(built)} documents written")


if __name__ == "__main__":
    main()
