"""How many sides of labelled pairs the reader takes for signals, as they were written to be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from analyzer.records import Document, Metadata, Passage
from analyzer.signals import SignalReader


@dataclass(slots=True)
class SideScores:
    """Sides of labelled pairs, each text counted once: all, and those of pairs with a type other than `none` (a side
    of `none` may be background or cut off)."""

    sides: int = 0
    typed: int = 0
    missed: list[str] = field(default_factory=list)
    missed_typed: int = 0


def make_side(side: dict[str, Any]) -> Document:
    """One side of a pair as a document of one paragraph."""
    text = side["text"]
    metadata = Metadata(
        title=side.get("document"), issuer=side.get("issuer"), level=side.get("level"), date=side.get("date")
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(digest, "side.md", digest, text, (Passage(0, "paragraph", 0, len(text)),), metadata)


def score_sides(pairs: Iterable[dict[str, Any]], reader: SignalReader) -> SideScores:
    """How many sides of labelled pairs the reader takes for signals."""
    sides: dict[tuple[str | None, ...], dict[str, Any]] = {}
    typed: set[tuple[str | None, ...]] = set()
    for pair in pairs:
        for side in (pair["a"], pair["b"]):
            key: tuple[str | None, ...] = (side["text"], side.get("document"), side.get("level"))
            sides[key] = side
            if pair["type"] != "none":
                typed.add(key)
    scores = SideScores(sides=len(sides), typed=len(typed))
    for key, side in sides.items():
        if not reader.read(make_side(side)):
            scores.missed.append(side["text"])
            scores.missed_typed += key in typed
    return scores


def format_sides(name: str, scores: SideScores) -> str:
    """One line on the sides of a file."""
    found, typed = scores.sides - len(scores.missed), scores.typed - scores.missed_typed
    return (
        f"{name:<22} sides {scores.sides:>5}, found {found / max(1, scores.sides):.3f}; "
        f"of pairs with a type {scores.typed:>5}, found {typed / max(1, scores.typed):.3f}"
    )
