"""What `styrsignal doctor` says of a store."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from analyzer.doctor import examine_database, examine_search
from tests.store.samples import store_sample


@pytest.fixture
def url(database: str, sessions) -> str:
    """A store with three signals."""
    store_sample(sessions, "a.md", ["Polisregion Syd ska öka närvaron.", "Närvaron ska minska.", "Abc ska göras."])
    return database


def test_a_search_index_that_answers_wrongly_is_told_and_mended(url: str, sessions) -> None:
    assert (examine_search(url).good, examine_search(url).text) == (True, "stämmer med signalerna")
    with sessions.begin() as session:
        session.execute(text("UPDATE signal_search_data SET block = x'0102' WHERE id > 10"))
    told = examine_search(url)
    assert told.good and told.text == "stämde inte med signalerna och är gjort om (3 signaler)"
    assert examine_search(url).text == "stämmer med signalerna"
    assert examine_database(url).good


def test_what_is_no_database_is_one_sentence(tmp_path) -> None:
    (tmp_path / "brev.db").write_text("Detta är ett brev.", "utf-8")
    told = examine_search(str(tmp_path / "brev.db"))
    assert not told.good and "är inte en databas" in told.text
