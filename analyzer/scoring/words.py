"""Tokens of a side's text: offsets, lower-case forms, stems, lexicon classes, kinds and negation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from analyzer.scoring.lexicon import load_lexicon

#: Numbers with grouped thousands, words (soft hyphens inside), and the signs that carry meaning.
TOKEN = re.compile(
    r"\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,:]\d+)*|[^\W\d_][\w\u00ad]*(?:[-–][\w\u00ad]+)*|[%§≥≤<>]"
)
SENTENCE_END = re.compile(r"[.:!?…*\n]\s*$")
#: What a token is about, for telling which kind of word two signals do not share.
KINDS = ("number", "when", "name", "people", "matter", "other")
NEGATION_REACH = 3


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    word: str
    stem: str
    kind: int
    #: Class numbers of the lexicon that hold at this token (phrases are credited to their first word).
    classes: tuple[int, ...] = ()
    negated: bool = False

    @property
    def content(self) -> bool:
        return self.kind == 0 or (len(self.word) > 2 and self.word not in load_lexicon().function)


@lru_cache(maxsize=1)
def _stemmer() -> object:
    return snowballstemmer.stemmer("swedish")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Snowball stem of a lower-case word; genitive and definite forms fall together."""
    return str(_stemmer().stemWord(word))  # type: ignore[attr-defined]


def _kind(word: str, capital: bool, sentence_start: bool, classes: tuple[int, ...]) -> int:
    lexicon = load_lexicon()
    if word[0].isdecimal():
        return 0
    if lexicon.cue("when_kind") in classes:
        return 1
    if capital and not sentence_start:
        return 2
    if lexicon.cue("people_kind") in classes:
        return 3
    return 4 if lexicon.cue("matter_kind") in classes else 5


def tokenise(text: str) -> tuple[Token, ...]:
    """All tokens of `text` in order. Linear in its length."""
    spans = [(m.start(), m.end(), m.group().replace("\u00ad", "")) for m in TOKEN.finditer(text)]
    lowered = [word.lower() for _, _, word in spans]
    lexicon = load_lexicon()
    classes: list[set[int]] = [set() for _ in spans]
    for start, _, number in lexicon.index.find(lowered):
        classes[start].add(number)
    negations = [lexicon.cue("negation") in found for found in classes]
    tokens = []
    for place, (start, end, word) in enumerate(spans):
        opens = start == 0 or bool(SENTENCE_END.search(text, max(0, start - 3), start))
        low, found = lowered[place], tuple(sorted(classes[place]))
        kind = _kind(low, word[0].isupper(), opens, found)
        before, after = negations[max(0, place - NEGATION_REACH) : place], negations[place + 1 : place + 2]
        tokens.append(Token(start, end, low, stem(low), kind, found, any(before) or any(after)))
    return tuple(tokens)
