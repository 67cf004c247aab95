"""Pairs that a scan ranks high and that are no conflict: what a reader has to see through.

Nearly every candidate of a scan is no conflict, and the best of them are as near to one as such pairs get. Those of the
real assignments that the judge ranks highest, and of the project's libraries those that nobody labelled, are taken as
"no conflict". Some are conflicts that nobody meant (by reading, about one in thirty among real signals), so that
whoever learns from them should not believe them wholly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from analyzer.compare import same_demand
from analyzer.evaluation.candidates import read_real
from analyzer.matching.candidates import propose
from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.records import Side
from analyzer.scoring import load_judge
from analyzer.scoring.pairs import LabelledPair
from analyzer.settings import load_settings
from models.train.libraries import Library
from models.train.referenced import CORPUS

#: Pairs of real signals, and of one of them.
OF_REAL, OF_SIDE = 3600, 4
#: Pairs of a library: the highest, and drawn at random.
OF_LIBRARY, DRAWN = 350, 150
SEED = 5
MINED = "mined"


def mine_real(known: Iterable[LabelledPair], data: Path) -> list[LabelledPair]:
    """The highest candidates among the signals of the real assignments in `data` that nobody labelled."""
    sides, documents = read_real([data / CORPUS])
    vectors = load_encoder().encode([embedding_text(side) for side in sides])
    found = propose(sides, vectors, document_of=documents, neighbours=load_settings().neighbours)
    labelled = {frozenset((pair.a.text, pair.b.text)) for pair in known}
    pairs = np.column_stack([found.a, found.b])
    pairs = pairs[[frozenset((sides[a].text, sides[b].text)) not in labelled for a, b in pairs.tolist()]]
    return choose(sides, pairs, _rank(sides, pairs), OF_REAL, "real", OF_SIDE)


def mine_libraries(libraries: Sequence[Library]) -> list[LabelledPair]:
    """The candidates of each library that rank highest and that nobody labelled, and some drawn at random."""
    chooser = np.random.default_rng(SEED)
    found: list[LabelledPair] = []
    for library in libraries:
        others = library.others()
        drawn = chooser.choice(len(others), min(DRAWN, len(others)), replace=False)
        chosen = np.unique(np.concatenate([_rank(library.sides, others)[:OF_LIBRARY], drawn]))
        found += choose(library.sides, others, chosen, len(chosen), library.file, len(chosen))
    return found


def _rank(sides: Sequence[Side], pairs: np.ndarray) -> np.ndarray:
    """Numbers of the pairs (p, 2), likeliest conflict first; repeated demands left out."""
    judge = load_judge()
    chances = judge.probabilities(judge.prepare(sides), pairs[:, 0], pairs[:, 1], among="candidates")
    chances[same_demand(sides, pairs[:, 0], pairs[:, 1])] = 0.0
    order = np.argsort(-chances, kind="stable")
    return order[chances[order] > 0]


def choose(
    sides: Sequence[Side], pairs: np.ndarray, order: np.ndarray, most: int, name: str, of_side: int
) -> list[LabelledPair]:
    """The first pairs of the order, no side in more than `of_side` of them."""
    taken: Counter[int] = Counter()
    found: list[LabelledPair] = []
    for a, b in pairs[order].tolist():
        if len(found) == most:
            break
        if max(taken[a], taken[b]) < of_side:
            taken.update((a, b))
            number = f"{MINED}-{name}-{len(found)}"
            found.append(LabelledPair(number, sides[a], sides[b], type="none", grade=0, source=MINED))
    return found
