"""From signals to judged pairs: candidates, chances, and full verdicts on those worth keeping."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from analyzer.engine import Engine, JudgeShared, PairBench, PairShard, cut
from analyzer.fingerprint import package_fingerprint
from analyzer.matching.candidates import RULES, Candidates, propose
from analyzer.matching.encoder import Encoder, embedding_text, load_encoder
from analyzer.matching.library import Library
from analyzer.matching.meeting import meeting_name
from analyzer.progress import Progress, Silent
from analyzer.records import Side, Verdict
from analyzer.scoring.company import add_company
from analyzer.scoring.joining import join_parts
from analyzer.scoring.naming import judge_name
from analyzer.scoring.odds import log_odds
from analyzer.scoring.prepared import Prepared
from analyzer.scoring.preparing import PREPARED, hash_number
from analyzer.scoring.regions import regions_apart
from analyzer.scoring.settlement import find_errands, settle_apart
from analyzer.second_reader import CHAT, NONE, load_second_reader, second_reader_name
from analyzer.settings import Settings
from analyzer.sides import Part, by_pairs, fetch_rows
from analyzer.signals.actors import is_reference, names_actor
from analyzer.signals.organisation import scope_relation

if TYPE_CHECKING:
    from analyzer.scoring import Judge

#: Pairs of a shard: judged, explained, and read a second time. The last bits of an answer may hang on the shard's size,
#: so that it must not hang on who works.
JUDGED, EXPLAINED, READ = 8192, 512, 64
#: Shards of sides that wait to be prepared together.
WAVE = 32
#: Pairs that are read twice, as far as the settings let: one for each fresh signal, so many more for each beyond the
#: first hundred, and a few at any rate. Of a single document's pairs it is those that somebody will look at.
READ_MORE, READ_FEW, READ_LEAST = 2, 100, 20
#: Of the pairs read the last ones tell what a second reading does to those beside them, which are not read: this share,
#: and fewer than so many tell nothing.
LAST_READ, LAST_LEAST = 0.3, 6
#: Of the best pairs of a scan that are kept whatever their chance, so many at least, and no more for each fresh signal.
KEPT, KEPT_EACH = 100, 5
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
    (progress or Silent()).stage("propose", None)
    candidates = find_candidates(sides, vectors, document_of, fresh, settings, library)
    return judge_candidates(candidates, sides, vectors, int(np.count_nonzero(fresh)), judge, settings, progress, engine)


def find_candidates(
    sides: Sequence[Side],
    vectors: np.ndarray,
    document_of: np.ndarray,
    fresh: np.ndarray,
    settings: Settings,
    library: Library | None = None,
) -> Candidates:
    """The first half of `compare`, with its arguments. A large library may be let go after it."""
    return propose(
        sides,
        vectors,
        document_of=document_of,
        fresh=fresh,
        neighbours=settings.neighbours,
        library=library,
        threads=settings.workers,
    )


def judge_candidates(
    candidates: Candidates,
    sides: Sequence[Side],
    vectors: np.ndarray,
    fresh: int,
    judge: Judge,
    settings: Settings,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> Compared:
    """The second half of `compare`, with its arguments; `fresh` is how many sides are."""
    progress = progress or Silent()
    counts = count_rules(candidates)
    if not len(candidates):
        return Compared(candidates.a, candidates.b, candidates.rules, [], counts)

    # Only the sides that take part are prepared: a new document must not cost a pass over the whole store.
    place = np.full(len(sides), -1, dtype=np.int32)
    place[candidates.a] = place[candidates.b] = 0
    taking_part = np.flatnonzero(place == 0)
    place[taking_part] = np.arange(len(taking_part))
    a, b = place[candidates.a], place[candidates.b]
    involved = Part(sides, taking_part)
    workers = engine if len(a) >= least_pairs(engine) else None
    # The judge knows the shipped encoder only; of another one's vectors it can make nothing.
    meaning = vectors[taking_part] if settings.encoder is None else embed(involved)
    progress.stage("prepare", len(involved))
    run = choose_bench(judge, prepare_sides(judge, involved, meaning, progress, workers), settings, workers)
    del meaning
    progress.stage("judge", len(a))
    # Of many millions of pairs: half the room, and still more digits than a chance is told with.
    chances = np.empty(len(a), np.float32)
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
    lowered = np.array(company.errands)
    odds = by_pairs(len(a), lambda at: log_odds(chances[at]) + lowered[errands[at]], np.float32)
    add_company(a, b, odds, float(log_odds(settings.candidate_prior)), company.first)
    odds[apart] = -np.inf
    least = min(settings.keep_pairs, max(KEPT, KEPT_EACH * fresh))
    keep = choose_best(candidates, odds, least, float(log_odds(settings.keep_probability)))
    progress.stage("explain", len(keep))
    verdicts: list[Verdict] = []
    read, unread = np.split(keep, [min(settings.second_reader_pairs, count_readings(fresh))])

    def explain(rows: np.ndarray, size: int, reading: bool, believed: float = 0.0) -> None:
        parts = [(a[rows[at]], b[rows[at]]) for at in cut(len(rows), size)]
        for some in run([PairShard(*part, fetch_rows(involved, *part), reading, believed) for part in parts]):
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


def count_readings(fresh: int) -> int:
    """How many of the best pairs are read a second time where so many signals are fresh and no setting says less."""
    return max(READ_LEAST, fresh + READ_MORE * max(0, fresh - READ_FEW))


def choose_best(candidates: Candidates, odds: np.ndarray, least: int, floor: float) -> np.ndarray:
    """Positions of the candidates of log-odds `floor` or more, and of the `least` best at any rate; best first, by
    place among equals. Those of no odds at all are none."""
    best = np.flatnonzero(odds >= floor)
    if len(best) < least and (some := np.flatnonzero(odds > -np.inf)).size:
        least = min(least, len(some))
        best = some[odds[some] >= np.partition(odds[some], -least)[-least]]
    order = best[np.lexsort((candidates.b[best], candidates.a[best], -odds[best]))]
    return order[: max(least, int(np.count_nonzero(odds[best] >= floor)))]


def embed(sides: Part) -> np.ndarray:
    """What the shipped encoder makes of the sides, float32 (n, d)."""
    return load_encoder().encode([embedding_text(side) for side in sides])


def prepare_sides(
    judge: Judge, sides: Part, meaning: np.ndarray, progress: Progress, engine: Engine | None
) -> Prepared:
    """What the judge reads of the sides, by the engine's workers or this process. `meaning`: see `Judge.prepare`."""
    shared = engine.share(judge.name) if engine else None

    def read(rows: np.ndarray) -> Iterator[Prepared]:
        some = [sides.fetch(rows[at]) for at in cut(len(rows), PREPARED)]
        for part in engine.map("prepare", shared, some) if engine else map(judge.read_part, some):
            progress.advance(len(part))
            yield part

    waves = (read(np.arange(at.start, at.stop)) for at in cut(len(sides), WAVE * PREPARED))
    return join_parts(chain.from_iterable(waves), {}, meaning)


def set_apart(
    sides: Sequence[Side] | Part, a: np.ndarray, b: np.ndarray, errands: np.ndarray, counts: dict[str, int]
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
    last = round(LAST_READ * len(read))
    if last < LAST_LEAST:
        return 0.0
    before, after = (log_odds(some[-last:].mean()) for some in (chances, read))
    return min(0.0, float(after - before))


def least_pairs(engine: Engine | None) -> int:
    """From so many pairs on the engine's workers pay."""
    return engine.least_pairs if engine else 0


def choose_bench(
    judge: Judge, prepared: Prepared, settings: Settings, engine: Engine | None
) -> Callable[[Sequence[PairShard]], Iterable[Any]]:
    """Whoever judges shards of pairs: the engine's workers, or this process."""
    reader = load_second_reader(settings.second_reader)
    # A chat model's limits are those of a whole run, and one process keeps the account.
    if engine is None or settings.second_reader == CHAT:
        bench = PairBench(judge, prepared, settings.candidate_prior, reader)
        return lambda shards: map(bench.run, shards)
    names = judge.name, reader.name if reader else None
    shared = engine.share(JudgeShared(prepared, settings.candidate_prior, settings.second_reader, names))
    return lambda shards: engine.map("judge", shared, shards)


def same_demand(sides: Sequence[Side] | Part, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether pairs (n,) say the same words to the same addressees, bool; case, spaces and punctuation aside. A unit
    that repeats what whoever it lies in is told may name itself in their place ("Regionen ska …")."""
    hashes = np.zeros((2, len(sides)), dtype=np.int64)
    for row, side in enumerate(sides):
        text = " ".join(WORD.findall(side.text.casefold()))
        hashes[:, row] = hash_number("|".join((text, *side.frame.addressee))), hash_number(told_of_actor(text) or text)
    demand, told = (np.unique(some, return_inverse=True)[1].astype(np.int32) for some in hashes)
    same = by_pairs(len(a), lambda at: demand[a[at]] == demand[b[at]])
    asked = np.flatnonzero(by_pairs(len(a), lambda at: ~same[at] & (told[a[at]] == told[b[at]])))
    charged = {row: side.frame.addressee for row, side in fetch_rows(sides, a[asked], b[asked]).items()}
    for at in asked:
        same[at] = scope_relation(charged[a[at]], charged[b[at]]) in ("same", "nested")
    return same


def told_of_actor(text: str) -> str | None:
    """What follows "ska" where those who are charged stand before it, by name or as "regionen"; else None."""
    actor, _, told = text.partition(" ska ")
    return told if told and (names_actor(actor) or is_reference(actor)) else None


def count_rules(candidates: Candidates) -> dict[str, int]:
    """Number of candidate pairs, in all and by each rule that proposed them (several may propose one pair)."""
    by_rule = {name: int(np.count_nonzero(candidates.rules & (1 << bit))) for bit, name in enumerate(RULES)}
    return {"candidates": len(candidates.a), **by_rule}
