"""What every engine offers, and which there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from analyzer.engine.tasks import Task
from analyzer.errors import UsageError
from analyzer.settings import Settings

ENGINES = ("local", "ray")


class Engine(Protocol):
    """Does shards with workers of its own. Below `least_…` the work would not pay for starting them."""

    least_documents: int
    least_pairs: int

    def share(self, value: Any) -> Any:
        """Let all workers have `value`; what comes back is given to `map`."""
        ...

    def map(self, task: Task, shared: Any, shards: Sequence[Any]) -> Iterator[Any]:
        """The shards' answers, in their order."""
        ...

    def close(self) -> None:
        """Let the workers go."""
        ...


@contextmanager
def open_engine(name: str, settings: Settings) -> Iterator[Engine | None]:
    """The engine of this name, closed afterwards; None where everything is to be done in this process.

    Raises:
        UsageError: there is none of this name, or its libraries are not installed.
    """
    engine = make_engine(name, settings)
    try:
        yield engine
    finally:
        if engine:
            engine.close()


def make_engine(name: str, settings: Settings) -> Engine | None:
    """See `open_engine`."""
    if name == "local":
        from analyzer.engine.local import Processes

        return Processes(settings.workers) if settings.workers > 1 else None
    if name == "ray":
        try:
            from analyzer.engine.cluster import Cluster
        except ModuleNotFoundError as error:
            raise UsageError(
                "Ray är inte installerat; installera tillägget med pip install 'styrsignal[distributed]'."
            ) from error
        return Cluster(settings.workers)
    raise UsageError(f"Det finns ingen motor {name!r}; välj en av {', '.join(ENGINES)}.")
