"""Pools of sides and ranks in them, against values worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analyzer.evaluation.pool import make_pool
from analyzer.evaluation.ranking import make_table, rank_file, share_among_first
from analyzer.scoring.pairs import LabelledPair
from tests.scoring.sides import make_side

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "pairs"
OPEN, SHUT, BUOY, LAMP = (
    "Slussen ska vara öppen på helger.",
    "Slussen ska vara stängd på helger.",
    "Hamnen ska lägga ut fyra bojar före islossningen.",
    "Fyren ska målas om.",
)


def test_a_pool_holds_each_side_once_and_crosses_families_only() -> None:
    sides = {text: make_side(text) for text in (OPEN, SHUT, BUOY, LAMP)}
    pairs = [
        LabelledPair("p-01a", sides[OPEN], sides[SHUT]),
        LabelledPair("p-01b", sides[OPEN], sides[BUOY]),
        LabelledPair("p-02a", sides[LAMP], sides[BUOY]),
    ]
    pool = make_pool(pairs)
    assert [side.text for side in pool.sides] == [OPEN, SHUT, BUOY, LAMP]
    assert pool.labelled.tolist() == [[0, 1], [0, 2], [3, 2]]
    # The buoy is in both families, so only the lamp meets strangers.
    assert pool.crossed().tolist() == [[0, 3], [1, 3]]


def test_shares_among_the_first_and_ties_that_do_not_help() -> None:
    wanted = np.array([False, True, False, True])
    assert share_among_first(wanted, np.array([0.1, 0.9, 0.8, 0.7]), 2) == 0.5
    assert share_among_first(wanted, np.array([0.5, 0.5, 0.5, 0.5]), 1) == 0.0
    assert share_among_first(wanted, np.array([0.1, 0.9, 0.8, 0.7]), 9) == 1.0


def test_a_file_is_ranked_without_its_natural_pairs(tmp_path: Path) -> None:
    lines = [
        {"id": "p-01a", "a": {"text": OPEN}, "b": {"text": SHUT}, "type": "contradiction", "grade": 2},
        {"id": "p-02a", "a": {"text": LAMP}, "b": {"text": BUOY}, "type": "none", "grade": 0},
        {"id": "p-03a", "a": {"text": LAMP}, "b": {"text": OPEN}, "type": "none", "grade": 0, "source": "natural"},
    ]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    figures = rank_file(path)
    assert (figures["sides"], figures["pairs"], figures["conflicts"]) == (4, 6, 1)
    assert figures["judge"]["1N"] == {"conflicts": 1.0, "lookalikes": 0.0}
    assert make_table({"own": figures}).row_count == 2


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here; the labelled pairs are no part of the project")
def test_the_judge_finds_hidden_conflicts_far_earlier_than_cosine() -> None:
    figures = rank_file(SHARED / "dev_1.jsonl")
    assert figures["judge"]["2N"]["conflicts"] >= figures["cosine"]["2N"]["conflicts"] + 0.1
