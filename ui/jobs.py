"""Scans and draft checks in processes of their own, one at a time, so that the pages stay quick meanwhile."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from analyzer.settings import Settings
from ui.worker import Task, run_task

State = Literal["waiting", "running", "done", "failed", "broken"]
POLL_SECONDS = 0.25
#: How long files lie that somebody has brought and not gone on with.
KEPT_SECONDS = 2 * 3600


@dataclass(slots=True)
class Job:
    """What is known of one job. `result` is the worker's answer, `message` its one sentence when it failed."""

    task: Task
    folder: Path
    state: State = "waiting"
    #: Stages so far: name, steps done, steps in all or None.
    stages: list[tuple[str, int, int | None]] = field(default_factory=list)
    result: Any = None
    message: str = ""
    #: What the worker is told besides the files.
    order: Any = None
    #: The files stay when the job is done, for another one to go on with.
    keeps: bool = False
    since: float = field(default_factory=time.monotonic)

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed", "broken")

    def note(self, kind: str, value: Any) -> None:
        """Take in one message from the worker."""
        if kind == "stage":
            self.stages.append((value[0], 0, value[1]))
        elif kind == "advance" and self.stages:
            name, done, total = self.stages[-1]
            self.stages[-1] = (name, done + value, total)
        elif kind in ("done", "failed"):
            self.result, self.message = (value, "") if kind == "done" else (None, value)
            self.state = "done" if kind == "done" else "failed"


class Jobs:
    """Starts jobs against one database. Scans wait for each other: two that store pairs at once would collide."""

    def __init__(self, database: str, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.folder = Path(tempfile.mkdtemp(prefix="styrsignal-jobb-"))
        self.lines: dict[Task, ThreadPoolExecutor] = {task: ThreadPoolExecutor(1) for task in ("read", "scan", "draft")}
        self.processes: set[Any] = set()
        self.kept: list[Job] = []
        self.closing = threading.Event()

    def start(self, task: Task, files: Sequence[Path]) -> Job:
        """Queue a job. Its files leave the upload folder, where other visitors' requests could name them."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        for file in files:
            shutil.move(file, free_name(folder, file.name))
            with suppress(OSError):  # the upload's own folder; it stays where another upload shares it
                file.parent.rmdir()
        job = Job(task, folder, keeps=task == "read")
        self.drop_forgotten()
        if job.keeps:
            self.kept.append(job)
        self.lines[task].submit(self.run, job)
        return job

    def go_on(self, kept: Job, task: Task, order: Any) -> Job | None:
        """Queue a job on the files that another one has kept; None where they are gone."""
        if kept not in self.kept:
            return None
        self.kept.remove(kept)
        job = Job(task, kept.folder, order=order)
        self.lines[task].submit(self.run, job)
        return job

    def drop(self, kept: Job | None) -> None:
        """Remove what a job has kept, when nobody wants it any more."""
        if kept in self.kept:
            self.kept.remove(kept)
            shutil.rmtree(kept.folder, ignore_errors=True)

    def drop_forgotten(self) -> None:
        """Remove what people have left lying."""
        for job in [job for job in self.kept if time.monotonic() - job.since > KEPT_SECONDS]:
            self.drop(job)

    def run(self, job: Job) -> None:
        """Run one job to its end; its files go whatever happens."""
        context = get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        order = () if job.order is None else (job.order,)
        given = (job.task, self.database, self.settings, job.folder, sender, *order)
        process = context.Process(target=run_task, args=given)
        try:
            if self.closing.is_set():
                return
            process.start()
            self.processes.add(process)
            sender.close()
            job.state = "running"
            listen(receiver, job)
            process.join()
        finally:
            self.processes.discard(process)
            if not job.finished:
                job.state = "broken"
            if not job.keeps or job.state != "done":
                shutil.rmtree(job.folder, ignore_errors=True)

    def watch(self, job: Job) -> Iterator[Job]:
        """Yield the job now, whenever it has moved, and at its end."""
        seen: object = None
        while True:
            now = (job.state, tuple(job.stages))
            if now != seen:
                yield job
                seen = now
            if job.finished:
                return
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Stop what runs and remove what is left; a stopped scan goes on where it was when it is started again."""
        self.closing.set()
        for process in list(self.processes):
            process.terminate()
        for line in self.lines.values():
            line.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def listen(receiver: Connection, job: Job) -> None:
    """Take in the worker's messages until it has closed its end."""
    while True:
        try:
            job.note(*receiver.recv())
        except (EOFError, OSError):
            return


def free_name(folder: Path, name: str) -> Path:
    """A path in the folder that no other upload of the same job has taken."""
    path = folder / name
    number = 2
    while path.exists():
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
        number += 1
    return path
