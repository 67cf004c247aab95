"""Tables in Markdown whose cells are links: what charts show, for the keyboard and for screen readers."""

from __future__ import annotations

from collections.abc import Sequence

from ui.plain import plain, shorten

LONGEST = 60


def link(words: str, address: str, longest: int = LONGEST) -> str:
    """A link with these words, as safe Markdown; the words alone where it leads nowhere."""
    told = plain(shorten(words, longest))
    return f"[{told}]({address})" if address else told


def markdown_table(headers: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 1) -> str:
    """Cells that are safe Markdown already, the last `numbers` columns to the right. Empty without rows."""
    if not rows:
        return ""
    marks = [":--"] * (len(headers) - numbers) + ["--:"] * numbers
    lines = [[plain(header) for header in headers], marks, *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
