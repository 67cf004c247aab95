"""How well evidence is found: F1 over the words of a side."""

from __future__ import annotations

import numpy as np


def token_f1(found: np.ndarray, wanted: np.ndarray) -> float:
    """F1 of two boolean vectors over the same words; 0 when they share none."""
    hits = float((found & wanted).sum())
    return 2 * hits / float(found.sum() + wanted.sum()) if hits else 0.0


def text_f1(found: str | None, wanted: str | None, text: str) -> float:
    """F1 of two exact substrings of `text`, over the white-space words of it that each one touches."""
    marks = []
    for span in (found, wanted):
        start = text.find(span) if span else -1
        mark, place = [], 0
        for word in text.split():
            place = text.index(word, place)
            mark.append(
                span is not None and start <= place + len(word) - 1 and place < start + len(span or "") and start >= 0
            )
            place += len(word)
        marks.append(np.array(mark, bool))
    return token_f1(marks[0], marks[1])
