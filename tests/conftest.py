"""What all tests share: a database of their own, and where the data outside the project lies."""

from __future__ import annotations

import os
from pathlib import Path

# As the command line does: libraries read these when they are imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
# Scans in tests read fewer pairs a second time than users' do: reading is the slowest stage, and the same for each.
os.environ.setdefault("STYRSIGNAL_SECOND_READER_PAIRS", "60")

import pytest  # noqa: E402
from sqlalchemy.orm import Session, sessionmaker  # noqa: E402

from analyzer.store.database import open_database  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def sessions(database: str) -> sessionmaker[Session]:
    """An empty store."""
    return open_database(database)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `shared` are skipped, with the reason told, where the data is not at hand."""
    if SHARED.is_dir():
        return
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="../shared is not here: real documents are no part of the project"))
