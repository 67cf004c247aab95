"""Large libraries in parts: who is scored against whom, and what is lost against all pairs."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.matching import neighbourhoods
from analyzer.matching.candidates import propose
from analyzer.matching.encoder import load_encoder
from analyzer.matching.neighbourhoods import Listed, score_blocks
from tests.matching.test_candidates import library, pairs_of
from tests.matching.test_index import clustered


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library counts as large from a few hundred sides on."""
    monkeypatch.setattr(neighbourhoods, "EXACT_CELLS", 200**2)
    monkeypatch.setattr(neighbourhoods, "LIST", 20)
    monkeypatch.setattr(neighbourhoods, "REACHED", 400)
    monkeypatch.setattr(neighbourhoods, "REACH", 250)


def blocks_of(vectors: np.ndarray, rows: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, Listed | None]]:
    def ask(block: np.ndarray) -> np.ndarray:
        return vectors[block]

    return list(score_blocks(ask, vectors, rows, lambda block, columns: ask(block) @ vectors[columns].T))


def test_small_libraries_and_few_rows_meet_everything(large: None) -> None:
    vectors = clustered(150, 16, 1)
    ((block, scores, columns),) = blocks_of(vectors, np.arange(150))
    assert columns is None and block.tolist() == list(range(150))
    np.testing.assert_allclose(scores, vectors @ vectors.T, atol=1e-5)
    assert [columns for _, _, columns in blocks_of(clustered(2000, 16, 1), np.arange(5))] == [None]


def test_every_row_of_a_large_library_asks_once_and_finds_most_of_its_nearest(large: None) -> None:
    vectors = clustered(1000, 16, 2)
    exact = np.argsort(-vectors @ vectors.T, axis=1)[:, :10]
    asked, found = [], 0
    for block, scores, columns in blocks_of(vectors, np.arange(1000)):
        assert columns is not None
        asked += block.tolist()
        at, place = np.nonzero(np.isfinite(scores))
        column = columns.column(at, place)
        for number, row in enumerate(block.tolist()):
            mine, values = column[at == number], scores[number, place[at == number]]
            assert len(set(mine.tolist())) == len(mine) > 0
            np.testing.assert_allclose(values, vectors[mine] @ vectors[row], atol=1e-5)
            found += int(np.isin(exact[row], mine).sum())
    assert sorted(asked) == list(range(1000))
    assert found / exact.size > 0.9


def test_candidates_of_a_large_library_are_nearly_those_of_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = library(400, 4)
    vectors = load_encoder().encode([side.text for side in bank])
    exact = pairs_of(propose(bank, vectors, neighbours=6))
    monkeypatch.setattr(neighbourhoods, "EXACT_CELLS", 200**2)
    monkeypatch.setattr(neighbourhoods, "LIST", 20)
    monkeypatch.setattr(neighbourhoods, "REACHED", 400)
    monkeypatch.setattr(neighbourhoods, "REACH", 250)
    found = propose(bank, vectors, neighbours=6)
    again = propose(bank, vectors, neighbours=6)
    assert found.a.tolist() == again.a.tolist() and found.rules.tolist() == again.rules.tolist()
    assert len(exact & pairs_of(found)) / len(exact) > 0.9
