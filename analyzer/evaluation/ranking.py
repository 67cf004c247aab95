"""How early labelled conflicts come when all pairs of a file's sides are ranked, as a scan ranks its candidates.

    python -m analyzer.evaluation.ranking PAIRS.jsonl…

All sides of a file (natural pairs left out) are one pool. With N labelled conflicts hidden in it, the table gives the
share of them, and of the labelled pairs that only look like conflicts, among the first N, 2N, 4N and 10N pairs; the
encoder's cosine stands beside the judge. Unlabelled pairs of the pool count as no conflict.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from analyzer.evaluation.pool import make_pool
from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.scoring.judge import Judge, load_judge
from analyzer.scoring.pairs import read_pairs

DEPTHS = (1, 2, 4, 10)


def share_among_first(wanted: np.ndarray, scores: np.ndarray, first: int) -> float:
    """Share of the rows where `wanted` holds that are among the `first` best; of equal scores the later rows lose."""
    best = np.argsort(-scores, kind="stable")[:first]
    return float(wanted[best].sum() / max(wanted.sum(), 1))


def rank_file(path: Path, judge: Judge | None = None) -> dict[str, Any]:
    """Figures by scorer ("judge", "cosine") and depth, each with the share of conflicts and of look-alikes."""
    judge = judge or load_judge()
    pairs = [pair for pair in read_pairs(path) if pair.source != "natural"]
    pool = make_pool(pairs)
    vectors = load_encoder().encode([embedding_text(side) for side in pool.sides])
    # Labelled pairs stand last, so that ties never speak for them.
    rows = np.vstack([pool.crossed(), pool.labelled])
    a, b = rows[:, 0], rows[:, 1]
    known = np.arange(len(rows)) >= len(rows) - len(pairs)
    conflict = known.copy()
    conflict[known] = [pair.conflict for pair in pairs]
    scorers = {
        "judge": judge.probabilities(judge.prepare(pool.sides, vectors), a, b, prior=0.02, among="candidates"),
        "cosine": np.einsum("ij,ij->i", vectors[a], vectors[b]),
    }
    count = int(conflict.sum())
    result: dict[str, Any] = {"sides": len(pool.sides), "pairs": len(rows), "conflicts": count}
    for name, scores in scorers.items():
        result[name] = {
            f"{depth}N": {
                "conflicts": share_among_first(conflict, scores, depth * count),
                "lookalikes": share_among_first(known & ~conflict, scores, depth * count),
            }
            for depth in DEPTHS
        }
    return result


def make_table(figures: dict[str, dict[str, Any]]) -> Table:
    """One row a file and scorer."""
    table = Table("fil", "par", "konflikter", "mått", *(f"{depth}N" for depth in DEPTHS), "lika 2N")
    for name, found in figures.items():
        for scorer in ("judge", "cosine"):
            shares = [f"{found[scorer][f'{depth}N']['conflicts']:.2f}" for depth in DEPTHS]
            alike = f"{found[scorer]['2N']['lookalikes']:.2f}"
            table.add_row(name, str(found["pairs"]), str(found["conflicts"]), scorer, *shares, alike)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    Console(width=110).print(make_table({path.stem: rank_file(path) for path in parser.parse_args().files}))


if __name__ == "__main__":
    main()
