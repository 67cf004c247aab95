"""Shards done by processes on this machine."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from analyzer.engine.shared import read_shared, write_shared
from analyzer.engine.tasks import Bench, Task
from analyzer.errors import StyrsignalError

#: A pool whose workers are killed this often (by the system, for want of memory) is given up.
DEATHS = 3


class Processes:
    """Several processes. They are started when first needed and stay until the engine is closed."""

    #: A worker takes seconds to start and to load its models.
    least_documents = 60
    least_pairs = 50_000

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.pool: ProcessPoolExecutor | None = None
        self.folder: tempfile.TemporaryDirectory[str] | None = None
        self.numbers = itertools.count()

    def share(self, value: Any) -> Path:
        """Write the value where each worker reads it; its arrays lie there in one piece for all of them."""
        if self.folder is None:
            self.folder = tempfile.TemporaryDirectory(prefix="styrsignal-delat-")
        path = Path(self.folder.name) / str(next(self.numbers))
        write_shared(value, path)
        return path

    def map(self, task: Task, shared: Path | None, shards: Sequence[Any]) -> Iterator[Any]:
        """See `Engine.map`.

        Raises:
            StyrsignalError: workers die again and again.
        """
        done = 0
        for deaths in itertools.count(1):
            if self.pool is None:
                # Not fork: a forked copy of a process with threads may hang.
                self.pool = ProcessPoolExecutor(self.workers, mp_context=get_context("forkserver"))
            try:
                for answer in self.pool.map(work, [(task, shared, shard) for shard in shards[done:]]):
                    done += 1
                    yield answer
                return
            except BrokenProcessPool as error:
                self.pool.shutdown(cancel_futures=True)
                self.pool = None
                if deaths == DEATHS:
                    raise StyrsignalError(
                        "Arbetarprocesserna avslutas av systemet, troligen för att minnet tar slut; "
                        "sätt workers = 1 eller kör på en större maskin."
                    ) from error

    def close(self) -> None:
        """End the processes."""
        if self.pool:
            self.pool.shutdown(cancel_futures=True)
            self.pool = None
        if self.folder:
            self.folder.cleanup()
            self.folder = None


_bench = Bench()


def work(call: tuple[Task, Path | None, Any]) -> Any:
    """One shard, in a worker. Unpickles only what the process that started this one has written."""
    task, shared, shard = call
    return _bench.run(task, str(shared), lambda: read_shared(shared) if shared else None, shard)
