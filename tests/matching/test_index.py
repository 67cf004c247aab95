"""The index against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.matching.index import build_index, neighbours


def clustered(count: int, dimension: int, seed: int) -> np.ndarray:
    """Unit rows in loose clusters, as texts about a few hundred subjects are."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(200, dimension))
    rows = centres[rng.integers(0, 200, count)] + 0.8 * rng.normal(size=(count, dimension))
    return np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def brute_force(vectors: np.ndarray, queries: np.ndarray, k: int) -> np.ndarray:
    scores = queries.astype(np.float64) @ vectors.T.astype(np.float64)
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def test_exact_index_finds_what_brute_force_finds() -> None:
    vectors = clustered(2000, 32, 1)
    queries = vectors[:100]
    scores, ids = neighbours(vectors, queries, 12)
    np.testing.assert_array_equal(ids, brute_force(vectors, queries, 12))
    np.testing.assert_allclose(scores, np.take_along_axis(queries @ vectors.T, ids, axis=1), atol=1e-5)
    assert (np.diff(scores, axis=1) <= 0).all()


def test_inverted_index_recalls_what_the_exact_one_finds() -> None:
    vectors = clustered(12_000, 64, 2)
    index = build_index(vectors, exact_up_to=1000)
    assert not index.exact
    queries = np.ascontiguousarray(vectors[::40])
    truth = brute_force(vectors, queries, 20)
    _, found = index.neighbours(queries, 20)
    recall = np.mean([len(set(a) & set(b)) / 20 for a, b in zip(truth.tolist(), found.tolist(), strict=True)])
    assert recall >= 0.98
    again = build_index(vectors, exact_up_to=1000).neighbours(queries, 20)
    np.testing.assert_array_equal(again[1], found)


def test_ties_go_to_the_lower_number() -> None:
    vectors = np.tile(np.array([[0.6, 0.8]], dtype=np.float32), (5, 1))
    _, ids = neighbours(vectors, vectors[:1], 5)
    assert ids.tolist() == [[0, 1, 2, 3, 4]]


def test_fewer_rows_than_asked_for_are_filled_with_nothing() -> None:
    vectors = np.eye(3, dtype=np.float32)
    scores, ids = neighbours(vectors, vectors[:1], 5)
    assert ids[0, 0] == 0
    assert ids[0, 3:].tolist() == [-1, -1]
    assert np.isneginf(scores[0, 3:]).all()
    scores, ids = neighbours(np.zeros((0, 3), dtype=np.float32), vectors, 2)
    assert (ids == -1).all()


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (np.zeros(4, dtype=np.float32), r"shape \(n, d\), got \(4,\)"),
        (np.zeros((4, 4)), "float32 in C order, got float64"),
        (np.zeros((4, 4), dtype=np.float32).T[:, ::2], "C order"),
        (np.full((2, 2), np.nan, dtype=np.float32), "finite"),
    ],
)
def test_wrong_arrays_are_refused_with_what_arrived(vectors: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_index(vectors)


def test_queries_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"queries must have shape \(n, 3\)"):
        build_index(np.eye(3, dtype=np.float32)).neighbours(np.eye(4, dtype=np.float32), 1)
