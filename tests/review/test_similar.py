"""Similar decided pairs against a brute-force search, through decisions, undo and new ones."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import select

from analyzer.review.decisions import decide, undo_last
from analyzer.review.similar import similar_decided
from analyzer.store.active import load_active
from analyzer.store.pairs import store_vectors
from analyzer.store.schema import PairRow
from tests.store.samples import COMPARISON, DIMENSION, ENCODER, make_verdict, pair_up, store_sample


@pytest.fixture
def crowd(sessions):
    """Every pair of 12 signals with random vectors."""
    store_sample(sessions, "a.md", [f"Signal {number} ska göras." for number in range(12)])
    draw = np.random.default_rng(5)
    with sessions.begin() as session:
        active = load_active(session, encoder=ENCODER, dimension=DIMENSION, comparison=COMPARISON)
        vectors = draw.normal(size=(12, DIMENSION)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        store_vectors(session, active.ids.tolist(), vectors, ENCODER)
    pair_up(sessions, {(a, b): make_verdict(0.5) for a in range(12) for b in range(a + 1, 12)})
    return sessions


def oracle(session, pair, decided):
    """Every decided pair's likeness worked out one by one."""

    def vectors(one):
        return [np.frombuffer(side.vector, np.float32).astype(float) for side in (one.a, one.b)]

    a, b = vectors(pair)
    found = []
    for pair_id in decided:
        c, d = vectors(session.get_one(PairRow, pair_id))
        found.append((-max((a @ c + b @ d) / 2, (a @ d + b @ c) / 2), pair_id))
    return [pair_id for likeness, pair_id in sorted(found) if -likeness >= 0.2][:5]


def ask(session, pair_id):
    return [one.pair_id for one in similar_decided(session, session.get_one(PairRow, pair_id), limit=5, least=0.2)]


def test_the_nearest_decided_pairs_are_found_as_decisions_come_and_go(crowd):
    with crowd() as session:
        decided = list(range(2, 40, 2))
        for pair_id in decided:
            decide(session, pair_id, reviewer="Anna", decision="dismiss", reason="time")
        session.commit()
        for pair_id in (1, 5, 61):
            assert ask(session, pair_id) == oracle(session, session.get_one(PairRow, pair_id), decided)
        undo_last(session, "Anna")
        decide(session, 65, reviewer="Bo", decision="confirm")
        session.commit()
        now = [*decided[:-1], 65]
        for pair_id in (1, 5, 61):
            assert ask(session, pair_id) == oracle(session, session.get_one(PairRow, pair_id), now)


def test_what_is_told_is_the_decision_that_stands(crowd):
    with crowd() as session:
        decide(session, 2, reviewer="Anna", decision="dismiss", reason="time", comment="gäller 2024")
        decide(session, 2, reviewer="Bo", decision="unsure")
        undo_last(session, "Bo")
        session.commit()
        (found,) = similar_decided(session, session.get_one(PairRow, 1), least=-1)
        assert (found.act.reviewer, found.act.reason, found.act.comment) == ("Anna", "time", "gäller 2024")


def test_without_vectors_nothing_is_alike(crowd):
    with crowd() as session:
        decide(session, 2, reviewer="Anna", decision="confirm")
        pair = session.scalars(select(PairRow).where(PairRow.id == 1)).one()
        pair.a.vector = None
        assert similar_decided(session, pair, least=-1) == []
        session.rollback()
