"""Load on the review page: many reviewers at a real server over a store of many pairs, while a scan runs.

Each reviewer is a thread that speaks Gradio's own HTTP calls: opens the queue, then presses "next" or "confirm", with
a pause in between as a person has. Measured is the time from the call to the whole answer: what the server and the
network take of a key press. Prints one JSON object.

    python -m benchmarks.review_load --pairs 100000 --reviewers 20 --seconds 60
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from analyzer.store.database import open_database
from benchmarks.review_store import fill

COMMAND = [sys.executable, "-c", "from analyzer.cli import main; main()"]
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Times:
    """Seconds that calls took, by what they did."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, dict[str, float]]:
        """Calls, median and 95th percentile in milliseconds."""
        return {
            name: {
                "calls": len(values),
                "p50_ms": round(1000 * float(np.percentile(values, 50)), 1),
                "p95_ms": round(1000 * float(np.percentile(values, 95)), 1),
                "max_ms": round(1000 * max(values), 1),
            }
            for name, values in sorted(self.taken.items())
        }


class Reviewer:
    """One browser's session, without the browser."""

    def __init__(self, address: str, times: Times) -> None:
        self.http = httpx.Client(base_url=address, headers={"Origin": address}, timeout=120)
        self.times = times
        self.session = uuid.uuid4().hex
        config = self.http.get("/config").raise_for_status().json()
        names = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        self.states = {part["id"] for part in config["components"] if part["type"] == "state"}
        self.parts = {part["id"]: part["props"].get("value") for part in config["components"]}
        self.calls: dict[tuple[int, str], dict[str, Any]] = {}
        for call in config["dependencies"]:
            for target, event in call["targets"]:
                self.calls.setdefault((target, event), call)
        self.buttons = {name: names[f"do-{name}"] for name in ("next", "confirm")}
        self.words = names["words"]

    def call(self, what: str, part: int, event: str) -> None:
        """Send what the page would send, take what comes back into the page, and note how long it took."""
        call = self.calls[part, event]
        data = [None if name in self.states else self.parts.get(name) for name in call["inputs"]]
        begun = time.perf_counter()
        answer = self.http.post(
            "/gradio_api/run/predict",
            json={"data": data, "fn_index": call["id"], "session_hash": self.session, "trigger_id": part},
        )
        taken = time.perf_counter() - begun
        if answer.status_code != 200:
            self.times.failed.append(f"{what}: {answer.status_code} {answer.text[:200]}")
            return
        self.times.taken[what].append(taken)
        for name, value in zip(call["outputs"], answer.json()["data"], strict=True):
            if isinstance(value, dict) and value.get("__type__") == "update":
                if "value" in value:
                    self.parts[name] = value["value"]
            elif name not in self.states:
                self.parts[name] = value

    def work(self, until: float, pause: float, seed: int) -> None:
        """Open the queue, then press keys until the time is up."""
        draw = random.Random(seed)
        try:
            time.sleep(draw.uniform(0, pause))
            self.call("queue_page", self.words, "submit")
            while time.monotonic() < until:
                time.sleep(draw.expovariate(1 / pause))
                name = "confirm" if draw.random() < 0.4 else "next"
                self.call(f"key_{name}", self.buttons[name], "click")
        except httpx.HTTPError as error:
            self.times.failed.append(repr(error))
        finally:
            self.http.close()


@contextmanager
def serving(database: Path) -> Iterator[str]:
    """The real server in a process of its own; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--db", str(database)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        limit = time.monotonic() + 180
        while True:
            try:
                httpx.get(f"{address}/config", timeout=10).raise_for_status()
                break
            except httpx.HTTPError:
                if server.poll() is not None or time.monotonic() > limit:
                    raise SystemExit("the server did not start") from None
                time.sleep(0.5)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


@contextmanager
def scanning(database: Path, on: bool) -> Iterator[dict[str, int]]:
    """Scans of the example corpus, one after the other, into the same store; how many were finished."""
    told, stop = {"finished": 0}, threading.Event()

    def scan_again_and_again() -> None:
        while not stop.is_set():
            with tempfile.TemporaryDirectory() as folder:
                for source in sorted((ROOT / "corpus" / "examples").iterdir()):
                    if source.suffix in (".md", ".txt"):  # a new name: known files would be skipped
                        (Path(folder) / f"{uuid.uuid4().hex[:6]}-{source.name}").write_bytes(
                            source.read_bytes() + f"\nLöpnummer {uuid.uuid4()}.\n".encode()
                        )
                process = subprocess.Popen(
                    ["nice", "-n", "5", *COMMAND, "scan", folder, "--db", str(database), "--quiet"], cwd=ROOT
                )
                while process.poll() is None:
                    if stop.wait(0.2):
                        process.send_signal(signal.SIGINT)
                        process.wait(60)
                        return
                told["finished"] += process.returncode in (0, 1)

    thread = threading.Thread(target=scan_again_and_again)
    if on:
        thread.start()
    try:
        yield told
    finally:
        stop.set()
        if on:
            thread.join()


def main() -> None:
    """Fill a store, serve it, let everybody work, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=2.0, help="mean seconds between one reviewer's key presses")
    parser.add_argument("--no-scan", action="store_true")
    parser.add_argument("--db", type=Path, help="a store to use again; filled where it is missing")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = chosen.db or Path(folder) / "load.db"
        begun, fresh = time.monotonic(), not database.exists()
        sessions = open_database(str(database))
        if fresh:
            fill(sessions, chosen.pairs, decided=chosen.pairs // 10, assigned=chosen.pairs // 10)
        filled = time.monotonic() - begun
        times = Times()
        with serving(database) as address, scanning(database, not chosen.no_scan) as scans:
            reviewers = [Reviewer(address, times) for _ in range(chosen.reviewers)]
            until = time.monotonic() + chosen.seconds
            threads = [
                threading.Thread(target=one.work, args=(until, chosen.pause, seed))
                for seed, one in enumerate(reviewers)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    print(
        json.dumps(
            {
                "store": "synthetic",
                "pairs": chosen.pairs,
                "reviewers": chosen.reviewers,
                "seconds": chosen.seconds,
                "mean_pause_seconds": chosen.pause,
                "scan_running": not chosen.no_scan,
                "scans_finished": scans["finished"],
                "cores": os.cpu_count(),
                "fill_seconds": round(filled, 1) if fresh else None,
                "times": times.summary(),
                "failed": len(times.failed),
                "first_failures": times.failed[:3],
            },
            ensure_ascii=False,
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
