from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.store.database import open_database
from tests.ui.planted import fill


@pytest.fixture
def sessions(tmp_path: Path) -> sessionmaker[Session]:
    """A store with the planted documents and flags."""
    opened = open_database(str(tmp_path / "store.db"))
    fill(opened)
    return opened
