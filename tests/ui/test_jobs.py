import os
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from analyzer.settings import Settings
from ui import jobs as jobs_module
from ui.jobs import Jobs
from ui.language import load_language
from ui.progress_lines import progress_lines
from ui.worker import PipeProgress


def work(_task: str, _database: str, _settings: Any, folder: Path, connection: Connection) -> None:
    """Stands in for a scan: tells its progress and which files it was given."""
    progress = PipeProgress(connection)
    progress.stage("read", None)
    progress.stage("judge", 1500)
    progress.advance(1000)
    progress.advance(500)
    connection.send(("done", sorted(path.name for path in folder.iterdir())))
    connection.close()


def die(_task: str, _database: str, _settings: Any, _folder: Path, _connection: Connection) -> None:
    """Stands in for a scan that the system kills."""
    os._exit(9)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs("sqlite://", Settings())
    yield jobs
    jobs.close()
    assert not jobs.folder.exists()


def upload(folder: Path, *names: str) -> list[Path]:
    """Files as Gradio keeps them: each in a folder of its own."""
    paths = []
    for number, name in enumerate(names):
        path = folder / str(number) / name
        path.parent.mkdir(parents=True)
        path.write_text("text", encoding="utf-8")
        paths.append(path)
    return paths


def test_files_leave_the_upload_folder_and_are_gone_afterwards(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "run_task", work)
    job = jobs.start("scan", upload(tmp_path / "uploads", "å.md", "beslut.md", "beslut.md"))
    assert list((tmp_path / "uploads").iterdir()) == []
    states = [moved.state for moved in jobs.watch(job)]
    assert states[-1] == "done"
    assert job.result == ["beslut (2).md", "beslut.md", "å.md"]
    assert job.stages == [("read", 0, None), ("judge", 1500, 1500)]
    jobs.close()
    assert not job.folder.exists()


def test_a_killed_worker_is_told_and_the_next_job_runs(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "run_task", die)
    broken = jobs.start("scan", upload(tmp_path / "one", "a.md"))
    assert [*jobs.watch(broken)][-1].state == "broken"
    monkeypatch.setattr(jobs_module, "run_task", work)
    fine = jobs.start("scan", upload(tmp_path / "two", "b.md"))
    assert [*jobs.watch(fine)][-1].state == "done"


def test_progress_in_words(jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "run_task", work)
    job = jobs.start("scan", upload(tmp_path, "a.md"))
    assert [*jobs.watch(job)][-1].state == "done"
    t = load_language("sv")
    lines = progress_lines(t, job).replace("\u00a0", " ")
    assert lines == "- Klart: Läser och hittar styrsignaler\n- Klart: Bedömer par (1 500 av 1 500)"
    job.state = "running"
    assert progress_lines(t, job).splitlines()[-1].startswith("- **Pågår: Bedömer par**")
    job.stages.clear()
    assert progress_lines(t, job) == "Startar…"
    job.state = "waiting"
    assert progress_lines(t, job) == "Väntar på en annan inläsning."
