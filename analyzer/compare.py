"""From signals to judged pairs: candidates, chances, and full verdicts on those worth keeping."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analyzer.fingerprint import package_fingerprint
from analyzer.matching.candidates import RULES, Candidates, propose
from analyzer.matching.encoder import Encoder
from analyzer.progress import Progress, Silent
from analyzer.records import Side, Verdict
from analyzer.scoring import Judge
from analyzer.second_reader import load_second_reader
from analyzer.settings import Settings

BLOCK = 20_000
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs worth keeping, best first: positions `a` < `b` among the sides, rule bits, verdicts; and counts."""

    a: np.ndarray
    b: np.ndarray
    rules: np.ndarray
    verdicts: list[Verdict]
    #: Number of candidate pairs, in all ("candidates") and by rule.
    counts: dict[str, int] = field(default_factory=dict)


def comparison_name(encoder: Encoder, judge: Judge, settings: Settings) -> str:
    """Names all that a comparison depends on besides the signals; another name means that pairs are compared anew."""
    rules = package_fingerprint("analyzer.matching", "analyzer.signals")
    reader = load_second_reader(settings.second_reader)
    reading = f"{reader.name}/{settings.second_reader_pairs}" if reader else "none"
    return f"{encoder.name}/{rules}/{judge.name}/{reading}/{settings.neighbours}/{settings.candidate_prior:g}"


def compare(
    sides: Sequence[Side],
    vectors: np.ndarray,
    document_of: np.ndarray,
    fresh: np.ndarray,
    judge: Judge,
    settings: Settings,
    progress: Progress | None = None,
) -> Compared:
    """Judge every candidate pair with a fresh side.

    Args:
        sides: n signals. vectors: float32 (n, d). document_of: int64 (n,). fresh: bool (n,).
    """
    progress = progress or Silent()
    progress.stage("propose", None)
    candidates = propose(sides, vectors, document_of=document_of, fresh=fresh, neighbours=settings.neighbours)
    counts = count_rules(candidates)
    if not len(candidates.a):
        return Compared(candidates.a, candidates.b, candidates.rules, [], counts)

    # Only the sides that take part are prepared: a new document must not cost a pass over the whole store.
    taking_part, positions = np.unique(np.concatenate([candidates.a, candidates.b]), return_inverse=True)
    a, b = positions[: len(candidates.a)], positions[len(candidates.a) :]
    # The judge knows the shipped encoder only; of another one's vectors it can make nothing.
    meaning = vectors[taking_part] if settings.encoder is None else None
    prepared = judge.prepare([sides[at] for at in taking_part], meaning)
    prior = settings.candidate_prior
    progress.stage("judge", len(a))
    chances = np.empty(len(a))
    for at in range(0, len(a), BLOCK):
        block = slice(at, at + BLOCK)
        chances[block] = judge.probabilities(prepared, a[block], b[block], prior=prior, among="candidates")
        progress.advance(len(a[block]))

    # Whoever is told the same thing in the same words by two documents has nothing to choose between.
    chances[same_demand(sides, candidates.a, candidates.b)] = 0.0
    order = np.lexsort((candidates.b, candidates.a, -chances))
    keep = order[: max(settings.keep_pairs, int(np.count_nonzero(chances >= settings.keep_probability)))]
    progress.stage("explain", len(keep))
    verdicts: list[Verdict] = []
    reader = load_second_reader(settings.second_reader)
    bounds = [0, min(settings.second_reader_pairs, len(keep)), len(keep)]
    for begin, end, reading in zip(bounds, bounds[1:], (reader, None), strict=False):
        for at in range(begin, end, BLOCK // 10):
            some = keep[at : min(at + BLOCK // 10, end)]
            verdicts += judge.judge(prepared, a[some], b[some], prior=prior, among="candidates", reader=reading)
            progress.advance(len(some))
    # The second reader changes the order.
    best = np.array(sorted(range(len(keep)), key=lambda at: -verdicts[at].probability), int)
    keep, verdicts = keep[best], [verdicts[at] for at in best.tolist()]
    return Compared(candidates.a[keep], candidates.b[keep], candidates.rules[keep], verdicts, counts)


def same_demand(sides: Sequence[Side], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether pairs (n,) say the same words to the same addressees, bool; case, spaces and punctuation aside."""
    names: dict[tuple[str, tuple[str, ...]], int] = {}
    words = (" ".join(WORD.findall(side.text.casefold())) for side in sides)
    demand = np.array(
        [names.setdefault((text, side.frame.addressee), len(names)) for text, side in zip(words, sides, strict=True)]
    )
    return demand[a] == demand[b]


def count_rules(candidates: Candidates) -> dict[str, int]:
    """Number of candidate pairs, in all and by each rule that proposed them (several may propose one pair)."""
    by_rule = {name: int(np.count_nonzero(candidates.rules & np.uint32(1 << bit))) for bit, name in enumerate(RULES)}
    return {"candidates": len(candidates.a), **by_rule}
