"""Ray actors give what one process gives, one of them killed in mid-scan or not; nothing listens to strangers."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from analyzer.settings import Settings
from analyzer.store.database import open_database
from tests.scale.answers import EXAMPLES, answer, report

# Looked for, not imported: what Ray listens to is settled when the engine imports it.
NO_RAY = pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed: pip install 'styrsignal[distributed]'")
pytestmark = [pytest.mark.ray, pytest.mark.timeout(900), pytest.mark.xdist_group("postgres"), NO_RAY]
#: The loopback address as the kernel's tables write it, in both families.
LOOPBACK = {"0100007F", "0" * 24 + "01000000", "0000000000000000FFFF00000100007F"}
FILES = sorted(EXAMPLES.iterdir())[:2]


def listening_beyond_loopback(pids: set[int]) -> list[str]:
    """Addresses other than the loopback's on which these processes listen, from the kernel's own tables."""
    inodes = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            for link in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    target = os.readlink(link)
                    if target.startswith("socket:["):
                        inodes.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            part = line.split()
            if part[3] == "0A" and part[9] in inodes and part[1].split(":")[0] not in LOOPBACK:
                found.append(part[1])
    return found


def descendants(pid: int) -> set[int]:
    """Every process below this one."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            number, rest = stat.read_text().split(" (", 1)
            children.setdefault(int(rest.rsplit(") ", 1)[1].split()[1]), []).append(int(number))
    found, open_ = set(), [pid]
    while open_:
        for child in children.get(open_.pop(), []):
            found.add(child)
            open_.append(child)
    return found


def test_a_scan_by_two_actors_is_that_of_one_process(sessions, postgres, monkeypatch):
    from analyzer.engine import cluster
    from analyzer.scan import bring_in

    alone = answer(sessions, FILES, second_reader_pairs=10, workers=1)
    assert alone["conflicts"]

    # The actor that gets the first shard of pairs is killed at work on it, as late as can be in a scan.
    killed: list[int] = []
    seen: list[str] = []
    share = cluster.Cluster.share

    def share_and_kill(engine, value):
        victim = cluster.ray.get(engine.idle[-1].pid.remote())
        seen.extend(listening_beyond_loopback(descendants(os.getpid())))

        def kill():
            time.sleep(0.2)
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

        threading.Thread(target=kill).start()
        return share(engine, value)

    monkeypatch.setattr(cluster.Cluster, "share", share_and_kill)
    there = open_database(postgres)
    settings = Settings(second_reader_pairs=10, workers=2)
    result = bring_in(FILES, there, settings, engine="ray")
    assert killed and not Path(f"/proc/{killed[0]}").exists()
    assert report(there, result) == alone
    assert not seen, "listens beyond this machine"
    assert not cluster.ray.is_initialized()


def test_a_shard_that_kills_every_worker_is_given_up():
    from analyzer.engine import cluster
    from analyzer.engine.tasks import JudgeShared
    from analyzer.errors import ModelError, StyrsignalError
    from analyzer.scoring import load_judge

    engine = cluster.Cluster(1)
    try:
        shared = engine.share(JudgeShared(load_judge().prepare([]), 0.02, "none", ("another judge", None)))
        with pytest.raises(ModelError, match="andra modeller"):
            list(engine.map("judge", shared, [np.zeros(0)]))
        engine.idle = [engine.actor.remote()]
        with pytest.raises(StyrsignalError, match="Arbetare efter arbetare"):
            list(engine.map("signals", None, [Deadly()]))
    finally:
        engine.close()


class Deadly:
    """A shard that cannot be unpacked without ending the process."""

    def __reduce__(self):
        return os._exit, (1,)
