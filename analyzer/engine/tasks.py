"""What workers can do. A task makes itself ready once, from what all its shards share, and then does shard by shard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analyzer.errors import ModelError
from analyzer.records import Document, Side, Signal
from analyzer.scoring.odds import log_odds, logistic

if TYPE_CHECKING:
    from analyzer.scoring import Judge
    from analyzer.scoring.prepared import Prepared
    from analyzer.second_reader import SecondReader

Task = Literal["signals", "prepare", "judge"]
OTHER_MODELS = "En arbetare har andra modeller än den som frågar; installera samma version överallt."


@dataclass(frozen=True, slots=True)
class JudgeShared:
    """What every shard of pairs is judged with: what was read of the sides, without the sides themselves."""

    prepared: Prepared
    prior: float
    #: The setting `second_reader`.
    reader: str
    #: Names of judge and second reader, so that nobody judges with others.
    names: tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class PairShard:
    """Pairs by rows among the shared sides, int64 (n,), wanted are chances. With their `sides` by row verdicts are;
    `read` reads twice; `believed` is added to the log-odds."""

    a: np.ndarray
    b: np.ndarray
    sides: Mapping[int, Side] | None = None
    read: bool = False
    believed: float = 0.0


class PairBench:
    """Judges shards of pairs."""

    def __init__(self, judge: Judge, prepared: Prepared, prior: float, reader: SecondReader | None) -> None:
        self.judge, self.prepared, self.prior, self.reader = judge, prepared, prior, reader

    def run(self, shard: PairShard) -> Any:
        """Chances float64 (n,), or a list of verdicts."""
        if shard.sides is None:
            return self.judge.probabilities(self.prepared, shard.a, shard.b, prior=self.prior, among="candidates")
        reader = self.reader if shard.read else None
        prior = float(logistic(log_odds(self.prior) + shard.believed))
        told = self.prepared.with_sides(shard.sides)
        return self.judge.judge(told, shard.a, shard.b, prior=prior, among="candidates", reader=reader)


def make_reader(_shared: None) -> Callable[[Sequence[Document]], list[tuple[Signal, ...]]]:
    """Documents → their signals."""
    from analyzer.signals import load_reader

    reader = load_reader()
    return lambda documents: list(reader.read_many(documents))


def make_judge(shared: JudgeShared) -> Callable[[PairShard], Any]:
    """Pairs → chances or verdicts. Raises ModelError where this worker's models are not those of whoever asks."""
    from analyzer.scoring import load_judge
    from analyzer.second_reader import load_second_reader

    judge, reader = load_judge(), load_second_reader(shared.reader)
    if (judge.name, reader and reader.name) != shared.names:
        raise ModelError(OTHER_MODELS)
    return PairBench(judge, shared.prepared, shared.prior, reader).run


def make_preparer(name: str) -> Callable[[Sequence[Side]], Prepared]:
    """Sides → what the judge reads of them. Raises ModelError where this worker's judge is not the one of that name."""
    from analyzer.scoring import load_judge

    judge = load_judge()
    if judge.name != name:
        raise ModelError(OTHER_MODELS)
    return judge.read_part


MAKERS: dict[Task, Callable[[Any], Callable[[Any], Any]]] = {
    "signals": make_reader,
    "prepare": make_preparer,
    "judge": make_judge,
}


class Bench:
    """One worker's tools: what it made ready last is kept, for as long as the same is wanted."""

    def __init__(self) -> None:
        self.ready: dict[Task, tuple[str, Callable[[Any], Any]]] = {}

    def run(self, task: Task, name: str, load: Callable[[], Any], shard: Any) -> Any:
        """One shard. `name` tells one shared content from another; `load` gives it where it is not ready."""
        kept = self.ready.get(task)
        if kept is None or kept[0] != name:
            self.ready.pop(task, None)  # before the next one takes its room
            kept = self.ready[task] = (name, MAKERS[task](load()))
        return kept[1](shard)


def cut(count: int, size: int) -> list[slice]:
    """Slices of at most `size` that cover `count` rows."""
    return [slice(at, min(at + size, count)) for at in range(0, count, size)]
