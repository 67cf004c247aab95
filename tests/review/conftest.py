import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.store.samples import embed_all, make_verdict, pair_up, store_sample


@pytest.fixture
def filled(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Six pairs of four signals, likeliest first."""
    store_sample(sessions, "a.md", ["Abc ska göras.", "Abc får inte göras.", "Def ska göras.", "Ghi bör göras."])
    embed_all(sessions)
    chances = {(0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.7, (0, 3): 0.6, (1, 3): 0.5, (2, 3): 0.4}
    pair_up(sessions, {pair: make_verdict(chance) for pair, chance in chances.items()})
    return sessions
