"""Situations: one demand in several wordings, and what other documents say of the same matter.

A line of `corpus/situations/*.jsonl` holds a signal `a` in three wordings (or a real one, by reference as in
`referenced.py`) and six `partners` in two wordings each: two conflicts of different types, three that look alike and
are none, and the same demand again. A label holds for every wording of `a` beside every wording of the partner, so that
a few sentences give many pairs, and whoever learns from them must look past the wording.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from analyzer.errors import UsageError
from analyzer.records import ConflictType, Side
from analyzer.scoring.pairs import LabelledPair, read_side
from models.train.referenced import CORPUS, read_corpus, resolve

SITUATIONS = Path(__file__).resolve().parents[2] / "corpus" / "situations"


@dataclass(frozen=True, slots=True)
class Situation:
    """The pairs of a situation by partner, and pairs of two wordings of one text, which are duplicates."""

    id: str
    by_partner: list[list[LabelledPair]]
    reworded: list[LabelledPair]

    def draw(self, of_partner: int, reworded: int, chooser: random.Random) -> list[LabelledPair]:
        """So many pairs with each partner and of two wordings, or as many as there are."""
        groups = [(group, of_partner) for group in self.by_partner] + [(self.reworded, reworded)]
        return [pair for group, count in groups for pair in chooser.sample(group, min(count, len(group)))]


def read_situations(path: Path, data: Path | None = None) -> list[Situation]:
    """The situations of a file. Raises UsageError when one has a real side and `data` does not hold its record."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [_read(row, data) for row in rows]


def _read(row: Mapping[str, Any], data: Path | None) -> Situation:
    anchors = list(_sides(row["a"], data))
    source = "half" if "record" in row["a"] else "written"
    by_partner: list[list[LabelledPair]] = []
    reworded = list(combinations(anchors, 2))
    for letter, partner in zip(ascii_lowercase, row["partners"], strict=False):
        sides = list(_sides(partner, data))
        met = list(product(anchors, sides))
        by_partner.append(_pairs(row["id"] + letter, met, partner["type"], partner["grade"], source))
        reworded += combinations(sides, 2)
    return Situation(row["id"], by_partner, _pairs(f"{row['id']}z", reworded, "duplicate", 0, "written"))


def _sides(told: Mapping[str, Any], data: Path | None) -> Iterator[Side]:
    """A side for each wording."""
    if "record" in told:
        documents = read_corpus(data / CORPUS) if data else {}
        if told["record"] not in documents:
            raise UsageError(f"{told['record']} finns inte i {CORPUS}.")
        yield read_side(resolve(told, documents[told["record"]]))
        return
    for text in told["texts"]:
        yield read_side({**{name: told[name] for name in told if name not in ("texts", "type", "grade")}, "text": text})


def _pairs(
    name: str, sides: Sequence[tuple[Side, Side]], kind: ConflictType, grade: int, source: str
) -> list[LabelledPair]:
    """Pairs of one family: letters end their ids."""
    return [
        LabelledPair(name + letter, a, b, type=kind, grade=grade, source=source)
        for letter, (a, b) in zip(ascii_lowercase, sides, strict=False)
    ]
