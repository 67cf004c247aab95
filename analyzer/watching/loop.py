"""The watch itself: look, wait until files are at rest, scan them, withdraw what is gone, tell what came of it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import StoreError, UsageError
from analyzer.intake.discovery import display_name
from analyzer.records import Skipped
from analyzer.scan import bring_in
from analyzer.settings import Settings
from analyzer.store.replacement import replaced_others
from analyzer.store.withdrawal import gone_files, withdraw_files
from analyzer.watching.folder import Folder
from analyzer.watching.log import Log

#: Seconds after which a signal is sent again: more than it takes to end, where it was heard.
AGAIN = 1.0


class Stopped(BaseException):
    """Somebody asked the watch to end. What is not committed is left to the next one, as after any interruption."""


@dataclass(slots=True)
class Watch:
    """One folder, one store."""

    folder: Folder
    sessions: sessionmaker[Session]
    settings: Settings
    log: Log
    #: Trouble with the store ends the watch instead of being left to the next look.
    strict: bool = False
    #: What has been named as skipped, so that it is named once and not at every look.
    told: set[Skipped] = field(default_factory=set)
    #: Whether documents that replace others were withdrawn since the last scan: those are in force again.
    unsettled: bool = False

    def step(self) -> None:
        """One look and what follows from it. Trouble with the store is told and left to the next look."""
        if not self.folder.path.is_dir():
            self.log.warn("folder missing", folder=str(self.folder.path))
            return
        self.folder.look()
        self.tell_skipped(self.folder.skipped)
        ready = self.folder.at_rest()
        try:
            if ready:
                self.take_in(ready)
            self.withdraw()
            if self.unsettled:
                self.take_in([])
        except (StoreError, DBAPIError) as error:
            self.log.fail("store unusable", error)
            if self.strict:
                raise

    def take_in(self, paths: list[Path]) -> None:
        """Scan files together; where that fails for no known reason, one by one, to find the one that does it."""
        try:
            self.scan(paths)
        except (StoreError, DBAPIError):
            raise
        except Exception as error:
            if len(paths) == 1:
                self.log.fail("file failed", error, file=display_name(paths[0]))
                self.folder.note_taken(paths)
                return
            self.log.fail("scan failed, trying one by one", error, files=len(paths))
            for path in paths:
                self.take_in([path])

    def scan(self, paths: list[Path]) -> None:
        """One scan and its outcome."""
        self.log.tell("scan begins", files=len(paths))
        result = bring_in(paths, self.sessions, self.settings)
        self.unsettled = False
        self.folder.note_taken(paths)
        names = {display_name(path) for path in paths}
        self.told = {item for item in self.told if item.source.partition("#")[0] not in names}
        self.tell_skipped(result.skipped)
        self.log.tell("scan done", documents=len(result.document_ids), counts=result.counts, seconds=result.timings)

    def withdraw(self) -> None:
        """Withdraw documents of files that are gone. A folder that is quite empty is taken for one not connected."""
        name = display_name(self.folder.path)
        present = {display_name(path) for path in self.folder.seen} | {item.source for item in self.folder.skipped}
        with self.sessions.begin() as session:
            gone = gone_files(session, name, present)
            if gone and not self.folder.seen:
                self.log.warn("folder empty, nothing withdrawn", folder=name, known_files=len(gone))
                return
            keys = withdraw_files(session, gone)
            self.unsettled = self.unsettled or replaced_others(session, keys)
        if gone:
            self.log.tell("withdrawn", files=gone, documents=keys)

    def tell_skipped(self, skipped: list[Skipped]) -> None:
        """Name what gave nothing, once."""
        for item in skipped:
            if item not in self.told:
                self.told.add(item)
                self.log.warn("skipped", file=item.source, code=item.code, reason=item.reason)


def run_watch(
    path: Path,
    sessions: sessionmaker[Session],
    settings: Settings,
    log: Log,
    *,
    interval: float,
    rest: float,
    once: bool,
) -> list[Skipped]:
    """Watch until asked to stop; with `once` until everything that was there has come to rest and is taken in.

    Returns what was skipped. Raises UsageError when there is no such folder to begin with.
    """
    if not path.is_dir():
        raise UsageError(f"{path} är ingen mapp; skapa den eller ange en annan.")
    watch = Watch(Folder(path, rest), sessions, settings, log, strict=once)
    ended = threading.Event()
    with ending_by_signal(ended):
        try:
            log.tell("watch begins", folder=display_name(path), interval_seconds=interval, once=once)
            while True:
                watch.step()
                waiting = watch.folder.pending()
                if once and not waiting:
                    break
                pause = min(interval, rest) if waiting else interval
                if ended.wait(pause):
                    raise Stopped
        except (Stopped, KeyboardInterrupt):
            log.tell("watch stopped", waiting_files=len(watch.folder.pending()))
        else:
            log.tell("watch ends")
    return list(watch.told)


@contextmanager
def ending_by_signal(ended: threading.Event) -> Iterator[None]:
    """While inside, SIGTERM ends the watch: at once where it sleeps, and as an interruption where it scans.

    The signal may come where whatever is raised is forgotten: in a finaliser, a callback of a weak reference, a look
    for an attribute from compiled code (imports have them all). So it is sent again each moment until this is left.
    """
    again: list[threading.Timer] = []

    def end(_number: int, _frame: Any) -> None:
        ended.set()
        again.append(threading.Timer(AGAIN, os.kill, [os.getpid(), signal.SIGTERM]))
        again[-1].daemon = True
        again[-1].start()
        if not isinstance(sys.exception(), Stopped):  # else it is ending already, and putting things away
            raise Stopped

    def forgotten(trouble: Any) -> None:
        if trouble.exc_type is not Stopped:
            earlier_hook(trouble)

    earlier_hook, sys.unraisablehook = sys.unraisablehook, forgotten
    earlier = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for timer in again:
            timer.cancel()
        sys.unraisablehook = earlier_hook
        signal.signal(signal.SIGTERM, earlier)
