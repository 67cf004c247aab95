"""Trains what chooses a stretch of evidence: its edges by the words, and what a stretch is worth by a reader's marks.

    python -m models.train.judge_stretches [--data ../shared/data] [--out models/judge]

fits this part alone (some minutes) and puts it into the judge that lies there; `models.train.judge` fits it with all
else. The edges learn from the files that the second reader has learned from, and the weights of stretches from the
others, where marks and edges both speak of texts that they have not seen. The weights are those of the highest F1 to
expect of a stretch drawn by the model (minimum risk training), by L-BFGS from zero, with a small penalty.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from analyzer.records import CONFLICT_TYPES
from analyzer.scoring.edges import Edges, edge_clues, word_stems
from analyzer.scoring.evidence import WORD, word_chances
from analyzer.scoring.pairs import LabelledPair
from analyzer.scoring.stretches import NAMES, Stretches, describe, overlaps, propose, save_stretches
from analyzer.second_reader import Mark, Reading, read_both_ways
from analyzer.second_reader.shipped import ShippedReader
from models.manifest import write

STRENGTH, PENALTY = 0.2, 1e-4
#: Clues that are rarer teach nothing.
LEAST_COUNT = 5
ROOT = Path(__file__).resolve().parents[2]
LOG = logging.getLogger("train.judge")


@dataclass(frozen=True, slots=True)
class Task:
    """One side of a conflict: its words, those that evidence begins and ends with, and the other side's stems."""

    text: str
    words: list[str]
    first: int
    last: int
    other: frozenset[str]
    kind: str
    marks: tuple[Mark, ...] = ()


def side_tasks(pairs: Sequence[LabelledPair], readings: Sequence[Reading] | None = None) -> Iterator[Task]:
    """Both sides of every conflict with evidence. With readings the type is the one the reader thinks likeliest."""
    for number, pair in enumerate(pairs):
        if not (pair.conflict and pair.evidence_a and pair.evidence_b):
            continue
        reading = readings[number] if readings else None
        kind = CONFLICT_TYPES[int(np.argmax(reading.types))] if reading else str(pair.type)
        sides = (
            (pair.a.text, pair.evidence_a, pair.b.text, reading.marks_a if reading else ()),
            (pair.b.text, pair.evidence_b, pair.a.text, reading.marks_b if reading else ()),
        )
        for text, evidence, other, marks in sides:
            begin, found = text.find(evidence), list(WORD.finditer(text))
            end = begin + len(evidence)
            inside = [at for at, word in enumerate(found) if begin < word.end() and word.start() < end]
            if begin >= 0 and inside and (marks or not reading):
                words = [word.group() for word in found]
                stems = frozenset(word_stems(other.split()))
                yield Task(text, words, inside[0], inside[-1], stems, kind, marks)


def fit_edges(tasks: Sequence[Task], seed: int) -> Edges:
    """Two logistic regressions over all words of all sides."""
    clues = np.vstack([edge_clues(task.words, task.other, task.kind) for task in tasks])
    every, counts = np.unique(clues, return_counts=True)
    known = every[counts >= LEAST_COUNT]
    columns = np.minimum(np.searchsorted(known, clues), len(known) - 1)
    words, places = np.nonzero(known[columns] == clues)
    shape = len(clues), len(known)
    told = sparse.csr_matrix((np.ones(len(words)), (words, columns[words, places])), shape)
    fitted = []
    for edge in ("first", "last"):
        wanted = np.concatenate([np.arange(len(task.words)) == getattr(task, edge) for task in tasks])
        model = LogisticRegression(C=STRENGTH, max_iter=60, solver="liblinear", random_state=seed)
        fitted.append(model.fit(told, wanted))
    # As they are stored, so that the weights of stretches are learned on what will be read.
    weights = np.column_stack([model.coef_[0] for model in fitted]).astype(np.float16).astype(np.float32)
    return Edges(known, weights, np.array([model.intercept_[0] for model in fitted], np.float32))


def stretch_rows(task: Task, edges: Edges) -> tuple[np.ndarray, np.ndarray]:
    """(m, NAMES) of the proposed stretches, and (m,) the F1 of each with the evidence."""
    chances = word_chances(task.text, task.marks)[1]
    reached = int(np.flatnonzero(chances)[-1]) + 1
    first, last, gains = propose(chances[:reached])
    odds = edges.odds(task.words, task.other, task.kind)[:reached]
    wanted = overlaps(np.append(first, task.first), np.append(last, task.last))[-1, :-1]
    return describe(task.words, chances[:reached], odds, first, last, gains), wanted


def fit_weights(rows: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """(NAMES,) weights under which a stretch drawn by the model has the highest F1 to expect, over all sides."""
    named, wanted = np.vstack([one for one, _ in rows]), np.concatenate([one for _, one in rows])
    counts = np.array([len(one) for _, one in rows])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    scale = named.std(0) + 1e-9
    named = (named - named.mean(0)) / scale

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = named @ weights
        shares = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), counts))
        shares /= np.repeat(np.add.reduceat(shares, starts), counts)
        expected = np.add.reduceat(shares * wanted, starts)
        slope = named.T @ (shares * (wanted - np.repeat(expected, counts))) / len(rows)
        return PENALTY * weights @ weights - expected.mean(), 2 * PENALTY * weights - slope

    return minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B", options={"maxiter": 100}).x / scale


def fit_stretches(
    taught: Sequence[LabelledPair], held: Sequence[LabelledPair], readings: Sequence[Reading], seed: int
) -> Stretches:
    """From the pairs that the reader has learned from, and others with its readings of them."""
    edges = fit_edges(list(side_tasks(taught)), seed)
    rows = [stretch_rows(task, edges) for task in side_tasks(held, readings)]
    LOG.info("evidence: stretches of %d sides weighed", len(rows))
    return Stretches(edges, fit_weights(rows).round(4))


def main() -> None:
    # Only here, since the judge's own training reads this file.
    from models.train.judge import SEED
    from models.train.judge_data import read_training

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "judge")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    reader, data = ShippedReader.load(), read_training(arguments.data, SEED)
    seen = np.isin(data.files, sorted(reader.learned)).tolist()
    told = [(pair, old) for pair, old in zip(data.pairs, seen, strict=True) if pair.conflict and pair.evidence_a]
    held = [pair for pair, old in told if not old]
    readings = read_both_ways(reader, [(pair.a, pair.b) for pair in held])
    save_stretches(fit_stretches([pair for pair, old in told if old], held, readings, SEED), arguments.out)
    write(arguments.out)


if __name__ == "__main__":
    main()
