"""Swedish text as word-by-word English gloss, so that a small model with English pretraining can read it.

Forms are looked up in a glossary written for this project (`gloss.tsv` of the model: Swedish form, tab, English).
A form that it lacks is tried without its ending, then as a compound, then as a negated word; names, numbers and what
is left unknown stay as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,:]\d+)*|[^\s\w]")
#: Inflections that leave the gloss of the base form good enough.
ENDINGS = re.compile(
    "s|n|t|a|e|r|en|et|ar|er|or|na|de|dd|es|at|as|ad|ts|tt|ens|ets|ade|are|ast|aste|ande|erna|arna|orna|ernas|arnas|"
    "andet|arens"
)
#: What may be put back after an ending has been taken away ("timm-ar" → "timme").
BASES = ("", "a", "e", "n", "r")
#: Letters that bind the parts of a compound.
LINKS = "saeou"
SHORTEST = 3
COMPOUND_FROM = 6


class Glossary:
    """Forms to glosses, with what Swedish word formation adds."""

    def __init__(self, glosses: dict[str, str]) -> None:
        self._glosses = glosses
        self._word = lru_cache(maxsize=200_000)(self._find)

    @classmethod
    def load(cls, path: Path) -> Glossary:
        """Read `gloss.tsv`: form, tab, gloss, one a line, UTF-8."""
        lines = path.read_text(encoding="utf-8").splitlines()
        return cls(dict(line.split("\t", 1) for line in lines if "\t" in line))

    def gloss(self, text: str) -> str:
        """The text word by word in English, tokens parted by single spaces."""
        return " ".join(self._word(token) for token in WORD.findall(text.replace("\u00ad", "")))

    def _find(self, token: str) -> str:
        word = token.lower()
        if not word.isalpha():
            return token
        known = self._inflected(word)
        if known is None and len(word) >= COMPOUND_FROM:
            known = self._compound(word)
            if known is None and word[0] == "o" and (positive := self._inflected(word[1:])):
                known = f"not {positive}"
        return known or token

    def _inflected(self, word: str) -> str | None:
        if word in self._glosses:
            return self._glosses[word]
        for cut in range(1, min(5, len(word) - SHORTEST) + 1):
            if ENDINGS.fullmatch(word[-cut:]):
                for base in BASES:
                    if gloss := self._glosses.get(word[:-cut] + base):
                        return gloss
        return None

    def _compound(self, word: str, parts: int = 2) -> str | None:
        """The longest known last part wins, since the head of a Swedish compound stands last."""
        for at in range(SHORTEST, len(word) - 2):
            head, tail = word[:at], self._inflected(word[at:])
            if tail is None:
                continue
            first = self._modifier(head)
            if first is None and parts > 1 and len(head) > 7:
                first = self._compound(head, parts - 1)
            if first is not None:
                return f"{first} {tail}"
        return None

    def _modifier(self, head: str) -> str | None:
        """A compound's first part: bare, with a linking letter, or with its final vowel dropped."""
        bare = head[:-1] if head[-1] in LINKS else None
        for form in (head, bare, f"{head}a", f"{head}e", f"{bare}a" if bare else None):
            if form and len(form) >= SHORTEST and (gloss := self._inflected(form)):
                return gloss
        return None
