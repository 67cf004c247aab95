"""Large libraries: who is scored against whom, and what is lost against all pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyzer.matching import blocks, candidates, partners, rough
from analyzer.matching.candidates import propose
from analyzer.matching.encoder import load_encoder
from analyzer.matching.landmarks import find_landmarks
from analyzer.matching.library import Library, read_library
from analyzer.matching.partners import Scored, search_partners
from analyzer.records import Side
from tests.matching.test_candidates import library, pairs_of

BY_TIER = np.array([0.0, 0.1, 0.4], dtype=np.float32)


def bank(count: int, seed: int) -> list[Side]:
    """Sides of which some are no longer in force, and one replaces others."""
    sides = library(count, seed)
    for at in range(0, count, 3):
        sides[at] = replace(sides[at], valid_to="2001", document=f"Beslut {at}")
    for at in range(1, count, 3):
        sides[at] = replace(sides[at], valid_from="2002", document=f"Beslut {at}")
    sides[5] = replace(sides[5], document="Nytt beslut", replaces=("Beslut 7", "Beslut 9"))
    return sides


def score_partners(read: Library, rows: np.ndarray) -> list[Scored]:
    """All blocks of a search, one after another."""
    search = search_partners(read, rows)
    return [search.score(block) for block in search.blocks]


def test_small_libraries_and_few_rows_meet_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_library(bank(150, 1), np.arange(150))
    (whole,) = score_partners(read, np.arange(150))
    assert whole.columns is None and whole.rows.tolist() == list(range(150)) and whole.scores.shape == (150, 150)
    monkeypatch.setattr(blocks, "EXACT_CELLS", 100**2)
    assert [scored.columns for scored in score_partners(read, np.arange(5))] == [None]


def test_every_row_of_a_large_library_asks_once_and_finds_its_best(monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_library(bank(500, 2), np.arange(500))
    (exact,) = score_partners(read, np.arange(500))
    monkeypatch.setattr(blocks, "EXACT_CELLS", 100**2)
    monkeypatch.setattr(partners, "FETCHED", 60)
    asked, found, wanted = [], 0, 0
    for scored in score_partners(read, np.arange(500)):
        assert scored.columns is not None and scored.scores.shape == scored.columns.shape == (len(scored.rows), 60)
        asked += scored.rows.tolist()
        np.testing.assert_allclose(scored.scores, exact.scores[scored.rows[:, None], scored.columns], atol=1e-4)
        best = -np.sort(-exact.scores[scored.rows], axis=1)[:, :10]
        wanted += int(np.isfinite(best).sum())
        found += int((np.isfinite(best) & (-np.sort(-scored.scores, axis=1)[:, :10] >= best - 1e-4)).sum())
    assert sorted(asked) == list(range(500))
    assert found / wanted > 0.9


def test_landmarks_tell_tiers_and_times() -> None:
    read = read_library(bank(200, 3), np.arange(200))
    marks, everything = find_landmarks(read, BY_TIER, 1.0), np.arange(200)
    table = read.by_tier(BY_TIER, everything, everything) - ~read.is_open(everything, everything)
    assert np.abs(marks.asking(everything) @ marks.keys.T - table).mean() < 0.02


def test_each_rows_own_columns_are_gated_as_all_are() -> None:
    read, rows = read_library(bank(60, 4), np.arange(60)), np.array([2, 5, 7, 9])
    own = np.random.default_rng(1).integers(0, 60, (4, 30))
    everything = slice(0, 60)
    assert not read.is_open(rows, everything)[1, 7]
    assert (read.is_open(rows, own) == np.take_along_axis(read.is_open(rows, everything), own, axis=1)).all()
    by_tier = read.by_tier(BY_TIER, rows, everything)
    assert (read.by_tier(BY_TIER, rows, own) == np.take_along_axis(by_tier, own, axis=1)).all()
    assert (read.by_tier(BY_TIER, rows, np.arange(10, 40)) == by_tier[:, 10:40]).all()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library counts as large from a few hundred sides on, and as much less is fetched and looked at."""
    monkeypatch.setattr(blocks, "EXACT_CELLS", 200**2)
    monkeypatch.setattr(partners, "FETCHED", 250)
    monkeypatch.setattr(candidates, "LOOKED", 150)


def test_candidates_of_a_large_library_are_nearly_those_of_signals_held_against_all(large: None) -> None:
    sides = bank(400, 4)
    vectors = load_encoder().encode([side.text for side in sides])
    found, again = propose(sides, vectors, neighbours=6), propose(sides, vectors, neighbours=6)
    assert found.a.tolist() == again.a.tolist() and found.rules.tolist() == again.rules.tolist()
    few = [propose(sides, vectors, fresh=np.arange(400) == at, neighbours=6) for at in range(0, 400, 10)]
    exact = set().union(*map(pairs_of, few))
    assert len(exact & pairs_of(found)) / len(exact) > 0.98


@pytest.mark.parametrize("lists", [False, True])
def test_several_threads_find_what_one_finds(large: None, monkeypatch: pytest.MonkeyPatch, lists: bool) -> None:
    sides = bank(400, 5)
    vectors = load_encoder().encode([side.text for side in sides])
    monkeypatch.setattr(candidates, "ASKED", 50)
    monkeypatch.setattr(partners, "TOGETHER", 16)
    if lists:
        monkeypatch.setattr(rough, "FLAT_UP_TO", 100)
        monkeypatch.setattr(rough, "LIST", 40)
    else:
        monkeypatch.setattr(blocks, "EXACT_CELLS", 400**2)
        monkeypatch.setattr(blocks, "CELLS", 10_000)
    one, four = (propose(sides, vectors, neighbours=6, threads=threads) for threads in (1, 4))
    for name in ("a", "b", "rules"):
        np.testing.assert_array_equal(getattr(one, name), getattr(four, name))


def test_rules_look_at_the_likeliest_only_in_a_large_library(large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sides = library(400, 4)
    vectors = load_encoder().encode([side.text for side in sides])
    monkeypatch.setattr(candidates, "LOOKED", 5)
    fewer = propose(sides, vectors)
    monkeypatch.setattr(blocks, "EXACT_CELLS", 400**2)
    whole = propose(sides, vectors)
    assert pairs_of(fewer) < pairs_of(whole)
    assert 0 < len(fewer) <= 5 * 400
    bits = dict(zip(zip(whole.a.tolist(), whole.b.tolist(), strict=True), whole.rules.tolist(), strict=True))
    assert all(bits[pair] == found for pair, found in zip(zip(fewer.a.tolist(), fewer.b.tolist(), strict=True),
                                                          fewer.rules.tolist(), strict=True))  # fmt: skip
