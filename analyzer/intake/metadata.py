"""What a document says of itself: guesses from its text, with known facts put first."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.records import Metadata, Passage


def guess_metadata(
    text: str, passages: Sequence[Passage], properties: dict[str, str], fields: dict[str, str], stem: str
) -> Metadata:
    """Facts in `fields` win over `properties` of the file, which win over what the text suggests."""
    heading = next((text[p.start : p.end] for p in passages if p.kind == "heading"), None)
    title = fields.get("title") or heading or properties.get("title") or stem
    return Metadata(title=title, date=fields.get("issued") or fields.get("published") or properties.get("date"))
