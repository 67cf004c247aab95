"""How many labelled conflicts the candidate rules propose, and how many pairs they cost.

    python -m analyzer.evaluation.candidates REAL.jsonl.gz PAIRS.jsonl… [--others PAIRS.jsonl…] [--neighbours N]

Both sides of every labelled conflict are hidden among the signals of the real documents. Recall is the share of
conflicts proposed, by file, by type and by rule alone; cost is candidates a signal among the real signals.
Known conflicts that no rule proposes are misses: `--misses N` prints their ids and what kept them out.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyzer.evaluation.pool import make_pool
from analyzer.intake import read_files
from analyzer.matching.candidates import RULES, Candidates, propose
from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.matching.scope import read_scope
from analyzer.records import Side, Skipped
from analyzer.scoring.pairs import LabelledPair, read_pairs
from analyzer.settings import load_settings
from analyzer.signals import load_reader
from analyzer.store.convert import side_of

TIERS = ("apart", "unknown", "met")


@dataclass(frozen=True, slots=True)
class Measured:
    """Bits of the rules that proposed each planted pair (p,) uint32, and what the real signals cost."""

    bits: np.ndarray
    pairs: int
    per_signal: float
    #: Real pairs that each rule proposes, in all and alone.
    by_rule: dict[str, tuple[int, int]]
    seconds: float


def read_real(paths: Sequence[Path]) -> tuple[list[Side], np.ndarray]:
    """Every signal of the documents in files, and the number of its document (n,)."""
    reader, sides, document_of = load_reader(), [], []
    for number, document in enumerate(read_files(paths, workers=1)):
        if not isinstance(document, Skipped):
            found = [side_of(signal, document.metadata) for signal in reader.read(document)]
            sides += found
            document_of += [number] * len(found)
    return sides, np.array(document_of, dtype=np.int64)


def measure(
    real: Sequence[Side],
    document_of: np.ndarray,
    planted: Sequence[LabelledPair],
    *,
    others: Sequence[LabelledPair] = (),
    neighbours: int = 0,
) -> Measured:
    """Propose among real signals and the sides of planted pairs, each side a document of its own.

    The sides of `others` stand among them too and count for nothing: where all real signals are of one house style,
    they keep style and addressee from giving a partner away.
    """
    sides = [*real, *(side for pair in (*planted, *others) for side in (pair.a, pair.b))]
    count = len(real)
    own = np.arange(len(sides) - count) + (int(document_of.max(initial=0)) + 1)
    vectors = load_encoder().encode([embedding_text(side) for side in sides])
    begun = time.perf_counter()
    candidates = propose(sides, vectors, document_of=np.concatenate([document_of, own]), neighbours=neighbours)
    seconds = time.perf_counter() - begun
    among_real = candidates.b < count
    bits = candidates.rules[among_real]
    by_rule = {
        name: (int((bits & (1 << bit) > 0).sum()), int((bits == 1 << bit).sum())) for bit, name in enumerate(RULES)
    }
    cost = 2 * int(among_real.sum()) / max(count, 1)
    return Measured(_find(candidates, count, len(planted)), int(among_real.sum()), cost, by_rule, seconds)


def find_proposed(pairs: Sequence[LabelledPair]) -> np.ndarray:
    """Whether a scan of all sides of the pairs, each a document of its own, would propose each pair, bool (p,)."""
    pool = make_pool(pairs)
    vectors = load_encoder().encode([embedding_text(side) for side in pool.sides])
    found = propose(pool.sides, vectors, neighbours=load_settings().neighbours)
    proposed = set(zip(found.a.tolist(), found.b.tolist(), strict=True))
    return np.array([(min(row), max(row)) in proposed for row in pool.labelled.tolist()], dtype=bool)


def _find(candidates: Candidates, count: int, planted: int) -> np.ndarray:
    """Rule bits of each planted pair, 0 where it was not proposed."""
    bits = np.zeros(planted, dtype=np.uint32)
    last = count + 2 * planted
    partners = (candidates.a >= count) & (candidates.b < last)
    partners &= (candidates.b == candidates.a + 1) & ((candidates.a - count) % 2 == 0)
    bits[(candidates.a[partners] - count) // 2] = candidates.rules[partners]
    return bits


def print_report(measured: Measured, planted: Sequence[LabelledPair], files: Sequence[str]) -> None:
    """The figures as tables."""
    print(f"real candidates {measured.pairs}, {measured.per_signal:.1f} a signal, {measured.seconds:.1f} s in all")
    hit = measured.bits > 0
    groups: dict[str, Callable[[int], str | None]] = {
        "file": lambda at: files[at],
        "source": lambda at: planted[at].source,
        "type": lambda at: planted[at].type,
        "grade": lambda at: str(planted[at].grade),
    }
    for title, key in groups.items():
        names = [key(at) or "" for at in range(len(planted))]
        print(f"\nrecall by {title}")
        for name in sorted(set(names)):
            chosen = np.array([other == name for other in names])
            print(f"  {name:16} {hit[chosen].mean():.3f}  ({chosen.sum()})")
    print(f"  {'all':16} {hit.mean():.3f}  ({len(hit)})")
    print("\nrule                planted  alone     real pairs      alone")
    for bit, name in enumerate(RULES):
        alone = int((measured.bits == 1 << bit).sum())
        total, only = measured.by_rule[name]
        share = (measured.bits & (1 << bit) > 0).mean()
        print(f"  {name:18} {share:6.3f} {alone:6d} {total:14d} {only:10d}")


def print_misses(measured: Measured, planted: Sequence[LabelledPair], count: int) -> None:
    """Ids of planted pairs that nothing proposed, with their tier and whether their times meet."""
    scope = read_scope([side for pair in planted for side in (pair.a, pair.b)])
    misses = np.flatnonzero(measured.bits == 0)[:count]
    meets = scope.meet(2 * misses, 2 * misses + 1)
    for at, meeting in zip(misses.tolist(), meets.tolist(), strict=True):
        tier = TIERS[scope.tiers[scope.party[2 * at], scope.party[2 * at + 1]]]
        print(f"  {planted[at].id:14} {planted[at].type:14} {tier:8} {'' if meeting else 'times do not meet'}")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m analyzer.evaluation.candidates")
    parser.add_argument("real", type=Path, help="real documents, as `styrsignal scan` takes them")
    parser.add_argument("pairs", type=Path, nargs="+", help="labelled pairs, JSON Lines")
    parser.add_argument("--others", type=Path, nargs="+", default=[], help="labelled pairs to hide them among besides")
    parser.add_argument(
        "--neighbours", type=int, default=load_settings().neighbours, help="likeliest partners a signal"
    )
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="print the first N missed conflicts")
    options = parser.parse_args(arguments)
    real, document_of = read_real([options.real])
    labelled = [(path.stem, pair) for path in options.pairs for pair in read_pairs(path) if pair.conflict]
    planted, files = [pair for _, pair in labelled], [name for name, _ in labelled]
    print(f"{len(real)} real signals, {len(planted)} planted conflicts")
    others = [pair for path in options.others for pair in read_pairs(path)]
    measured = measure(real, document_of, planted, others=others, neighbours=options.neighbours)
    print_report(measured, planted, files)
    if options.misses:
        print("\nmisses")
        print_misses(measured, planted, options.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
