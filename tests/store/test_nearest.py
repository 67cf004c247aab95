"""Neighbours against a brute-force reading of all vectors."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.store import nearest
from analyzer.store.nearest import nearest_signals, pairs_of
from analyzer.store.pairs import store_vectors
from analyzer.store.schema import DocumentRow
from tests.store.samples import DIMENSION, ENCODER, embed_all, make_verdict, pair_up, store_sample


@pytest.fixture
def vectors(sessions, monkeypatch) -> np.ndarray:
    """Forty signals of two documents with random unit vectors, two of them equal; read seven at a time."""
    monkeypatch.setattr(nearest, "BLOCK", 7)
    for name in ("a.md", "b.md"):
        store_sample(sessions, name, [f"{name} punkt {n} ska göras." for n in range(20)])
    rows = np.random.default_rng(7).normal(size=(40, DIMENSION)).astype(np.float32)
    rows[30] = rows[10]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    with sessions.begin() as session:
        store_vectors(session, list(range(1, 41)), rows, ENCODER)
    return rows


@pytest.mark.parametrize("signal_id", [1, 11, 40])
def test_neighbours_are_those_of_brute_force(sessions, vectors, signal_id):
    similarity = vectors @ vectors[signal_id - 1]
    order = [at + 1 for at in np.argsort(-similarity, kind="stable") if at + 1 != signal_id][:10]
    with sessions() as session:
        found = nearest_signals(session, signal_id)
    assert [one.signal.id for one in found] == order
    assert np.allclose([one.similarity for one in found], similarity[np.array(order) - 1], atol=1e-6)
    assert found[0].signal.document.source in ("a.md", "b.md")


def test_only_active_documents_and_the_same_encoder_count(sessions, vectors):
    with sessions.begin() as session:
        session.get_one(DocumentRow, 2).status = "withdrawn"
        store_vectors(session, [2, 3], vectors[1:3], "another encoder")
    with sessions() as session:
        ids = {one.signal.id for one in nearest_signals(session, 1, most=100)}
    assert ids == set(range(4, 21))


def test_without_a_vector_there_are_none(sessions):
    store_sample(sessions, "a.md", ["Abc ska göras."])
    with sessions() as session:
        assert nearest_signals(session, 1) == [] and nearest_signals(session, 99) == []


def test_the_flags_of_a_signal(sessions):
    store_sample(sessions, "a.md", ["A ska göras.", "B ska göras.", "C ska göras."])
    embed_all(sessions)
    pair_up(sessions, {(0, 1): make_verdict(0.2), (0, 2): make_verdict(0.9), (1, 2): make_verdict(0.5)})
    with sessions() as session:
        assert [list(pairs_of(session, one)) for one in (1, 2, 3)] == [[2, 1], [3, 1], [2, 3]]
