"""Which other documents and paragraphs a signal points at, as its words say it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

#: A reference stands in a sentence; of a longer signal the rest is not searched.
LIMIT = 5000
WORD = r"[\w–&/-]{1,40}"


@cache
def load_patterns() -> tuple[re.Pattern[str], ...]:
    """A cue with the name of a document behind it; and forms that need no cue, with theirs where they have one."""
    lexicon = tomllib.loads((Path(__file__).parent / "references.toml").read_text(encoding="utf-8"))
    # Between the words of a cue a line may break.
    cues, stops = ("|".join(lexicon[name]).replace(" ", r"\s+") for name in ("cues", "stops"))
    endings = "|".join(sorted(lexicon["documents"], key=len, reverse=True))
    between = rf"(?:(?!(?:{stops})\b){WORD}\s+){{0,{lexicon['gap']}}}?"
    named = rf"\b(?:{cues})\s+{between}[\w-]{{0,40}}(?:{endings})\b(?:\s+\d{{1,3}}\b)?"
    forms = [rf"(?:\b(?:{cues})\s+)?(?:{form})" for form in lexicon["forms"].values()]
    return tuple(re.compile(form, re.IGNORECASE) for form in (named, *forms))


def find_references(text: str) -> list[str]:
    """References in the order in which they stand, as they stand. Where two touch they are told as one."""
    spans = sorted(match.span() for pattern in load_patterns() for match in pattern.finditer(text[:LIMIT]))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():  # empty also where the one begins inside the other
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return list(dict.fromkeys(" ".join(text[start:end].split()) for start, end in joined))
