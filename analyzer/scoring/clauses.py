"""Which content words of a side stand in the clause of a cue: what is excepted, forbidden, ranked, conditioned.

A clause is read off the surface: words from the cue up to the next break (comma, semicolon, full stop, dash) or a
few words on, for ranks and numbers also backwards. It is crude, and good enough to ask whether the other side
speaks of just what is excepted here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.words import Token

BREAK = re.compile(r"[.,;:!?()–…\n]")
FINITE = ("duty", "ban", "permission", "advice")


@dataclass(frozen=True, slots=True)
class Reach:
    """Cue classes that open a clause, and how many words it may run back and on."""

    cues: tuple[str, ...]
    back: int
    forward: int


CLAUSES: dict[str, Reach] = {
    "exception": Reach(("exception",), 0, 9),
    "sequence": Reach(("sequence",), 2, 9),
    "condition": Reach(("condition", "within"), 0, 9),
    "ban": Reach(("ban",), 0, 9),
    "rank": Reach(("top", "high"), 8, 8),
    "only": Reach(("only",), 3, 6),
    "claim": Reach(("take", "full", "freeze"), 5, 5),
    "mandate": Reach(("decide", "lead"), 7, 7),
    "limit": Reach(("limit",), 4, 6),
}
#: The words before the first finite verb of the text, and those after it.
NAMES = (*CLAUSES, "subject", "predicate")


def read_clauses(tokens: Sequence[Token], text: str) -> list[int]:
    """For each token the clauses that it stands in, as bits in the order of `NAMES`."""
    lexicon = load_lexicon()
    breaks = [False] * len(tokens)
    for place in range(1, len(tokens)):
        breaks[place] = bool(BREAK.search(text, tokens[place - 1].end, tokens[place].start))
    bits = [0] * len(tokens)
    for number, reach in enumerate(CLAUSES.values()):
        wanted = {lexicon.cue(cue) for cue in reach.cues}
        for place, token in enumerate(tokens):
            if wanted.intersection(token.classes):
                first, last = _extent(breaks, place, reach)
                for inside in range(first, last + 1):
                    bits[inside] |= 1 << number
    finite = {lexicon.cue(cue) for cue in FINITE}
    verb = next((place for place, token in enumerate(tokens) if finite.intersection(token.classes)), 0)
    for place in range(len(tokens)):
        bits[place] |= 1 << len(CLAUSES) + (place > verb)
    return bits


def _extent(breaks: Sequence[bool], place: int, reach: Reach) -> tuple[int, int]:
    """First and last token of the clause around `place`."""
    first = last = place
    while first > 0 and place - first < reach.back and not breaks[first]:
        first -= 1
    while last + 1 < len(breaks) and last - place < reach.forward and not breaks[last + 1]:
        last += 1
    return first, last
