"""From signals to judged pairs: candidates, chances, and full verdicts on those worth keeping."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from analyzer.engine import Engine, JudgeShared, PairBench, PairShard, cut
from analyzer.fingerprint import package_fingerprint
from analyzer.matching.candidates import RULES, Candidates, propose
from analyzer.matching.encoder import Encoder
from analyzer.matching.library import Library
from analyzer.matching.meeting import meeting_name
from analyzer.progress import Progress, Silent
from analyzer.records import Side, Verdict
from analyzer.scoring.company import weigh
from analyzer.scoring.naming import judge_name
from analyzer.scoring.odds import log_odds
from analyzer.scoring.regions import regions_apart
from analyzer.scoring.settlement import find_errands, settle_apart
from analyzer.second_reader import CHAT, NONE, load_second_reader, second_reader_name
from analyzer.settings import Settings
from analyzer.signals.actors import is_reference, names_actor
from analyzer.signals.organisation import scope_relation

if TYPE_CHECKING:
    from analyzer.scoring import Judge

#: Pairs of a shard: judged, explained, and read a second time. The last bits of an answer may hang on the shard's size,
#: so that it must not hang on who works.
JUDGED, EXPLAINED, READ = 8192, 512, 64
#: Pairs read last that tell what a second reading does to those beside them, which are not read.
LAST_READ = 300
#: Of the best pairs of a scan that are kept whatever their chance, so many at least, and no more for each fresh signal.
KEPT, KEPT_EACH = 300, 10
WORD = re.compile(r"\w+")


@runtime_checkable
class Fetched(Protocol):
    """Sides that lie elsewhere: one question fetches many."""

    def fetch(self, positions: np.ndarray) -> list[Side]:
        """The sides at `positions`, in that order."""
        ...


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs worth keeping, best first: positions `a` < `b` among the sides, rule bits, verdicts; and counts."""

    a: np.ndarray
    b: np.ndarray
    rules: np.ndarray
    verdicts: list[Verdict]
    #: Number of candidate pairs, in all ("candidates") and by rule.
    counts: dict[str, int] = field(default_factory=dict)


def comparison_name(encoder: Encoder, settings: Settings) -> str:
    """Names all that a comparison depends on besides the signals; another name means that pairs are compared anew.

    Neither judge nor second reader is loaded for it, so that a scan that finds nothing new is quick.
    """
    rules = package_fingerprint("analyzer.matching", "analyzer.signals")
    reader = second_reader_name(settings.second_reader)
    reading = f"{reader}/{settings.second_reader_pairs}" if reader != NONE else NONE
    models = f"{encoder.name}/{rules}/{meeting_name()}/{judge_name()}/{reading}"
    return f"{models}/{settings.neighbours}/{settings.candidate_prior:g}"


def compare(
    sides: Sequence[Side],
    vectors: np.ndarray,
    document_of: np.ndarray,
    fresh: np.ndarray,
    judge: Judge,
    settings: Settings,
    progress: Progress | None = None,
    engine: Engine | None = None,
    library: Library | None = None,
) -> Compared:
    """Judge every candidate pair with a fresh side.

    Args:
        sides: n signals. vectors: float32 (n, d). document_of: int64 (n,). fresh: bool (n,).
        engine: who judges where there is much to judge; None means this process.
        library: what matching has read of the sides, where the caller has it. Then only sides of candidates are asked
            for, all at once where `sides` are `Fetched`.
    """
    progress = progress or Silent()
    progress.stage("propose", None)
    candidates = propose(
        sides,
        vectors,
        document_of=document_of,
        fresh=fresh,
        neighbours=settings.neighbours,
        library=library,
        threads=settings.workers,
    )
    counts = count_rules(candidates)
    if not len(candidates.a):
        return Compared(candidates.a, candidates.b, candidates.rules, [], counts)

    # Only the sides that take part are prepared: a new document must not cost a pass over the whole store.
    taking_part, positions = np.unique(np.concatenate([candidates.a, candidates.b]), return_inverse=True)
    a, b = positions[: len(candidates.a)], positions[len(candidates.a) :]
    # The judge knows the shipped encoder only; of another one's vectors it can make nothing.
    meaning = vectors[taking_part] if settings.encoder is None else None
    involved = sides.fetch(taking_part) if isinstance(sides, Fetched) else [sides[at] for at in taking_part]
    run = choose_bench(judge, involved, meaning, settings, engine if len(a) >= least_pairs(engine) else None)
    progress.stage("judge", len(a))
    chances = np.empty(len(a))
    blocks = cut(len(a), JUDGED)
    for block, found in zip(blocks, run([PairShard(a[block], b[block]) for block in blocks]), strict=True):
        chances[block] = found
        progress.advance(len(found))

    # Whoever is told the same thing in the same words by two documents has nothing to choose between.
    chances[same_demand(involved, a, b)] = 0.0
    errands = find_errands(involved, a, b)
    apart = set_apart(involved, a, b, errands, counts)
    chances[apart] = 0.0
    company = judge.classifier.company
    odds = log_odds(chances) + np.array(company.errands)[errands]
    odds += weigh(a, b, odds - log_odds(settings.candidate_prior), company.first)
    order = np.lexsort((candidates.b, candidates.a, -odds))
    order = order[~apart[order]]
    least = min(settings.keep_pairs, max(KEPT, KEPT_EACH * int(np.count_nonzero(fresh))))
    keep = order[: max(least, int(np.count_nonzero(odds >= log_odds(settings.keep_probability))))]
    progress.stage("explain", len(keep))
    verdicts: list[Verdict] = []
    read, unread = np.split(keep, [settings.second_reader_pairs])

    def explain(rows: np.ndarray, size: int, reading: bool, believed: float = 0.0) -> None:
        for some in run([PairShard(a[rows[at]], b[rows[at]], True, reading, believed) for at in cut(len(rows), size)]):
            verdicts.extend(some)
            progress.advance(len(some))

    explain(read, READ, True)
    heard = np.array([verdict.probability for verdict in verdicts])
    explain(unread, EXPLAINED, False, believe_unread(chances[read], heard))
    stage = company.second if settings.second_reader != NONE else company.first
    verdicts = company.judge(a[keep], b[keep], verdicts, errands[keep], settings.candidate_prior, stage)
    # Second reader and company change the order.
    best = np.array(sorted(range(len(keep)), key=lambda at: -verdicts[at].probability), int)
    keep, verdicts = keep[best], [verdicts[at] for at in best.tolist()]
    return Compared(candidates.a[keep], candidates.b[keep], candidates.rules[keep], verdicts, counts)


def set_apart(
    sides: Sequence[Side], a: np.ndarray, b: np.ndarray, errands: np.ndarray, counts: dict[str, int]
) -> np.ndarray:
    """Pairs (n,) that are none however few candidates there are, bool: clauses on the money and papers of two
    decisions, and the own affairs of two regions. `counts` is told how many."""
    found = {"settled apart": settle_apart(sides, a, b, errands), "regions apart": regions_apart(sides, a, b)}
    counts |= {name: int(np.count_nonzero(apart)) for name, apart in found.items()}
    return np.logical_or(*found.values())


def believe_unread(chances: np.ndarray, read: np.ndarray) -> float:
    """What to add to the log-odds of pairs that are not read twice: what reading did to those of nearest chance.

    Else what nobody has read would rank above what was read and found wanting: among real documents thousands of pairs
    look alike to the judge alone, and reading brings nearly all of them down. Never raises a pair.

    Args:
        chances: of the pairs read, float64 (n,), in the order in which they were chosen, without the second reading;
            read: with it.
    """
    if len(read) < LAST_READ:
        return 0.0
    before, after = (log_odds(some[-LAST_READ:].mean()) for some in (chances, read))
    return min(0.0, float(after - before))


def least_pairs(engine: Engine | None) -> int:
    """From so many pairs on the engine's workers pay."""
    return engine.least_pairs if engine else 0


def choose_bench(
    judge: Judge,
    sides: Sequence[Side],
    meaning: np.ndarray | None,
    settings: Settings,
    engine: Engine | None,
) -> Callable[[Sequence[PairShard]], Iterable[Any]]:
    """Whoever judges shards of pairs among the sides: the engine's workers, or this process."""
    reader = load_second_reader(settings.second_reader)
    # A chat model's limits are those of a whole run, and one process keeps the account.
    if engine is None or settings.second_reader == CHAT:
        bench = PairBench(judge, sides, meaning, settings.candidate_prior, reader)
        return lambda shards: map(bench.run, shards)
    names = judge.name, reader.name if reader else None
    shared = engine.share(JudgeShared(sides, meaning, settings.candidate_prior, settings.second_reader, names))
    return lambda shards: engine.map("judge", shared, shards)


def same_demand(sides: Sequence[Side], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether pairs (n,) say the same words to the same addressees, bool; case, spaces and punctuation aside. A unit
    that repeats what whoever it lies in is told may name itself in their place ("Regionen ska …")."""
    names: dict[tuple[str, ...], int] = {}
    words = [" ".join(WORD.findall(side.text.casefold())) for side in sides]
    demand, told = (
        np.array([names.setdefault(key, len(names)) for key in keys])
        for keys in (
            [(text, *side.frame.addressee) for text, side in zip(words, sides, strict=True)],
            [("", told_of_actor(text) or text) for text in words],
        )
    )
    same: np.ndarray = demand[a] == demand[b]
    for at in np.flatnonzero(~same & (told[a] == told[b])):
        same[at] = scope_relation(sides[a[at]].frame.addressee, sides[b[at]].frame.addressee) in ("same", "nested")
    return same


def told_of_actor(text: str) -> str | None:
    """What follows "ska" where those who are charged stand before it, by name or as "regionen"; else None."""
    actor, _, told = text.partition(" ska ")
    return told if told and (names_actor(actor) or is_reference(actor)) else None


def count_rules(candidates: Candidates) -> dict[str, int]:
    """Number of candidate pairs, in all and by each rule that proposed them (several may propose one pair)."""
    by_rule = {name: int(np.count_nonzero(candidates.rules & np.uint32(1 << bit))) for bit, name in enumerate(RULES)}
    return {"candidates": len(candidates.a), **by_rule}
