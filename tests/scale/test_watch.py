"""A watched folder: what comes, changes and goes reaches the store; what is wrong is named and stops nothing."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import pytest
from sqlalchemy import select, text

from analyzer.settings import Settings
from analyzer.store.convert import metadata_of
from analyzer.store.database import open_database
from analyzer.store.schema import DocumentRow
from analyzer.watching.folder import Folder
from analyzer.watching.log import Log
from analyzer.watching.loop import Stopped, Watch, ending_by_signal

CONFLICT = (
    "Polisregion Syd ska avdela minst 40 områdespoliser under 2026.",
    "Polisregion Syd ska låna ut samtliga områdespoliser under 2026.",
)
SECRET = "Hemvärnsgatan"


@pytest.fixture
def folder(tmp_path):
    """An empty folder to be watched."""
    path = tmp_path / "styrdokument"
    path.mkdir()
    return path


@pytest.fixture
def watch(folder, sessions):
    """A watch that takes every file to be at rest, and the lines that it logs."""
    stream = io.StringIO()
    settings = Settings(second_reader="none", workers=1)
    return Watch(Folder(folder, rest=0), sessions, settings, Log(stream)), stream


def events(stream):
    """The log so far, one object a line; the next call gives what comes after."""
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    stream.seek(0)
    stream.truncate()
    return lines


def documents(sessions):
    """key → status of the newest version."""
    with sessions() as session:
        rows = session.execute(select(DocumentRow.key, DocumentRow.status).order_by(DocumentRow.version))
        return {Path(key).name: status for key, status in rows}


def write(path, *sentences):
    """A small decision."""
    path.write_text("# Beslut\n\n" + "\n\n".join(sentences) + "\n", encoding="utf-8")


def test_new_changed_and_gone_files_reach_the_store(watch, folder, sessions):
    watched, stream = watch
    write(folder / "a.md", CONFLICT[0])
    write(folder / "b.md", CONFLICT[1])
    watched.step()
    assert documents(sessions) == {"a.md": "active", "b.md": "active"}
    assert [line["event"] for line in events(stream)] == ["scan begins", "scan done"]

    watched.step()
    assert not events(stream), "nothing has happened"

    write(folder / "b.md", CONFLICT[1], "Övertiden ska minska.")
    (folder / "a.md").unlink()
    watched.step()
    lines = events(stream)
    assert [line["event"] for line in lines] == ["scan begins", "scan done", "withdrawn"]
    assert lines[1]["counts"]["new version"] == 1
    assert documents(sessions) == {"a.md": "withdrawn", "b.md": "active"}

    write(folder / "a.md", CONFLICT[0])
    watched.step()
    assert documents(sessions) == {"a.md": "active", "b.md": "active"}, "it came back"


def test_what_a_gone_document_replaced_is_in_force_again(watch, folder, sessions):
    def last_days() -> list[str | None]:
        with sessions() as session:
            return [metadata_of(row).valid_to for row in session.scalars(select(DocumentRow).order_by(DocumentRow.key))]

    watched, stream = watch
    head = "# {}\n\nPolisregion Syd\n\nDatum: {}\n\n{}\n"
    old = head.format("Tjänsteföreskrift (2022:4) om båtar", "2022-03-01", CONFLICT[0])
    ends = "Genom denna föreskrift upphör tjänsteföreskrift 2022:4 att gälla."
    (folder / "a.md").write_text(old, encoding="utf-8")
    (folder / "b.md").write_text(head.format("Tjänsteföreskrift om båtar", "2026-03-01", ends), encoding="utf-8")
    watched.step()
    assert last_days() == ["2026-02-28", None]
    events(stream)
    (folder / "b.md").unlink()
    watched.step()
    assert [line["event"] for line in events(stream)] == ["withdrawn", "scan begins", "scan done"]
    assert last_days() == [None, None]
    watched.step()
    assert not events(stream)


def test_a_moved_file_is_not_withdrawn(watch, folder, sessions):
    watched, _ = watch
    write(folder / "a.md", CONFLICT[0])
    watched.step()
    (folder / "under").mkdir()
    (folder / "a.md").rename(folder / "under" / "a.md")
    watched.step()
    assert documents(sessions) == {"a.md": "active"}


def test_a_record_taken_out_of_its_file_is_withdrawn(watch, folder, sessions):
    watched, stream = watch
    records = [json.dumps({"id": f"dok-{at}", "text": f"# Beslut\n\n{CONFLICT[at]}"}) for at in (0, 1)]
    (folder / "alla.jsonl").write_text("\n".join(records), "utf-8")
    (folder / "alla.jsonl#2.md").write_text("# Beslut\n\nÖvertiden ska minska.\n", "utf-8")
    watched.step()
    assert set(documents(sessions).values()) == {"active"} and len(documents(sessions)) == 3, events(stream)
    (folder / "alla.jsonl").write_text(records[1] + "\n", "utf-8")
    watched.step()
    assert sorted(documents(sessions).values()) == ["active", "active", "withdrawn"]
    assert documents(sessions)["alla.jsonl#2.md"] == "active"


def test_a_file_is_left_alone_while_it_grows(folder, sessions):
    now = [0.0]
    watched = Folder(folder, rest=5, clock=lambda: now[0])
    path = folder / "a.md"
    write(path, CONFLICT[0])
    for seconds, grows, ready in ((0, False, False), (3, True, False), (7, False, False), (8, False, True)):
        now[0] = seconds
        if grows:
            write(path, *CONFLICT)
        watched.look()
        assert (watched.at_rest() == [path]) is ready, seconds
        assert watched.pending() == [path]
    watched.note_taken([path])
    assert not watched.pending()


def test_wrong_files_are_named_once_and_the_rest_goes_on(watch, folder, sessions):
    watched, stream = watch
    write(folder / "a.md", CONFLICT[0])
    (folder / "trasig.pdf").write_bytes(b"%PDF-1.7 avhuggen")
    (folder / "bild.xyz").write_bytes(b"?")
    watched.step()
    skipped = [(Path(line["file"]).name, line["level"]) for line in events(stream) if line["event"] == "skipped"]
    assert sorted(skipped) == [("bild.xyz", "warning"), ("trasig.pdf", "warning")]
    assert documents(sessions) == {"a.md": "active"}
    watched.step()
    assert not events(stream), "told once"
    (folder / "trasig.pdf").write_bytes(b"%PDF-1.7 lika trasig, men annorlunda")
    watched.step()
    assert [line["event"] for line in events(stream)] == ["scan begins", "skipped", "scan done"], "told of the new one"


def test_a_file_that_breaks_the_program_is_found_and_passed_over(watch, folder, sessions, monkeypatch):
    from analyzer.watching import loop

    def fragile(paths, *rest):
        if any(path.name == "ond.md" for path in paths):
            raise ZeroDivisionError(f"in {SECRET}")
        return real(paths, *rest)

    real = loop.bring_in
    monkeypatch.setattr(loop, "bring_in", fragile)
    watched, stream = watch
    for name in ("a.md", "ond.md", "z.md"):
        write(folder / name, *CONFLICT, name)
    watched.step()
    lines = events(stream)
    failed = [line for line in lines if line["event"] == "file failed"]
    assert [Path(line["file"]).name for line in failed] == ["ond.md"] and failed[0]["error"] == "ZeroDivisionError"
    assert SECRET not in json.dumps(lines)
    assert documents(sessions) == {"a.md": "active", "z.md": "active"}
    watched.step()
    assert not events(stream), "not tried again before it changes"


@pytest.mark.parametrize("trouble", ["emptied", "removed"])
def test_a_folder_that_is_not_connected_withdraws_nothing(watch, folder, sessions, trouble):
    watched, stream = watch
    write(folder / "a.md", CONFLICT[0])
    watched.step()
    events(stream)
    (folder / "a.md").unlink()
    if trouble == "removed":
        folder.rmdir()
    watched.step()
    expected = {"emptied": "folder empty, nothing withdrawn", "removed": "folder missing"}[trouble]
    assert [line["event"] for line in events(stream)] == [expected]
    assert documents(sessions) == {"a.md": "active"}


def test_trouble_with_the_store_is_told_and_tried_again(watch, folder, sessions, tmp_path):
    watched, stream = watch
    write(folder / "a.md", SECRET + " ska bevakas av Polisregion Syd.")
    (tmp_path / "lost").mkdir()
    lost = open_database(str(tmp_path / "lost" / "x.db"))
    lost.kw["bind"].dispose()
    (tmp_path / "lost").rename(tmp_path / "moved")
    watched.sessions = lost
    watched.step()
    assert [line["event"] for line in events(stream)] == ["scan begins", "store unusable"]
    watched.sessions = sessions
    watched.step()
    assert documents(sessions) == {"a.md": "active"}


def test_the_log_never_quotes_a_document(watch, folder, sessions):
    """An error of the database carries the values it choked on; the log must not."""
    watched, stream = watch
    with sessions.begin() as session:
        session.execute(
            text("CREATE TRIGGER no_more BEFORE INSERT ON documents BEGIN SELECT RAISE(ABORT, 'refused'); END")
        )
    write(folder / "a.md", f"Polisregion Syd ska bevaka {SECRET}.")
    watched.step()
    lines = events(stream)
    assert lines[-1]["event"] == "store unusable" and lines[-1]["error"] == "IntegrityError"
    assert SECRET not in json.dumps(lines, ensure_ascii=False)


def start(folder, tmp_path, *arguments):
    """`styrsignal watch` as a process of its own, its log as text."""
    return subprocess.Popen(
        [Path(sys.executable).with_name("styrsignal"), "watch", folder, "--db", "w.db", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"STYRSIGNAL_SECOND_READER": "none", "PYTHONUNBUFFERED": "1"},
    )


def test_once_takes_in_what_lies_there_and_ends(folder, tmp_path):
    write(folder / "a.md", *CONFLICT)
    (folder / "trasig.pdf").write_bytes(b"%PDF-1.7 avhuggen")
    process = start(folder, tmp_path, "--once", "--rest", "0.2")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1, "a file was skipped"
    assert [json.loads(line)["event"] for line in output.splitlines()] == [
        "watch begins",
        "scan begins",
        "skipped",
        "scan done",
        "watch ends",
    ]


@pytest.mark.parametrize("moment", ["watch begins", "scan begins"])
def test_sigterm_ends_it_cleanly(folder, tmp_path, moment):
    if moment == "scan begins":
        areas = range(200)  # enough to take in that the scan is not over before the signal has come
        write(
            folder / "a.md",
            *(sentence.replace("poliser", f"poliser i område {area}") for area in areas for sentence in CONFLICT),
        )
    process = start(folder, tmp_path, "--interval", "60", "--rest", "0.1")
    for line in process.stdout:
        if json.loads(line)["event"] == moment:
            break
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    rest = [json.loads(line)["event"] for line in process.stdout]
    assert process.wait(timeout=120) == 0
    assert rest[-1:] == ["watch stopped"] and "scan done" not in rest
    if moment == "scan begins":
        left = documents(open_database(str(tmp_path / "w.db")))
        assert left in ({}, {"a.md": "active"}), "whole or not at all"


def test_a_signal_in_a_finaliser_is_not_lost():
    """Python forgets what is raised in a callback of a weak reference, where imports spend part of their time."""
    thing = Thing()
    reference = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGTERM))
    with pytest.raises(Stopped), ending_by_signal(threading.Event()):
        del thing
        time.sleep(10)
    assert reference() is None


def test_a_signal_is_sent_again_where_what_it_raised_was_dropped():
    """Compiled code drops what is raised while it looks something up, and nobody is told."""
    begun = time.monotonic()
    with pytest.raises(Stopped), ending_by_signal(threading.Event()):
        for _ in range(2):
            with contextlib.suppress(Stopped):
                signal.raise_signal(signal.SIGTERM)
        time.sleep(10)
    assert time.monotonic() - begun < 9


def test_what_is_put_away_at_the_end_is_not_interrupted():
    """A signal that comes again while the first one is being heeded must not break off a rollback."""
    put_away = False
    with pytest.raises(Stopped), ending_by_signal(threading.Event()):
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            time.sleep(1.5)
            put_away = True
    assert put_away


def test_the_earlier_answer_to_a_signal_comes_back():
    before = signal.getsignal(signal.SIGTERM)
    with ending_by_signal(threading.Event()):
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before
    assert signal.getsignal(signal.SIGTERM) is before


class Thing:
    """Something that a weak reference can be held to."""
