"""Shards done by Ray actors, on this machine or on the cluster that `RAY_ADDRESS` names.

Each actor holds what its tasks need. One that dies, with its machine or without, is replaced and its shard done again.
Nothing of Ray listens beyond this machine unless a cluster is named, clients must show a token, and nothing is told to
Ray's makers: no dashboard, no usage statistics.
"""

from __future__ import annotations

import itertools
import logging
import os
import secrets
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

#: Read by Ray when it is imported. On a busy machine its parts take longer to start than it allows, and workers that
#: are nicer than all others get nothing done.
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_agent_register_timeout_ms": "120000",
    "RAY_worker_niceness": "0",
}
#: Despite its name it decides on every system whether a cluster of one machine stays on the loopback address.
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
ALONE = "RAY_ADDRESS" not in os.environ
for variable, value in (QUIET | LOOPBACK if ALONE else QUIET).items():
    os.environ.setdefault(variable, value)
if ALONE and not {"RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"} & set(os.environ):
    # For this run only, known to its own processes.
    os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)

import ray  # noqa: E402
from ray.exceptions import RayActorError, RayTaskError  # noqa: E402

from analyzer.engine.tasks import Bench, Task  # noqa: E402
from analyzer.errors import StyrsignalError  # noqa: E402

#: A shard that has brought down so many workers is to blame itself.
DEATHS = 3
#: Mebibytes of shared memory for what shards share, on one machine.
STORE_MIB = 512
#: As in every process of the program: one thread each, and no hub is asked for anything.
WORKER = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """What runs in an actor."""

    def __init__(self) -> None:
        self.bench = Bench()

    def run(self, task: Task, name: str, shared: list[Any], shard: Any) -> Any:
        """One shard. `shared` is wrapped in a list so that it is fetched only where it is not ready yet."""
        return self.bench.run(task, name, lambda: ray.get(shared[0]) if shared else None, shard)

    def pid(self) -> int:
        """The actor's process."""
        return os.getpid()


class Cluster:
    """Ray actors as an `Engine`."""

    least_documents = 2
    least_pairs = 1

    def __init__(self, workers: int) -> None:
        self.mine = not ray.is_initialized()
        if self.mine:
            store = STORE_MIB << 20
            here: dict[str, Any] = {"num_cpus": workers, "include_dashboard": False, "object_store_memory": store}
            environment = {"env_vars": WORKER | ({"PYTHONPATH": str(ROOT)} if ALONE else {})}
            ray.init(
                namespace="styrsignal",
                log_to_driver=False,
                logging_level=logging.ERROR,
                runtime_env=environment,
                **(here if ALONE else {}),
            )
        self.numbers = itertools.count()
        self.actor: Any = ray.remote(num_cpus=1, max_restarts=0)(Worker)
        self.idle: list[Any] = [self.actor.remote() for _ in range(workers)]

    def share(self, value: Any) -> tuple[str, Any]:
        """Put the value into Ray's store, once for each machine."""
        return str(next(self.numbers)), ray.put(value)

    def map(self, task: Task, shared: tuple[str, Any] | None, shards: Sequence[Any]) -> Iterator[Any]:
        """See `Engine.map`.

        Raises:
            StyrsignalError: a worker's own, or that one shard brings down worker after worker.
        """
        name, wrapped = (shared[0], [shared[1]]) if shared else ("none", [])
        waiting = deque(range(len(shards)))
        running: dict[Any, tuple[int, Any]] = {}
        answers: dict[int, Any] = {}
        deaths: Counter[int] = Counter()
        for wanted in range(len(shards)):
            while wanted not in answers:
                while waiting and self.idle:
                    number, worker = waiting.popleft(), self.idle.pop()
                    running[worker.run.remote(task, name, wrapped, shards[number])] = number, worker
                (done, *_), _ = ray.wait(list(running), num_returns=1)
                number, worker = running.pop(done)
                try:
                    answers[number] = ray.get(done)
                    self.idle.append(worker)
                except RayActorError as error:
                    deaths[number] += 1
                    if deaths[number] == DEATHS:
                        raise StyrsignalError(
                            "Arbetare efter arbetare avslutas under samma del av arbetet, troligen för att minnet tar "
                            "slut; kör på maskiner med mer minne."
                        ) from error
                    waiting.appendleft(number)
                    self.idle.append(self.actor.remote())
                except RayTaskError as error:
                    raise error.cause if isinstance(error.cause, StyrsignalError) else error from error
            yield answers.pop(wanted)

    def close(self) -> None:
        """End the actors, and Ray where it was started here."""
        for worker in self.idle:
            ray.kill(worker)
        self.idle.clear()
        if self.mine:
            ray.shutdown()
