"""Stretches of evidence: every proposed one against brute force, edges against a known habit, and the trained model."""

from __future__ import annotations

from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.evaluation.spans import token_f1
from analyzer.scoring import load_judge
from analyzer.scoring.edges import Edges, edge_clues, word_stems
from analyzer.scoring.pairs import LabelledPair
from analyzer.scoring.stretches import NAMES, SHARPNESS, Stretches, load_stretches, overlaps, propose, save_stretches
from analyzer.second_reader import Mark, Reading
from models.train.judge_stretches import fit_edges, fit_stretches, fit_weights, side_tasks
from tests.scoring.sides import make_side

WORDS = [
    "Under",
    "2026",
    "ska",
    "enheten",
    "hålla",
    "receptionen",
    "öppen",
    "alla",
    "dagar,",
    "om",
    "inget",
    "annat",
    "beslutas.",
]


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=10))
def test_the_best_by_brute_force_are_proposed_first(chances: list[float]) -> None:
    weights = np.array(chances) ** SHARPNESS
    every = [
        2 * weights[one : other + 1].sum() / (other + 1 - one + weights.sum())
        for one, other in combinations_with_replacement(range(len(chances)), 2)
    ]
    first, last, gains = propose(np.array(chances), 5)
    assert gains == pytest.approx(sorted(every, reverse=True)[:5])
    assert (first <= last).all()


def test_overlaps_are_the_f1_of_the_words() -> None:
    first, last = np.array([0, 2, 1, 4]), np.array([3, 5, 1, 4])
    masks = [np.isin(np.arange(6), range(one, other + 1)) for one, other in zip(first, last, strict=True)]
    np.testing.assert_allclose(overlaps(first, last), [[token_f1(one, other) for other in masks] for one in masks])


def test_clues_tell_words_by_their_neighbours() -> None:
    clues = edge_clues(WORDS, frozenset(word_stems(["receptionen"])), "contradiction")
    assert clues.shape[0] == len(WORDS) and clues.dtype == np.uint32
    np.testing.assert_array_equal(clues, edge_clues(WORDS, frozenset(word_stems(["receptionen"])), "contradiction"))
    changed = edge_clues([*WORDS[:-1], "sägs."], frozenset(word_stems(["receptionen"])), "contradiction")
    np.testing.assert_array_equal(clues[:-3], changed[:-3])
    assert (clues[-3:] != changed[-3:]).any(1).all()


def test_edges_learn_where_evidence_begins_and_ends() -> None:
    pairs = [_pair(number) for number in range(40)]
    edges = fit_edges(list(side_tasks(pairs)), seed=1)
    task = next(iter(side_tasks([_pair(77)])))
    odds = edges.odds(task.words, task.other, task.kind)
    assert odds.argmax(0).tolist() == [task.first, task.last]


def test_weights_prefer_what_was_right() -> None:
    chooser = np.random.default_rng(1)
    rows = []
    for _ in range(60):
        named = chooser.normal(size=(30, len(NAMES)))
        rows.append((named, 1 / (1 + np.exp(-2 * named[:, 3]))))
    weights = fit_weights(rows)
    assert weights.argmax() == 3 and weights[3] > 5 * np.abs(np.delete(weights, 3)).max()


def test_the_whole_is_learned_from_pairs_and_readings(tmp_path: Path) -> None:
    pairs = [_pair(number) for number in range(40)]
    stretches = fit_stretches(pairs, pairs, [_reading(pair) for pair in pairs], seed=1)
    save_stretches(stretches, tmp_path)
    again = load_stretches(tmp_path)
    np.testing.assert_array_equal(again.weights, stretches.weights)
    np.testing.assert_array_equal(again.edges.weights, stretches.edges.weights)
    task = next(iter(side_tasks([_pair(77)])))
    chances = np.where(np.arange(len(task.words)) == task.last - 1, 0.9, 0.2)
    assert again.choose(task.words, chances, task.other, task.kind) == (task.first, task.last)


def test_words_that_the_reader_did_not_reach_are_not_chosen() -> None:
    stretches = load_judge().classifier.stretches
    chances = np.array([0.5] * 4 + [0.0] * (len(WORDS) - 4))
    assert stretches.choose(WORDS, chances, frozenset(), "contradiction")[1] < 4
    assert stretches.choose(["Öppet."], np.array([0.0]), frozenset(), "contradiction") == (0, 0)


def test_without_weights_the_stretch_shares_most_with_all() -> None:
    nothing = Edges(np.array([0], np.uint32), np.zeros((1, 2), np.float32), np.zeros(2, np.float32))
    chances = np.array([0.1, 0.9, 0.9, 0.1])
    first, last, _ = propose(chances)
    best = int(overlaps(first, last).sum(1).argmax())
    chosen = Stretches(nothing, np.zeros(len(NAMES))).choose(["a", "b", "c", "d"], chances, frozenset(), "target")
    assert chosen == (first[best], last[best])


def _pair(number: int) -> LabelledPair:
    """A conflict whose evidence runs from "ska" to the word before "eftersom"."""
    subject, thing = f"Enhet {number % 7}", ("receptionen", "garaget", "arkivet")[number % 3]
    said, denied = f"ska hålla {thing} öppet", f"ska hålla {thing} stängt"
    a = make_side(f"{subject} i Tallvik {said} eftersom många söker sig dit.")
    b = make_side(f"Chefen i Tallvik {denied} eftersom läget kräver det.")
    return LabelledPair(f"p-{number}", a, b, "contradiction", 2, said, denied)


def _reading(pair: LabelledPair) -> Reading:
    """Marks that point at the evidence's third word alone."""
    marks = []
    for side, evidence in ((pair.a, pair.evidence_a), (pair.b, pair.evidence_b)):
        marked, place = [], 0
        for word in side.text.split():
            place = side.text.index(word, place)
            strong = evidence is not None and word == evidence.split()[2]
            marked.append(Mark(place, place + len(word), 0.9 if strong else 0.2))
            place += len(word)
        marks.append(tuple(marked))
    return Reading(2.0, (1.0, 0.0, 0.0, 0.0, 0.0, 0.0), 0.1, *marks)
