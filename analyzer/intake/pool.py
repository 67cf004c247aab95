"""Reading many files: a few keepers at work, results in the order of the files."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

import analyzer
from analyzer.records import Document, Skipped

from .cleaning import clean_label
from .codec import read_frame, unpack_document, write_frame
from .discovery import display_name, make_key
from .formats import is_records
from .limits import MIB, ReadLimits
from .reasons import describe_detail, skip

_QUEUE = 64
#: Below this a file of records is not worth sharing between readers.
_SHARED_BYTES = MIB // 4
#: A file of records whose reader dies this often is given up.
_MAX_DEATHS = 20

Result = Document | Skipped


@dataclass(slots=True)
class _Task:
    """One file, or every `step`-th record of one, and where its results go. None marks the end."""

    path: Path
    source: str
    key: str
    start: int = 0
    step: int = 1
    results: queue.Queue[Result | None] = field(default_factory=lambda: queue.Queue(_QUEUE))


def read_files(files: Sequence[Path], *, limits: ReadLimits = ReadLimits(), workers: int = 2) -> Iterator[Result]:
    """One `Document` or `Skipped` for each file, and for each record of a JSON Lines file, in the order of `files`.

    Each file is read in a process of its own that ends with it. The order and the content of the results do
    not depend on `workers`. A record whose id came before in the same file is skipped.
    """
    groups = [_split(path, max(1, workers)) for path in files]
    yield from _drain(groups, limits, max(1, workers))


def read_upload(name: str, data: bytes, *, limits: ReadLimits = ReadLimits()) -> list[Result]:
    """What an uploaded file holds: one result, or one for each record of a JSON Lines file.

    Only the last part of `name` is used, and never as a path.
    """
    label = clean_label(PurePosixPath(name.replace("\\", "/").replace("\0", "")).name or "namnlös", limit=200)
    if len(name) > 200 and (suffix := PurePosixPath(name).suffix) and len(suffix) < 10:
        label = label[: 200 - len(suffix)] + suffix
    if len(data) > limits.file_bytes:
        return [skip(label, "too_large", "size", limit=limits.file_bytes // MIB)]
    with tempfile.TemporaryDirectory(prefix="styrsignal-") as folder:
        path = Path(folder) / ("upload.jsonl.gz" if label.lower().endswith(".gz") else "upload")
        path.write_bytes(data)
        return list(_drain([[_Task(path, label, label)]], limits, 1))


def read_bytes(name: str, data: bytes, *, limits: ReadLimits = ReadLimits()) -> Result:
    """The document in an uploaded file. A JSON Lines file must hold exactly one; see `read_upload` for more."""
    results = read_upload(name, data, limits=limits)
    return results[0] if len(results) == 1 else skip(results[0].source, "unsupported", "records")


def _split(path: Path, workers: int) -> list[_Task]:
    source, key = display_name(path), clean_label(make_key(path), limit=1000)
    try:
        shared = is_records(path.name) and path.stat().st_size >= _SHARED_BYTES
    except OSError:
        shared = False
    step = workers if shared else 1
    return [_Task(path, source, key, start, step) for start in range(step)]


def _drain(groups: list[list[_Task]], limits: ReadLimits, workers: int) -> Iterator[Result]:
    """Runs the tasks in order on `workers` threads, each with its keeper, and yields in the order of the groups."""
    tasks = iter([task for group in groups for task in group])
    lock, stop = threading.Lock(), threading.Event()
    # How far the readers may run ahead of whoever takes the results.
    ahead = threading.Semaphore(8 * workers)

    def work() -> None:
        with _Keeper() as keeper:
            while not stop.is_set():
                if not ahead.acquire(timeout=0.2):
                    continue
                with lock:
                    task = next(tasks, None)
                if task is None:
                    return
                for result in _run(keeper, task, limits):
                    _put(task, result, stop)
                    if stop.is_set():
                        return
                _put(task, None, stop)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        for group in groups:
            seen: set[str] = set()
            for result in _interleave(group):
                yield _refuse_repeated(result, seen) if is_records(group[0].source) else result
            for _ in group:
                ahead.release()
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _put(task: _Task, result: Result | None, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            task.results.put(result, timeout=0.2)
            return
        except queue.Full:
            continue


def _interleave(group: list[_Task]) -> Iterator[Result]:
    """The results of tasks that share a file, one from each in turn, which is the file's own order."""
    live = list(group)
    while live:
        for task in list(live):
            result = task.results.get()
            if result is None:
                live.remove(task)
            else:
                yield result


def _refuse_repeated(result: Result, seen: set[str]) -> Result:
    if isinstance(result, Skipped):
        return result
    if result.key in seen:
        detail = describe_detail("duplicate_id")
        return skip(result.source, "bad_record", "line_reason", line=result.source.rpartition("#")[2], reason=detail)
    seen.add(result.key)
    return result


def _run(keeper: _Keeper, task: _Task, limits: ReadLimits) -> Iterator[Result]:
    """A task's results. When its reader dies, what it died of stands in for the record, and the rest goes on."""
    position = task.start
    for _ in range(_MAX_DEATHS):
        outcome = "damaged"
        for frame in keeper.ask(task, position, limits):
            if "end" in frame:
                outcome = frame["end"]
            else:
                position = frame["i"] + task.step
                yield unpack_document(frame["document"]) if "document" in frame else Skipped(*frame["skipped"])
        if outcome == "ok":
            return
        if not is_records(task.source):
            yield skip(task.source, outcome)
            return
        yield skip(f"{task.source}#post {position + 1}", outcome)
        position += task.step
    yield skip(task.source, "damaged", "after_line", line=position)


class _Keeper:
    """One keeper process, started when first needed and again when it is gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> _Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()

    def ask(self, task: _Task, start: int, limits: ReadLimits) -> Iterator[dict[str, Any]]:
        process = self._start()
        request = {
            "path": os.fsencode(task.path.absolute()).hex(),
            "source": task.source,
            "key": task.key,
            "start": start,
            "step": task.step,
            "limits": limits.as_json(),
        }
        try:
            write_frame(cast(BinaryIO, process.stdin), request)
            while frame := read_frame(cast(BinaryIO, process.stdout)):
                yield frame
                if "end" in frame:
                    return
        except (BrokenPipeError, ValueError):
            pass
        process.kill()
        process.communicate()
        self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            # -P keeps the working folder, where the documents lie, from being searched for modules.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "analyzer.intake.keeper"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={
                    "PATH": os.defpath,
                    "PYTHONPATH": str(Path(analyzer.__file__).parent.parent),
                    "PYTHONUTF8": "1",
                    "PYTHONHASHSEED": "0",
                },
            )
        return self._process
