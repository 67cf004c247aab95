"""The rough search against brute force: what it fetches, with and without lists."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from analyzer.matching import rough
from analyzer.matching.rough import build_rough, multiply, multiply_bags, multiply_pairs
from tests.matching.test_index import brute_force, clustered


@pytest.mark.parametrize("lists", [False, True])
def test_nearly_all_of_the_best_are_fetched_and_the_same_each_time(
    monkeypatch: pytest.MonkeyPatch, lists: bool
) -> None:
    monkeypatch.setattr(rough, "FLAT_UP_TO", 1000 if lists else 10_000)
    monkeypatch.setattr(rough, "LIST", 100)
    vectors, asking = clustered(8000, 48, 1), clustered(8200, 48, 1)[8000:]
    found = build_rough(lambda at: vectors[at], len(vectors), asking, 20, 0.98)
    assert (found.probed(asking) < 1.0) == lists
    assert np.sort(found.order()).tolist() == list(range(8000))
    fetched, best = found.fetch(asking, 200), brute_force(vectors, asking, 20)
    assert np.mean([np.isin(*both).mean() for both in zip(best, fetched, strict=True)]) >= 0.97
    again = build_rough(lambda at: vectors[at], len(vectors), asking, 20, 0.98)
    np.testing.assert_array_equal(again.fetch(asking, 200), fetched)


def test_rows_that_are_alike_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rough, "FLAT_UP_TO", 1000)
    monkeypatch.setattr(rough, "LIST", 100)
    vectors = clustered(8000, 48, 1)
    order = build_rough(lambda at: vectors[at], 8000, vectors[:200], 20, 0.98).order()
    beside = (vectors[order[1:]] * vectors[order[:-1]]).sum(axis=1).mean()
    assert beside > 5 * abs((vectors[1:] * vectors[:-1]).sum(axis=1).mean())


def test_what_is_not_there_is_none() -> None:
    vectors = clustered(50, 16, 1)
    fetched = build_rough(lambda at: vectors[at], 50, vectors, 5, 0.98).fetch(vectors[:3], 60)
    assert (np.sort(fetched, axis=1)[:, 10:] == np.arange(50)).all() and (np.sort(fetched, axis=1)[:, :10] == -1).all()


def test_products_with_all_columns_and_with_each_rows_own() -> None:
    asking, keys = clustered(7, 8, 1), clustered(40, 8, 2)
    whole = multiply(asking, keys, slice(0, 40))
    np.testing.assert_allclose(whole, asking @ keys.T)
    own = np.random.default_rng(1).integers(0, 40, (7, 5))
    np.testing.assert_allclose(multiply(asking, keys, own), np.take_along_axis(whole, own, axis=1), atol=1e-6)


def test_products_of_each_rows_own_partners() -> None:
    chance = np.random.default_rng(2)
    vectors, block = clustered(40, 8, 1), np.array([3, 30, 7])
    bags = sparse.random(40, 90, density=0.1, format="csr", dtype=np.float32, rng=chance)
    starts, partner = np.array([0, 5, 5, 12]), chance.integers(0, 40, 12)
    row = np.repeat(block, np.diff(starts))
    expected = (vectors[row] * vectors[partner]).sum(axis=1)
    np.testing.assert_allclose(multiply_pairs(vectors, block, starts, partner), expected, atol=1e-6)
    whole = (bags @ bags.T).toarray()[row, partner]
    assert (whole > 0).any() and (whole == 0).any()
    np.testing.assert_allclose(multiply_bags(bags, block, starts, partner), whole, atol=1e-6)
