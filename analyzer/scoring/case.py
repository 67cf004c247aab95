"""One pair as the reason functions see it: its features by name, and the words that show what they say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analyzer.scoring.alignment import SAME
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.numbers import UNITS
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.words import KINDS

#: The unit of a bare number.
COUNT = UNITS.index("count")
#: Words of side a and of side b for a reason's sentence; None when the pair does not show what the reason says.
Words = tuple[str, str] | None


@dataclass(frozen=True)
class Case:
    """One pair as the reason functions see it."""

    prepared: Prepared
    rows: tuple[int, int]
    best: tuple[np.ndarray, np.ndarray]
    named: dict[str, float]

    def holds(self, *names: str) -> bool:
        return any(self.named[name] > 0 for name in names)

    def cue_words(self, side: int, *cues: str) -> str:
        """The first words of the side that belong to one of the cue classes, "" for none."""
        return self._phrase(side, {load_lexicon().cue(cue) for cue in cues})

    def pole_words(self, groups: tuple[str, ...]) -> Words:
        """The words of the two sides that stand at opposite poles, of the first opposition that splits them."""
        lexicon = load_lexicon()
        poles = self.prepared.poles[list(self.rows)].astype(int)
        for pair, group in enumerate(lexicon.groups):
            lean = poles[:, pair, 0] - poles[:, pair, 1]
            if group in groups and lean[0] * lean[1] < 0:
                first = len(lexicon.cues) + 2 * pair
                found = self._phrase(0, {first, first + 1}), self._phrase(1, {first, first + 1})
                if all(found):
                    return found
        return None

    def aligned_words(self, side: int, same: bool, kind: str | None = None) -> str:
        """Up to three content words that do (or do not) have a counterpart, rarest first."""
        row = self.rows[side]
        weight = self.prepared.weight[row] * ((self.best[side] >= SAME) == same)
        if kind:
            weight = weight * (self.prepared.kind[row] == KINDS.index(kind))
        chosen = sorted(int(i) for i in np.argsort(-weight, kind="stable")[:3] if weight[i] > 0)
        tokens = self.prepared.tokens(row)
        places = [tokens[self.prepared.place[row, i]] for i in chosen]
        return ", ".join(self._text(side, t.start, t.end) for t in places)

    def amount_words(self, side: int, same: bool) -> str:
        """A number of the side with its unit, and the limit word before it: the first that the other side has as well,
        or lacks; rather one in a unit of the other side's, and rather not a bare number ("114 14")."""
        tokens = self.prepared.tokens(self.rows[side])
        found, other = (self.prepared.read_amounts(self.rows[at]) for at in (side, 1 - side))
        if not found:
            return ""
        theirs, units = {(one.value, one.unit) for one in other}, {one.unit for one in other}
        told = [one for one in found if ((one.value, one.unit) in theirs) == same] or found
        place = min(told, key=lambda one: (one.unit not in units, one.unit == COUNT)).token
        limited = place > 0 and load_lexicon().cue("limit") in tokens[place - 1].classes
        return self._text(side, tokens[place - limited].start, tokens[min(len(tokens) - 1, place + 1)].end)

    def _phrase(self, side: int, numbers: set[int]) -> str:
        """The first entry of the given classes in the side, the longest of those that begin there."""
        tokens = self.prepared.tokens(self.rows[side])
        found = [(start, -end) for start, end, number in self._phrases[side] if number in numbers]
        if not found:
            return ""
        start, end = min(found)
        return self._text(side, tokens[start].start, tokens[-end - 1].end)

    @cached_property
    def _phrases(self) -> list[list[tuple[int, int, int]]]:
        """(first token, end, class number) of every lexicon entry in the two sides."""
        index = load_lexicon().index
        return [list(index.find([token.word for token in self.prepared.tokens(row)])) for row in self.rows]

    def _text(self, side: int, start: int, end: int) -> str:
        return " ".join(self.prepared.sides[self.rows[side]].text[start:end].replace("\u00ad", "").split())
